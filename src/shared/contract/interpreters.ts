import * as z from 'zod'
import type { FoundInterpreter } from '../model/found-interpreter.ts'
import { method, nothing } from './method.ts'

const interpreterPath = z.string().min(1).max(4096)

/** The Pythons that work can be run by. */
export const interpreterMethods = {
  /** The Pythons of this machine, the most likely to be meant first, with those that cannot be used and why. */
  interpreters: method<readonly FoundInterpreter[]>()(nothing),
  /** Adds one that is not found by itself: its path, or the folder of its environment. */
  addInterpreter: method<FoundInterpreter>()(z.strictObject({ path: interpreterPath })),
  /** Takes back what was added: the list as it is now. */
  removeInterpreter: method<readonly FoundInterpreter[]>()(
    z.strictObject({ path: interpreterPath }),
  ),
} as const
