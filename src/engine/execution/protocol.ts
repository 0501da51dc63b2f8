import type { Model, Scheduling } from '../../shared/model/execution-model.ts'
import type { Observations } from '../../shared/model/experiment.ts'
import type { ParameterValues } from '../../shared/model/workload.ts'
import type { OwnExports } from '../workloads/workload.ts'
import type { TaskTimes } from './worker/task-times.ts'

/*
 * What lab, host and workers say to each other. Plain JSON, so that a host need not be Node: it is
 * forked with a channel of newline-delimited JSON. All times are of the shared monotonic clock, in ms.
 */

/** One trial, as the host gets it. */
export interface TrialSpec {
  /** Of the workload, or of the probe that is run in its stead. */
  readonly workload: string
  readonly isProbe: boolean
  readonly variant: string | null
  readonly parameters: ParameterValues
  readonly seed: number
  readonly model: Model
  readonly workers: number
  readonly scheduling: Scheduling
  /** One of the two is a number. */
  readonly tasks: number | null
  readonly durationMs: number | null
  readonly intervalMs: number
  /** How long the host is watched alone before it starts workers. */
  readonly baselineMs: number
  /** Expected checksum of task i at `i % length`, or null where the kernel verifies. */
  readonly expected: readonly number[] | null
  readonly folder: string | null
  readonly serverPort: number | null
  /** What the module exports, where the workload is the path of one of the user's own. */
  readonly own?: OwnExports | undefined
  /** Folder of kernels that were compiled for it; null where there are none. */
  readonly kernels?: string | null
  /** Of a Dask that is there already; null where one is started here. */
  readonly scheduler?: string | null
  /** Whether the workload has data that workers share where they can; left out where it has none. */
  readonly sharesData?: boolean
}

/** Phases after which a trial waits, so that what is dear to read is read while nothing is measured. */
export type LookedAtPhase = 'baseline' | 'barrier' | 'work'

/** Where a worker's tasks are done. */
export interface WorkerIdentity {
  readonly processId: number
  /** Number of the worker thread as its runtime counts; 0 for the main thread of a process. */
  readonly threadId: number
  /** The system's number of that thread; null where it is not to be had. */
  readonly osThreadId: number | null
}

/** What a worker reads of itself between two tasks. */
export interface WorkerReport {
  readonly at: number
  readonly tasks: number
  /** CPU time since its start: of the process, or of the thread. */
  readonly cpuMs: number
  /** Resident set of its process; null in a thread, which has none of its own. */
  readonly rssBytes: number | null
  /** Null where the runtime has no such figure. */
  readonly heapUsedBytes: number | null
}

/** What a worker did in the work window. */
export interface WorkerSummary {
  readonly startedAt: number
  readonly endedAt: number
  readonly tasks: number
  /** Sum of the numbers of its tasks: shows a task done twice or left out. */
  readonly indexSum: number
  readonly wrong: number
  readonly firstWrong: { readonly index: number; readonly found: number } | null
  readonly busyMs: number
  readonly cpuMs: number
  readonly voluntarySwitches: number
  readonly involuntarySwitches: number
  readonly rssBytes: number | null
  readonly heapUsedBytes: number | null
  readonly times: TaskTimes
}

export interface FailureReport {
  readonly message: string
  /** The task it happened in, where it was in one. */
  readonly task: number | null
  /** Frames of the user's own files, the innermost first, where it was in a module of theirs. */
  readonly frames?: readonly string[]
}

export type LabToHost =
  | {
      readonly type: 'start'
      readonly spec: TrialSpec
      /** When it is sent: a host whose clock is another's sets its own by it. */
      readonly at: number
    }
  /** What there was to see has been seen. */
  | { readonly type: 'go-on' }

export type HostToLab =
  | {
      readonly type: 'phase'
      readonly name: 'baseline' | 'spawn' | 'barrier' | 'teardown'
      readonly at: number
    }
  /** Who the workers are, once all are ready. */
  | { readonly type: 'crew'; readonly workers: readonly WorkerIdentity[] }
  | { readonly type: 'released'; readonly at: number }
  | HostReport
  /** A phase is over and everything still there: the host waits until that has been looked at. */
  | { readonly type: 'look'; readonly after: LookedAtPhase }
  | { readonly type: 'finished'; readonly result: HostResult }
  /** The trial of a probe has come to its end. */
  | { readonly type: 'observed'; readonly result: ProbeResult }
  | { readonly type: 'failed'; readonly reason: string; readonly frames?: readonly string[] }

