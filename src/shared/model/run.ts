import type { Environment, Warning } from './environment.ts'
import type { Model, Runtime, Scheduling } from './execution-model.ts'
import type { Observations } from './experiment.ts'
import type { Interpreter } from './interpreter.ts'
import type { MetricKey, MetricSummary, TrialMetrics } from './metric.ts'
import type { Plan } from './plan.ts'
import { isModulePath, type ParameterValues } from './workload.ts'

export const runStatuses = ['running', 'done', 'failed', 'interrupted'] as const
export type RunStatus = (typeof runStatuses)[number]

/** `void`: ended, with a wrong result; shown and stored, never compared. */
export type TrialStatus = 'running' | 'done' | 'failed' | 'void' | 'interrupted'

/** What a bar in a chart stands for: one way to execute one workload. */
export interface Configuration {
  readonly id: number
  readonly workload: string
  readonly parameters: ParameterValues
  readonly runtime: Runtime
  /** Which Python it is; null where the runtime is none. */
  readonly interpreter: Interpreter | null
  readonly model: Model
  readonly workers: number
  readonly scheduling: Scheduling
  /** What sets it apart beside the model: a start method, a transport, a kind of failure, in words joined by ", "; null where nothing does. */
  readonly variant: string | null
  /** What the user's own module was: the first digits of its SHA-256; null where it is none. */
  readonly content: string | null
}

/** A configuration as it is planned, before a run has read its module. */
export type PlannedConfiguration = Omit<Configuration, 'id' | 'content'>

export type PhaseName = 'baseline' | 'spawn' | 'barrier' | 'work' | 'teardown'

/** Times are ms from the start of the trial, on the monotonic clock. */
export interface Phase {
  readonly name: PhaseName
  /** The worker it belongs to, counted from 0; null for the trial as a whole. */
  readonly worker: number | null
  readonly start_ms: number
  readonly end_ms: number
}

export interface WorkerRecord {
  readonly index: number
  readonly process_id: number
  /** Node's number of the worker thread; 0 for the main thread of a process. */
  readonly thread_id: number
  /** The system's number of the thread that does its tasks; null where it is not known. */
  readonly os_thread_id: number | null
  readonly tasks: number
  /** Time spent inside tasks, in ms. */
  readonly busy_ms: number
  /** CPU time in the work window: of the process, or of the thread. */
  readonly cpu_ms: number | null
  /** Null inline, where nothing is started. */
  readonly spawn_ms: number | null
  readonly teardown_ms: number | null
  /** Of its process; null for a thread, which has none of its own. */
  readonly rss_bytes: number | null
  readonly pss_bytes: number | null
  readonly uss_bytes: number | null
  readonly heap_used_bytes: number | null
  /** Of its thread in the work window; null where the platform does not count them. */
  readonly voluntary_switches: number | null
  readonly involuntary_switches: number | null
  /** Times it was seen on another core than in the sample before. */
  readonly migrations: number | null
}

/** RSS counts a page that processes share once for each of them; PSS splits it among them. */
export type MemoryBasis = 'rss' | 'pss'

export interface Trial {
  readonly id: number
  readonly configuration_id: number
  /** Place in the order of execution, from 0, warm-ups included. */
  readonly ordinal: number
  /** Number among the trials (or among the warm-ups) of its configuration, from 0. */
  readonly index: number
  readonly warm_up: boolean
  readonly status: TrialStatus
  /** Why it is not `done`; null where it is. */
  readonly reason: string | null
  readonly started_at: string
  /** ms from the start of the trial to the release of the barrier; null where it was not reached. */
  readonly released_ms: number | null
  readonly tasks_done: number
  /** What `memory_per_worker_bytes` was found from; null where it was not. */
  readonly memory_basis: MemoryBasis | null
  readonly metrics: TrialMetrics
  /** What a probe saw, or the stack of an error in the user's own code; null where there is neither. */
  readonly observations: Observations | null
  readonly phases: readonly Phase[]
  readonly workers: readonly WorkerRecord[]
}

/** What has been done with a run since it was made. */
export interface RunUpkeep {
  readonly tags: readonly string[]
  /** Others of its workload are held against it. */
  readonly is_baseline: boolean
  /** Its samples are never thinned. */
  readonly is_kept: boolean
  /** When its samples were thinned to the overview; null while they are whole. */
  readonly thinned_at: string | null
  /** What its samples take, packed. */
  readonly sample_bytes: number
  /** When it was imported; null for one of this database's own. */
  readonly imported_at: string | null
}

/** Of a run that has just begun. */
export const untouched: RunUpkeep = {
  tags: [],
  is_baseline: false,
  is_kept: false,
  thinned_at: null,
  sample_bytes: 0,
  imported_at: null,
}

/** A run as the list of runs shows it. */
export interface RunSummary extends RunUpkeep {
  readonly id: number
  readonly uid: string
  readonly label: string
  readonly notes: string
  readonly status: RunStatus
  readonly reason: string | null
  readonly plan: Plan
  readonly started_at: string
  readonly ended_at: string | null
  readonly trials_done: number
  readonly trials_planned: number
  /** Name of the machine it ran on; null where its environment was not read. */
  readonly machine: string | null
}

/** A run with all that was kept of it but its samples, which are read apart. */
export interface Run extends RunSummary {
  readonly configurations: readonly Configuration[]
  readonly trials: readonly Trial[]
  readonly environment: Environment | null
  readonly environment_after: Environment | null
  readonly warnings: readonly Warning[]
}

/** What is told of a run at its end: its trials have been told one by one. */
export type EndedRun = Omit<Run, 'trials'>

export interface ConfigurationSummary {
  readonly configuration: Configuration
  readonly counted: readonly Trial[]
  readonly metrics: Readonly<Partial<Record<MetricKey, MetricSummary>>>
}

/** Whether its trials were procedures of an experiment's own, whose figures are no metrics. */
export function ranProbe({ plan, trials }: Pick<Run, 'plan' | 'trials'>): boolean {
  // Of a module that failed the stack is kept among the observations, of a cluster what it tells of itself.
  return (
    !isModulePath(plan.workload) &&
    trials.some(({ observations, workers }) => observations !== null && workers.length === 0)
  )
}
