import { type Model, modelTraits } from '../../shared/model/execution-model.ts'
import type { Phase, WorkerRecord } from '../../shared/model/run.ts'
import type { TaskSpans } from '../../shared/recorded.ts'
import {
  type MeasuredTrial,
  memoryBasis,
  type ObservedTrial,
  trialMetrics,
  windowEnd,
  windowOf,
} from '../analysis/trial-metrics.ts'
import type { HostResult, ProbeResult, TrialSpec } from '../execution/protocol.ts'
import { spansIn } from '../execution/worker/task-spans.ts'
import { taskPercentiles } from '../execution/worker/task-times.ts'
import type { EndedTrial } from '../storage/run-recording.ts'
import type { SampledFigures, WindowFigures } from './window-figures.ts'
import type { MarkedFigures } from './window-marks.ts'

/** What was seen of a trial from outside. */
export interface WatchedWindow extends MarkedFigures {
  readonly window: WindowFigures
}

const nobody: SampledFigures['memoryOf'] = new Map()
const nothingRead = { rssBytes: null, pssBytes: null, ussBytes: null }

/**
 * What a trial that has ended is kept as. A wrong checksum, or a task done twice or not at all, makes
 * it void.
 *
 * @param startedAt start of the trial on the monotonic clock
 */
export function endedTrial(
  result: HostResult,
  spec: TrialSpec,
  seen: WatchedWindow,
  startedAt: number,
): EndedTrial {
  const flaw = flawOf(result, spec)
  const trial = measured(result, spec.model)
  const sampled = seen.window.figures(windowOf(trial).coresUsed)
  const observed: ObservedTrial = {
    ...seen,
    ...sampled,
    // Of workers that are elsewhere only what they tell is known: the sum of their resident sets.
    ...(modelTraits[spec.model].isInTree ? {} : { peak: nothingRead }),
    hasSwitches: process.platform === 'linux',
  }
  const metrics = trialMetrics(trial, observed)
  return {
    status: flaw === null ? 'done' : 'void',
    reason: flaw,
    releasedMs: result.releasedAt - startedAt,
    tasksDone: result.workers.reduce((sum, { summary }) => sum + summary.tasks, 0),
    memoryBasis: memoryBasis(observed),
    // What the user's own code does not check itself is not known to be right.
    metrics: {
      ...metrics,
      checksum_ok: spec.own?.check === false && flaw === null ? null : flaw === null,
    },
    phases: phasesOf(result, spec.model, startedAt),
    workers: result.workers.map((worker, index) =>
      workerRecord(worker, index, spec.model, seen, {
        ...sampled,
        ...(isFirstOfProcess(worker, index, result) ? {} : { memoryOf: nobody }),
      }),
    ),
    ...(result.observations === undefined ? {} : { observations: result.observations }),
    taskSpans: result.workers.flatMap((worker, index) => taskSpansOf(worker, index, startedAt)),
  }
}

/** What the trial of a probe is kept as: what it saw, its length, and what watching it cost. */
export function observedTrial(
  { baselineFrom, preparedFrom, begunAt, endedAt, observations }: ProbeResult,
  { observerCpuShare, saturation }: MarkedFigures,
  startedAt: number,
): EndedTrial {
  const phase = (name: Phase['name'], start: number, end: number) => ({
    name,
    worker: null,
    start_ms: start - startedAt,
    end_ms: end - startedAt,
  })
  return {
    status: 'done',
    reason: null,
    releasedMs: begunAt - startedAt,
    tasksDone: 0,
    memoryBasis: null,
    metrics: {
      wall_ms: endedAt - begunAt,
      saturation,
      observer_cpu_share: observerCpuShare,
    },
    observations,
    phases: [
      phase('baseline', baselineFrom, preparedFrom),
      phase('spawn', preparedFrom, begunAt),
      phase('work', begunAt, endedAt),
    ],
    workers: [],
  }
}

/** A trial that could not even be started. */
export function failedTrial(reason: string): EndedTrial {
  return {
    status: 'failed',
    reason,
    releasedMs: null,
    tasksDone: 0,
    memoryBasis: null,
    metrics: {},
    phases: [],
    workers: [],
  }
}

function flawOf({ workers }: HostResult, { tasks, expected, own }: TrialSpec): string | null {
  const done = workers.reduce((sum, { summary }) => sum + summary.tasks, 0)
  const wrong = workers.reduce((sum, { summary }) => sum + summary.wrong, 0)
  if (wrong > 0) {
    const worker = workers.findIndex(({ summary }) => summary.firstWrong !== null)
    const first = workers[worker]?.summary.firstWrong
    const which = `${wrong} of ${done} tasks gave a wrong result; the first: task ${first?.index} on worker ${worker}`
    if (own !== undefined) return `${which}, says check(output, input)`
    const right = first && expected ? expected[first.index % expected.length] : undefined
    const instead = right === undefined ? '' : ` instead of ${right}`
    return `${which} gave ${first?.found}${instead}`
  }
  if (tasks === null) return null
  if (done !== tasks) return `${done} of ${tasks} tasks were done`
  const indexSum = workers.reduce((sum, { summary }) => sum + summary.indexSum, 0)
  // Above 2^53 a sum of doubles is not exact any more.
  const right = (tasks * (tasks - 1)) / 2
  if (right < Number.MAX_SAFE_INTEGER && indexSum !== right) {
    return 'a task was done twice, and another not at all'
  }
  return null
}

