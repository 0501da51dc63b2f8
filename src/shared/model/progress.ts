import type { Comparison } from './comparison.ts'
import type { Warning } from './environment.ts'
import type { Findings } from './findings.ts'
import type { Plan } from './plan.ts'
import type { Configuration, EndedRun, PhaseName, Trial } from './run.ts'

/** What a run tells those who watch it. `live` comes at most ten times a second. */
export type RunEvent =
  | {
      readonly type: 'run-started'
      readonly runId: number
      readonly plan: Plan
      readonly configurations: readonly Configuration[]
      readonly trialsPlanned: number
      /** Logical cores of the machine: the rows of the heat map. */
      readonly cores: number
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
  /** `t_ms` from the start of the trial; that of `work` is the release of the barrier. */
  | { readonly type: 'phase'; readonly name: PhaseName; readonly t_ms: number }
  | { readonly type: 'live'; readonly live: LiveReading }
  | { readonly type: 'trial-ended'; readonly trial: Trial; readonly configuration: Configuration }
  /** All that makes the run's figures less sure, as far as it is known: told again where more has come. */
  | { readonly type: 'warned'; readonly warnings: readonly Warning[] }
  /** The models beside each other, from the trials that have ended so far. */
  | { readonly type: 'compared'; readonly comparison: Comparison }
  /** What the experiment has shown so far. */
  | { readonly type: 'found'; readonly findings: Findings }
  | { readonly type: 'run-ended'; readonly run: EndedRun }

/** The latest of each figure at one instant of a trial; null where there is none. */
export interface LiveReading {
  /** ms from the start of the trial. */
  readonly t_ms: number
  /** Busy fraction by core, 0–1. */
  readonly busy: readonly (number | null)[]
  /** The part of it that is the work of the trial's own workers, by core, 0–1. */
  readonly workersBusy: readonly (number | null)[]
  /** Of host and workers together. */
  readonly treeRssBytes: number | null
  /** Proportional and private memory of host and workers together, as last read; null where the platform has none. */
  readonly treePssBytes: number | null
  readonly treeUssBytes: number | null
  /** Of the host's process; under `threads` that is all there is. */
  readonly hostRssBytes: number | null
  readonly treeCpuShare: number | null
  readonly tasksDone: number
  /** When that was told, in ms from the start of the trial; null before. */
  readonly tasksAt_ms: number | null
  readonly workers: readonly LiveWorker[]
  /** CPU time of what samples, records and shows, over the last second or so; null where it is not known. */
  readonly observer: ObserverShares | null
}

/** What watching costs, by part; of one core. */
export interface ObserverShares {
  readonly total: number
  readonly sampling: number
  readonly recording: number
  readonly shell: number
}

export const workerStates = ['starting', 'ready', 'working', 'done', 'ending'] as const
export type WorkerState = (typeof workerStates)[number]

export interface LiveWorker {
  readonly processId: number | null
  /** Node's number of the worker thread; 0 for the main thread of a process. */
  readonly threadId: number | null
  readonly state: WorkerState
  readonly tasks: number
  readonly cpuShare: number | null
  /** Resident set of its process; null where it has none of its own. */
  readonly rssBytes: number | null
  readonly heapUsedBytes: number | null
  /** The core it was last seen on. */
  readonly lastCore: number | null
}
