import type { LiveTrial } from '../../shared/live-run.ts'
import { type Model, modelTraits } from '../../shared/model/execution-model.ts'
import type { LiveReading, WorkerState } from '../../shared/model/progress.ts'
import type { Configuration, PhaseName, Trial, WorkerRecord } from '../../shared/model/run.ts'
import type { Timeline } from '../../shared/timeline.ts'

/** A trial as a column shows it, live or from the library. */
export interface ShownTrial {
  readonly configuration: Configuration
  readonly ordinal: number
  readonly index: number
  readonly warmUp: boolean
  /** Null when it has ended. */
  readonly phase: PhaseName | 'starting' | null
  readonly ended: Trial | null
  readonly timeline: Timeline
  /** ms from the start of the trial to the release of the barrier; null before it. */
  readonly releasedMs: number | null
  readonly reading: LiveReading | null
}

/** A live trial is read through this, so that it is always the latest of it that is shown. */
export function shownLive(trial: LiveTrial): ShownTrial {
  return {
    configuration: trial.configuration,
    ordinal: trial.ordinal,
    index: trial.index,
    warmUp: trial.warmUp,
    timeline: trial.timeline,
    get phase() {
      return trial.phase
    },
    get ended() {
      return trial.ended
    },
    get releasedMs() {
      return trial.releasedMs
    },
    get reading() {
      return trial.reading
    },
  }
}

export function shownSaved(
  trial: Trial,
  configuration: Configuration,
  timeline: Timeline,
): ShownTrial {
  return {
    configuration,
    ordinal: trial.ordinal,
    index: trial.index,
    warmUp: trial.warm_up,
    phase: null,
    ended: trial,
    timeline,
    releasedMs: trial.released_ms,
    reading: null,
  }
}

/**
 * Where a trial's time 0 lies on the common axis: at the release of the barrier. While that is still
 * to come it lies at the present, which slides; where it was never reached, at the start of the trial.
 */
export function originOf({ releasedMs, timeline, ended }: ShownTrial): number {
  if (releasedMs === null && ended !== null) return 0
  return releasedMs ?? (timeline.length > 0 ? (timeline.t[timeline.length - 1] as number) : 0)
}

/** One row of the table of workers. */
export interface WorkerRow {
  readonly processId: number | null
  readonly threadId: number | null
  readonly state: WorkerState | 'ended' | null
  readonly tasks: number | null
  readonly cpuShare: number | null
  readonly memoryBytes: number | null
  readonly pssBytes: number | null
  /** The core it was last seen on, while it goes. */
  readonly lastCore: number | null
  /** In the work window, known at its end: voluntary and involuntary ones together. */
  readonly switches: number | null
  readonly migrations: number | null
}

/**
 * The workers of a trial.
 *
 * @param x ms from the release of the barrier; null for the latest
 */
export function workersAt(trial: ShownTrial, x: number | null): WorkerRow[] {
  const { timeline, reading, ended, configuration } = trial
  // At its end a trial knows better than its last sample.
  if (x === null && ended !== null && ended.workers.length > 0)
    return ended.workers.map((worker) => rowAtEnd(ended, configuration.model, worker))
  const slot = x === null ? timeline.length - 1 : timeline.slotAt(x + originOf(trial))
  return Array.from({ length: timeline.workers }, (_, index) => {
    const at = slot * timeline.workers + index
    const live = reading?.workers[index]
    const kept = ended?.workers[index]
    const slotValue = (values: Float32Array) => (slot < 0 ? null : orNull(values[at]))
    return {
      processId: live?.processId ?? kept?.process_id ?? null,
      threadId: live?.threadId ?? kept?.thread_id ?? null,
      state: x !== null ? null : ended === null ? (live?.state ?? null) : 'ended',
      tasks: slotValue(timeline.workerTasks),
      cpuShare: slotValue(timeline.workerCpu),
      memoryBytes: slotValue(timeline.workerMemory),
      pssBytes: null,
      lastCore: x === null ? (live?.lastCore ?? null) : null,
      switches: null,
      migrations: null,
    }
  })
}

/** Its CPU is the mean over the work window. */
function rowAtEnd(
  { metrics: { wall_ms: wall } }: Trial,
  model: Model,
  worker: WorkerRecord,
): WorkerRow {
  const { process_id, thread_id, tasks, cpu_ms, rss_bytes, pss_bytes, heap_used_bytes } = worker
  const { voluntary_switches: voluntary, involuntary_switches: involuntary } = worker
  return {
    lastCore: null,
    processId: process_id,
    threadId: thread_id,
    state: 'done',
    tasks,
    cpuShare: cpu_ms === null || typeof wall !== 'number' ? null : cpu_ms / wall,
    memoryBytes: modelTraits[model].separateProcesses ? rss_bytes : heap_used_bytes,
    pssBytes: pss_bytes,
    switches: voluntary === null || involuntary === null ? null : voluntary + involuntary,
    migrations: worker.migrations,
  }
}

export function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}
