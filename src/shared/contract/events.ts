import type { LiveRunData } from '../live-run.ts'
import type { RunEvent } from '../model/progress.ts'
import type { ErrorMessage } from './errors.ts'
import type { ExportProgress } from './exchange.ts'

/** What every watcher is told. */
export type LabEvent =
  /** What is known of the run that is going on, or went on last; null where there was none. */
  | { readonly type: 'present'; readonly run: LiveRunData | null }
  | { readonly type: 'run'; readonly event: RunEvent }
  /** Something has gone wrong that nobody asked for. */
  | { readonly type: 'problem'; readonly error: ErrorMessage }
  /** Saved runs have come, gone or changed. */
  | { readonly type: 'runs-changed' }
  /** A file is being written. */
  | { readonly type: 'export-progress'; readonly progress: ExportProgress }
  /** The user has chosen something in the app's menu. Desktop alone. */
  | { readonly type: 'command'; readonly command: MenuCommand }
  | { readonly type: 'plan-opened'; readonly plan: unknown }

export const menuCommands = [
  'new-comparison',
  'start',
  'stop',
  'show-lab',
  'show-experiments',
  'show-runs',
] as const
export type MenuCommand = (typeof menuCommands)[number]
