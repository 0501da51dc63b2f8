import { type Model, modelTraits } from '../../shared/model/execution-model.ts'
import type { TrialMetrics } from '../../shared/model/metric.ts'
import { summarize } from './statistics.ts'

/** What a trial's host and workers measured of themselves. Times in ms, on one clock. */
export interface MeasuredTrial {
  readonly model: Model
  readonly releasedAt: number
  readonly baselineRssBytes: number
  /** Resident set of host and workers together at the end of the work. */
  readonly finalRssBytes: number
  readonly hostCpuMs: number
  readonly hostSwitches: { readonly voluntary: number; readonly involuntary: number }
  readonly hostDelayP99Ms: number
  readonly workers: readonly MeasuredWorker[]
  /** p50, p95, p99 of single-task times. */
  readonly taskMs: readonly (number | null)[]
}

export interface MeasuredWorker {
  readonly startCalledAt: number
  readonly readyAt: number
  readonly endCalledAt: number
  readonly exitedAt: number
  readonly lastTaskEndedAt: number
  readonly tasks: number
  readonly wrong: number
  readonly busyMs: number
  readonly cpuMs: number
  readonly switches: { readonly voluntary: number; readonly involuntary: number }
}

/** What was seen of a trial from outside; null where it could not be. */
export interface ObservedTrial {
  /** Largest resident set of the whole tree in any sample. */
  readonly peakTreeRssBytes: number | null
  /** Busy fraction of all cores over the work window, 0–1. */
  readonly saturation: number | null
  /** CPU time of all that watched, of one core, over the time it was measured for. */
  readonly observerCpuShare: number | null
  /** Whether the platform counts context switches. */
  readonly hasSwitches: boolean
}

/** The figures of a trial, as docs/metrics.md defines them. */
export function trialMetrics(trial: MeasuredTrial, observed: ObservedTrial): TrialMetrics {
  const { workers, model } = trial
  const { startsWorkers, separateProcesses } = modelTraits[model]
  const wallMs = windowEnd(workers, trial.releasedAt) - trial.releasedAt
  const tasks = sum(workers.map((worker) => worker.tasks))
  // The CPU time of a host's threads is in the host's own; that of processes is not.
  const apart = separateProcesses ? workers : []
  const cpuMs = trial.hostCpuMs + sum(apart.map((worker) => worker.cpuMs))
  const switches = (kind: 'voluntary' | 'involuntary') =>
    observed.hasSwitches
      ? trial.hostSwitches[kind] + sum(apart.map((worker) => worker.switches[kind]))
      : null
  const spawn = workers.map((worker) => worker.readyAt - worker.startCalledAt)
  const teardown = workers.map((worker) => worker.exitedAt - worker.endCalledAt)
  const busy = workers.map((worker) => worker.busyMs)
  const peakRss = max([trial.baselineRssBytes, trial.finalRssBytes, observed.peakTreeRssBytes ?? 0])
  const ofWorkers = (value: number | null) => (startsWorkers ? value : null)
  const perWindow = (value: number) => (wallMs > 0 ? value / wallMs : null)

  return {
    wall_ms: wallMs,
    throughput_per_s: perWindow(tasks * 1000),
    task_p50_ms: trial.taskMs[0] ?? null,
    task_p95_ms: trial.taskMs[1] ?? null,
    task_p99_ms: trial.taskMs[2] ?? null,
    spawn_p50_ms: ofWorkers(medianOf(spawn)),
    spawn_max_ms: ofWorkers(max(spawn)),
    spawn_total_ms: ofWorkers(
      max(workers.map((worker) => worker.readyAt)) -
        Math.min(...workers.map((worker) => worker.startCalledAt)),
    ),
    teardown_p50_ms: ofWorkers(medianOf(teardown)),
    teardown_total_ms: ofWorkers(
      max(workers.map((worker) => worker.exitedAt)) -
        Math.min(...workers.map((worker) => worker.endCalledAt)),
    ),
    cpu_ms: cpuMs,
    cpu_per_task_ms: tasks > 0 ? cpuMs / tasks : null,
    cores_used: perWindow(cpuMs),
    saturation: observed.saturation,
    utilization_idle: null,
    utilization_poor: null,
    utilization_ok: null,
    utilization_ideal: null,
    utilization_over: null,
    efficiency: null,
    baseline_rss_bytes: trial.baselineRssBytes,
    baseline_pss_bytes: null,
    baseline_uss_bytes: null,
    peak_rss_bytes: peakRss,
    peak_pss_bytes: null,
    peak_uss_bytes: null,
    memory_per_worker_bytes: (peakRss - trial.baselineRssBytes) / workers.length,
    voluntary_switches: switches('voluntary'),
    involuntary_switches: switches('involuntary'),
    migrations: null,
    host_delay_p99_ms: trial.hostDelayP99Ms,
    imbalance: max(busy) > 0 ? (max(busy) - sum(busy) / busy.length) / max(busy) : null,
    checksum_ok: workers.every((worker) => worker.wrong === 0),
    observer_cpu_share: observed.observerCpuShare,
    observer_sampling_share: null,
    observer_recording_share: null,
    observer_shell_share: null,
    sampler_lateness_p50_ms: null,
    sampler_lateness_p99_ms: null,
    samples_missed: null,
  }
}

function medianOf(values: readonly number[]): number | null {
  return summarize(values, '')?.median ?? null
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** 0 for none; the lists here can be longer than a call takes arguments. */
function max(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}

/**
 * When the last task ended. A worker that got no task has no say in it.
 *
 * @param releasedAt where no task was done at all
 */
export function windowEnd(
  workers: readonly { readonly lastTaskEndedAt: number; readonly tasks: number }[],
  releasedAt: number,
): number {
  const worked = workers.filter(({ tasks }) => tasks > 0)
  return Math.max(releasedAt, max(worked.map(({ lastTaskEndedAt }) => lastTaskEndedAt)))
}

/** Readings of how long each core has been busy since boot, in ms, at two instants. */
export interface CoreReading {
  readonly at: number
  readonly busyMs: readonly number[]
}

/** Below this the system's ticks, 10 ms each on Linux, say too little. */
const shortestReadingMs = 100

/**
 * Mean busy fraction of all cores between two readings, 0–1; null where they cannot be compared, or
 * lie so close together that ticks do not resolve it.
 */
export function busyFraction(from: CoreReading, to: CoreReading): number | null {
  const length = to.at - from.at
  const cores = to.busyMs.length
  if (length < shortestReadingMs || cores === 0 || cores !== from.busyMs.length) return null
  return Math.min(1, Math.max(0, (sum(to.busyMs) - sum(from.busyMs)) / length / cores))
}

/** Throughput per worker against one inline worker; null where there is nothing to compare with. */
export function efficiency(
  throughput: number,
  workers: number,
  inlineThroughputs: readonly number[],
): number | null {
  const inline = medianOf(inlineThroughputs)
  return inline === null || inline === 0 ? null : throughput / (workers * inline)
}
