import type { Comparison } from '../../src/shared/model/comparison.ts'
import { type Family, type Model, modelTraits } from '../../src/shared/model/execution-model.ts'
import { metrics, type TrialMetrics } from '../../src/shared/model/metric.ts'
import type { LiveReading } from '../../src/shared/model/progress.ts'
import type {
  Configuration,
  ConfigurationSummary,
  Run,
  Trial,
  WorkerRecord,
} from '../../src/shared/model/run.ts'
import { exampleRun } from './example-run.ts'

/*
 * A run made up with everything that a platform can tell: proportional and private memory, whose work a
 * core does, switches, what watching costs by part. Its figures are round, so that a test can say them.
 */

const mebibyte = 2 ** 20
export const madeUpCores = 4
const workers = 4

/** Of host and workers, in MiB: what the host had alone, and what all had at the most. */
const memory: Readonly<
  Record<Family, Readonly<Record<'rss' | 'pss' | 'uss', readonly [alone: number, peak: number]>>>
> = {
  inline: { rss: [45, 52], pss: [30, 36], uss: [20, 26] },
  threads: { rss: [45, 85], pss: [30, 68], uss: [20, 56] },
  processes: { rss: [45, 245], pss: [30, 80], uss: [20, 60] },
}

export function madeUpConfiguration(model: Model): Configuration {
  const [example] = exampleRun.configurations
  if (example === undefined) throw new Error('no example')
  const id = { inline: 1, threads: 2, processes: 3 }[modelTraits[model].family]
  return { ...example, id, model, workers: model === 'inline' ? 1 : workers }
}

/** @param isLinux tells what other platforms do not */
export function madeUpTrial(model: Model, index: number, isLinux = true): Trial {
  const [example] = exampleRun.trials
  if (example === undefined) throw new Error('no example')
  const linux = <T>(value: T) => (isLinux ? value : null)
  const bytes = (measure: 'rss' | 'pss' | 'uss', at: 0 | 1) =>
    memory[modelTraits[model].family][measure][at] * mebibyte
  const measured: Partial<TrialMetrics> = {
    wall_ms: 2000,
    throughput_per_s: model === 'processes' ? 840 : 800,
    baseline_rss_bytes: bytes('rss', 0),
    baseline_pss_bytes: linux(bytes('pss', 0)),
    baseline_uss_bytes: linux(bytes('uss', 0)),
    peak_rss_bytes: bytes('rss', 1),
    peak_pss_bytes: linux(bytes('pss', 1)),
    peak_uss_bytes: linux(bytes('uss', 1)),
    utilization_idle: linux(0.02),
    utilization_poor: linux(0.05),
    utilization_ok: linux(0.11),
    utilization_ideal: linux(0.8),
    utilization_over: linux(0.02),
    observer_cpu_share: 0.006,
    observer_sampling_share: linux(0.004),
    observer_recording_share: linux(0.0015),
    observer_shell_share: linux(0.0005),
    sampler_lateness_p50_ms: linux(0.2),
    sampler_lateness_p99_ms: linux(index + 1),
    samples_missed: linux(0),
  }
  return {
    ...example,
    id: 10 * madeUpConfiguration(model).id + index,
    configuration_id: madeUpConfiguration(model).id,
    ordinal: 2 * index + (model === 'processes' ? 1 : 0),
    index,
    metrics: { ...example.metrics, ...measured },
    workers: Array.from({ length: madeUpConfiguration(model).workers }, (_, at) =>
      madeUpWorker(model, at, isLinux),
    ),
  }
}

function madeUpWorker(model: Model, index: number, isLinux: boolean): WorkerRecord {
  const isProcess = model === 'processes'
  return {
    index,
    process_id: isProcess ? 4000 + index : 4000,
    thread_id: isProcess ? 0 : index + 1,
    os_thread_id: isLinux ? 5000 + index : null,
    tasks: 420,
    busy_ms: 1900,
    cpu_ms: 1880,
    spawn_ms: 30,
    teardown_ms: 3,
    rss_bytes: isProcess ? 50 * mebibyte : null,
    pss_bytes: isProcess && isLinux ? 12 * mebibyte : null,
    uss_bytes: isProcess && isLinux ? 9 * mebibyte : null,
    heap_used_bytes: 6 * mebibyte,
    voluntary_switches: isLinux ? 12 : null,
    involuntary_switches: isLinux ? 300 : null,
    migrations: isLinux ? index : null,
  }
}

