import * as z from 'zod'
import type { LibraryState, Thinned } from '../model/library.ts'
import type { ExportOutcome } from './exchange.ts'
import { method, nothing } from './method.ts'

/** The saved runs as a whole. */
export const libraryMethods = {
  /** The database as a whole. */
  library: method<LibraryState>()(nothing),
  setPolicy: method<LibraryState>()(
    z.strictObject({ thin_after_days: z.int().min(1).max(36_500).nullable() }),
  ),
  /** Thins, now, what the policy says. */
  thin: method<Thinned>()(nothing),
  /** Gives the space of what was deleted back to the system. */
  compact: method<LibraryState>()(nothing),
  /** Hands out a copy of the database, while it is in use. */
  backup: method<ExportOutcome>()(nothing),
} as const
