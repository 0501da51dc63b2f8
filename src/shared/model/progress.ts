import type { Configuration, PhaseName, Run, Trial } from './run.ts'

/** What a run tells those who watch it. `live` comes at most ten times a second. */
export type RunEvent =
  | {
      readonly type: 'run-started'
      readonly runId: number
      readonly configurations: readonly Configuration[]
      readonly trialsPlanned: number
    }
  /** What is done before the first trial, in words. */
  | { readonly type: 'preparing'; readonly what: string }
  | {
      readonly type: 'trial-started'
      readonly ordinal: number
      readonly index: number
      readonly warmUp: boolean
      readonly configuration: Configuration
    }
  | { readonly type: 'phase'; readonly name: PhaseName }
  | { readonly type: 'live'; readonly live: LiveReading }
  | { readonly type: 'trial-ended'; readonly trial: Trial; readonly configuration: Configuration }
  | { readonly type: 'run-ended'; readonly run: Run }

/** The latest of each figure while a trial runs; null where there is none yet. */
export interface LiveReading {
  /** Busy fraction by core, 0–1. */
  readonly busy: readonly (number | null)[]
  readonly treeRssBytes: number | null
  readonly treeCpuShare: number | null
  readonly tasksDone: number
}