/** The reading at a time, in ms from the start of a trial that is released at 300 ms. */
export function madeUpReading(model: Model, t_ms: number, isLinux = true): LiveReading {
  const isWorking = t_ms >= 300
  const grown = Math.min(1, t_ms / 400)
  const at = (measure: 'rss' | 'pss' | 'uss') => {
    const [alone, peak] = memory[modelTraits[model].family][measure]
    return (alone + (peak - alone) * grown) * mebibyte
  }
  const busy = Array.from({ length: madeUpCores }, (_, core) => (isWorking ? 1 - core * 0.05 : 0.4))
  // The last core does other programs' work for a while.
  const isTaken = t_ms > 900 && t_ms < 1500
  const own = busy.map((share, core) =>
    !isWorking ? 0 : core === madeUpCores - 1 && isTaken ? 0.05 : share * (1 - core * 0.1),
  )
  return {
    t_ms,
    busy,
    workersBusy: isLinux ? own : busy.map(() => null),
    treeRssBytes: at('rss'),
    treePssBytes: isLinux ? at('pss') : null,
    treeUssBytes: isLinux ? at('uss') : null,
    hostRssBytes: model === 'processes' ? 45 * mebibyte : at('rss'),
    treeCpuShare: isWorking ? 3.6 : 0.3,
    tasksDone: isWorking ? Math.round((t_ms - 300) * 0.84) : 0,
    tasksAt_ms: t_ms,
    workers: Array.from({ length: madeUpConfiguration(model).workers }, (_, index) => ({
      processId: model === 'processes' ? 4000 + index : 4000,
      threadId: model === 'processes' ? 0 : index + 1,
      state: isWorking ? 'working' : 'starting',
      tasks: isWorking ? Math.round((t_ms - 300) * 0.21) : 0,
      cpuShare: isWorking ? 0.94 : null,
      rssBytes: model === 'processes' ? 50 * mebibyte : null,
      heapUsedBytes: 6 * mebibyte,
      lastCore: isLinux ? (index + 1) % madeUpCores : null,
    })),
    observer: isLinux ? { total: 0.006, sampling: 0.004, recording: 0.0015, shell: 0.0005 } : null,
  }
}

/** Threads against processes, with a verdict of each kind. */
export const madeUpComparison: Comparison = {
  comparisons: (
    [
      ['throughput_per_s', 1.05, [1.03, 1.07], 0.0079, 0.92, 'b'],
      ['cpu_per_task_ms', 1.01, [0.99, 1.03], 0.31, 0.12, 'no difference shown'],
      ['spawn_p50_ms', 0.76, [0.7, 0.81], 0.0004, -1, 'b'],
      ['peak_rss_bytes', 2.88, [2.8, 2.95], 0.0004, 1, 'a'],
      ['peak_pss_bytes', 1.18, [1.16, 1.2], 0.0004, 1, 'a'],
      ['peak_uss_bytes', 1.07, null, null, null, 'too few trials to say'],
    ] as const
  ).map(([metric, ratio, ci95, p, cliffs_delta, verdict]) => ({
    ...{ metric, a: 2, b: 3, trials: [10, 10] as const },
    ...{ ratio, ci95, p, cliffs_delta, verdict },
  })),
  sentences: ['4 processes completed 1.05× the tasks per second of 4 threads.'],
}

/** A saved run of twelve trials a model; two of the threads' are void, one of the processes' is an outlier. */
export function madeUpRun(isLinux = true): {
  readonly run: Run
  readonly summaries: readonly ConfigurationSummary[]
} {
  const models = ['threads', 'processes'] as const
  const trials = models.flatMap((model) =>
    Array.from({ length: 12 }, (_, index): Trial => {
      const trial = madeUpTrial(model, index, isLinux)
      const isVoid = model === 'threads' && index < 2
      return isVoid ? { ...trial, status: 'void', reason: '3 of 1680 results were wrong' } : trial
    }),
  )
  const configurations = models.map(madeUpConfiguration)
  return {
    run: {
      ...exampleRun,
      plan: { ...exampleRun.plan, models: [...models], workers: [workers], repeat: 12 },
      trials_done: 22,
      trials_planned: 24,
      configurations,
      trials,
    },
    summaries: configurations.map((configuration) => ({
      configuration,
      counted: [],
      metrics: {
        throughput_per_s: {
          ...{ median: 840, mad: 1, p5: 830, p95: 850 },
          outliers: configuration.model === 'processes' ? [11] : [],
          unit: metrics.throughput_per_s.unit,
        },
      },
    })),
  }
}