function measured(result: HostResult, model: Model): MeasuredTrial {
  const { workers } = result
  const workersRss = workers.reduce((sum, { summary }) => sum + (summary.rssBytes ?? 0), 0)
  return {
    model,
    releasedAt: result.releasedAt,
    baselineRssBytes: result.baselineRssBytes,
    finalRssBytes:
      result.hostRssBytes === null
        ? null
        : result.hostRssBytes + (modelTraits[model].separateProcesses ? workersRss : 0),
    hostCpuMs: result.hostCpuMs,
    hostSwitches: {
      voluntary: result.hostVoluntarySwitches,
      involuntary: result.hostInvoluntarySwitches,
    },
    hostDelayP99Ms: result.hostDelayP99Ms,
    taskMs: taskPercentiles(
      workers.map(({ summary }) => summary.times),
      [0.5, 0.95, 0.99],
    ),
    workers: workers.map(({ startCalledAt, readyAt, endCalledAt, exitedAt, summary }) => ({
      startCalledAt,
      readyAt,
      endCalledAt,
      exitedAt,
      lastTaskEndedAt: summary.endedAt,
      tasks: summary.tasks,
      wrong: summary.wrong,
      busyMs: summary.busyMs,
      cpuMs: summary.cpuMs,
      switches: {
        voluntary: summary.voluntarySwitches,
        involuntary: summary.involuntarySwitches,
      },
    })),
  }
}

function phasesOf(result: HostResult, model: Model, startedAt: number): Phase[] {
  const { baselineFrom, baselineTo, allReadyAt, releasedAt, workers } = result
  const workEndedAt = windowEnd(
    workers.map(({ summary }) => ({ lastTaskEndedAt: summary.endedAt, tasks: summary.tasks })),
    releasedAt,
  )
  const endCalledAt = Math.min(...workers.map((worker) => worker.endCalledAt))
  const exitedAt = Math.max(...workers.map((worker) => worker.exitedAt))
  const phase = (name: Phase['name'], worker: number | null, start: number, end: number) => ({
    name,
    worker,
    start_ms: start - startedAt,
    end_ms: end - startedAt,
  })
  return [
    phase('baseline', null, baselineFrom, baselineTo),
    phase('spawn', null, baselineTo, allReadyAt),
    phase('barrier', null, allReadyAt, releasedAt),
    phase('work', null, releasedAt, workEndedAt),
    phase('teardown', null, endCalledAt, exitedAt),
    ...(modelTraits[model].startsWorkers ? workers : []).flatMap((worker, index) => [
      phase('spawn', index, worker.startCalledAt, worker.readyAt),
      phase('barrier', index, worker.readyAt, worker.summary.startedAt),
      phase('work', index, worker.summary.startedAt, worker.summary.endedAt),
      phase('teardown', index, worker.endCalledAt, worker.exitedAt),
    ]),
  ]
}

/** Nothing of a worker that has not told, or has done nothing. */
function taskSpansOf(
  { spans, summary }: HostResult['workers'][number],
  worker: number,
  startedAt: number,
): TaskSpans[] {
  const { starts, ends } = spansIn(spans)
  if (starts.length === 0) return []
  const sinceStart = (times: readonly number[]) => times.map((time) => time - startedAt)
  const { tasks } = summary
  return [{ worker, tasks, starts_ms: sinceStart(starts), ends_ms: sinceStart(ends) }]
}

/** A process's memory counts once, with the first of its workers: on Dask several may be threads of one. */
function isFirstOfProcess(
  { processId }: HostResult['workers'][number],
  index: number,
  { workers }: HostResult,
): boolean {
  return workers.findIndex((other) => other.processId === processId) === index
}

function workerRecord(
  worker: HostResult['workers'][number],
  index: number,
  model: Model,
  { switches }: MarkedFigures,
  { memoryOf, migrations }: SampledFigures,
): WorkerRecord {
  const { startsWorkers, separateProcesses } = modelTraits[model]
  const {
    processId,
    threadId,
    osThreadId,
    startCalledAt,
    readyAt,
    endCalledAt,
    exitedAt,
    summary,
  } = worker
  // A thread has no memory of its own but its heap: all else is its process's.
  const memory = separateProcesses ? memoryOf.get(processId) : undefined
  return {
    index,
    process_id: processId,
    thread_id: threadId,
    os_thread_id: osThreadId,
    tasks: summary.tasks,
    busy_ms: summary.busyMs,
    cpu_ms: summary.cpuMs,
    spawn_ms: startsWorkers ? readyAt - startCalledAt : null,
    teardown_ms: startsWorkers ? exitedAt - endCalledAt : null,
    rss_bytes: summary.rssBytes,
    pss_bytes: memory?.pss ?? null,
    uss_bytes: memory?.uss ?? null,
    heap_used_bytes: summary.heapUsedBytes,
    voluntary_switches: switches[index]?.voluntary ?? null,
    involuntary_switches: switches[index]?.involuntary ?? null,
    migrations: migrations[index] ?? null,
  }
}