export interface HostReport {
  readonly type: 'report'
  readonly at: number
  /** Null where the runtime cannot tell. */
  readonly rssBytes: number | null
  /** CPU time of the host's whole process since its start. */
  readonly cpuMs: number
  readonly workers: CrewReport
}

/**
 * What each worker said last, a list for each figure: with many workers it takes half as long to write
 * and to read as a list of reports does.
 */
export interface CrewReport {
  /** Null for a worker that has not reported yet; what stands in the other lists is void then. */
  readonly at: readonly (number | null)[]
  readonly tasks: readonly number[]
  readonly cpuMs: readonly number[]
  readonly rssBytes: readonly (number | null)[]
  readonly heapUsedBytes: readonly (number | null)[]
  /** Whether it has done its last task. */
  readonly isDone: readonly boolean[]
}

export interface HostWorker extends WorkerIdentity {
  readonly startCalledAt: number
  readonly readyAt: number
  readonly endCalledAt: number
  readonly exitedAt: number
  readonly summary: WorkerSummary
  /** When its tasks began and ended, as `TaskSpansRecorder` writes it; null where it has not told. */
  readonly spans: string | null
}

export interface HostResult {
  readonly baselineFrom: number
  readonly baselineTo: number
  readonly baselineRssBytes: number | null
  readonly allReadyAt: number
  readonly releasedAt: number
  readonly workers: readonly HostWorker[]
  /** Of the host's process in the work window, its worker threads included. */
  readonly hostCpuMs: number
  readonly hostVoluntarySwitches: number
  readonly hostInvoluntarySwitches: number
  readonly hostRssBytes: number | null
  readonly hostDelayP99Ms: number
  /** What an engine that does the work tells of itself besides. */
  readonly observations?: Observations
}

/** What the trial of a probe has come to. */
export interface ProbeResult {
  readonly baselineFrom: number
  readonly preparedFrom: number
  readonly begunAt: number
  readonly endedAt: number
  readonly observations: Observations
}

/** Which tasks a worker does. `dynamic` gets them by messages. */
export type Assignment =
  | { readonly how: 'range'; readonly from: number; readonly to: number }
  | {
      readonly how: 'until'
      readonly first: number
      readonly step: number
      readonly durationMs: number
    }
  | { readonly how: 'dynamic' }

/** Tasks of consecutive numbers, from `from` to the one before `to`. */
export interface Batch {
  readonly from: number
  readonly to: number
}

/** What came of a batch. Where there are fewer checksums than tasks, the worker gave up the rest. */
export interface BatchAnswer {
  readonly checksums: readonly number[]
  readonly longestMs: number
  /** What the tasks of a module of the user's own returned. */
  readonly outputs?: readonly unknown[]
}

export type HostToWorker =
  /** The next of a dynamic assignment. */
  | ({ readonly type: 'tasks'; readonly inputs?: readonly unknown[] } & Batch)
  | {
      readonly type: 'prepare'
      readonly worker: number
      readonly spec: TrialSpec
      /** Made by the host, where its workers share its memory; else null. */
      readonly sharedData: SharedArrayBuffer | null
    }
  | {
      readonly type: 'go'
      readonly assignment: Assignment
      /** Those of its tasks in turn, where a module of the user's own makes them. */
      readonly inputs?: readonly unknown[]
    }
  /** The outputs that a receipt was asked for are here. */
  | { readonly type: 'received' }
  | { readonly type: 'no-more-tasks' }
  /** The work is over and measured: now there is time to tell of single tasks. */
  | { readonly type: 'tell-spans' }
  /** What a worker has sent, sent back. */
  | { readonly type: 'exchanged'; readonly payload: string }
  | { readonly type: 'exit' }

export type WorkerToHost =
  /** Asks for the next, too. */
  | ({ readonly type: 'answer' } & BatchAnswer)
  | ({ readonly type: 'ready' } & WorkerIdentity)
  | { readonly type: 'prepared' }
  | ({ readonly type: 'progress' } & WorkerReport)
  /** What a task of the user's own module returned. */
  | { readonly type: 'output'; readonly output: unknown; readonly wantsReceipt: boolean }
  /** Asks for the same text back: answers come in the order of the questions. */
  | { readonly type: 'exchange'; readonly payload: string }
  | { readonly type: 'done'; readonly summary: WorkerSummary }
  | { readonly type: 'spans'; readonly spans: string }
  | ({ readonly type: 'failed' } & FailureReport)
