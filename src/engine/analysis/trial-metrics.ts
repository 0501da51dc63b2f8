import { type Model, modelTraits } from '../../shared/model/execution-model.ts'
import type { TrialMetrics } from '../../shared/model/metric.ts'
import type { ObserverShares } from '../../shared/model/progress.ts'
import { summarize } from './statistics.ts'
import type { Utilization } from './utilization.ts'

/** What a trial's host and workers measured of themselves. Times in ms, on one clock. */
export interface MeasuredTrial {
  readonly model: Model
  readonly releasedAt: number
  /** Null where the host could not tell. */
  readonly baselineRssBytes: number | null
  /** Resident set of host and workers together at the end of the work. */
  readonly finalRssBytes: number | null
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
  /** Largest sums over the whole tree in any sample, and those of the host alone before its workers. */
  readonly peak: TreeMemory
  readonly baseline: TreeMemory
  /** Busy fraction of all cores over the work window, 0–1. */
  readonly saturation: number | null
  /** CPU time of all that watched, of one core, over the time it was measured for. */
  readonly observerCpuShare: number | null
  readonly observerParts: ObserverShares | null
  /** How late the sampler's ticks came, in ms, and how many were left out. */
  readonly punctuality: {
    readonly p50Ms: number | null
    readonly p99Ms: number | null
    readonly missed: number
  } | null
  readonly utilization: Utilization | null
  /** By worker: times it was seen on another core than before. */
  readonly migrations: readonly (number | null)[]
  /** Whether the platform counts context switches. */
  readonly hasSwitches: boolean
}

/** Null where nothing was read. */
export interface TreeMemory {
  readonly rssBytes: number | null
  readonly pssBytes: number | null
  readonly ussBytes: number | null
}

/** The work window of a trial: its length and CPU time in ms, and what that comes to. */
export function windowOf({ workers, model, releasedAt, hostCpuMs }: MeasuredTrial) {
  const wallMs = windowEnd(workers, releasedAt) - releasedAt
  // The CPU time of a host's threads is in the host's own; that of processes is not.
  const apart = modelTraits[model].separateProcesses ? workers : []
  const cpuMs = hostCpuMs + sum(apart.map((worker) => worker.cpuMs))
  return { wallMs, cpuMs, apart, coresUsed: wallMs > 0 ? cpuMs / wallMs : null }
}

/** The figures of a trial, as docs/metrics.md defines them. */
export function trialMetrics(trial: MeasuredTrial, observed: ObservedTrial): TrialMetrics {
  const { workers, model } = trial
  const { startsWorkers } = modelTraits[model]
  const { wallMs, cpuMs, apart, coresUsed } = windowOf(trial)
  const tasks = sum(workers.map((worker) => worker.tasks))
  const switches = (kind: 'voluntary' | 'involuntary') =>
    observed.hasSwitches
      ? trial.hostSwitches[kind] + sum(apart.map((worker) => worker.switches[kind]))
      : null
  const spawn = workers.map((worker) => worker.readyAt - worker.startCalledAt)
  const teardown = workers.map((worker) => worker.exitedAt - worker.endCalledAt)
  const busy = workers.map((worker) => worker.busyMs)
  const baselineRss = trial.baselineRssBytes ?? observed.baseline.rssBytes
  const rssSeen = [trial.baselineRssBytes, trial.finalRssBytes, observed.peak.rssBytes]
  const peakRss = rssSeen.every((bytes) => bytes === null) ? null : max(rssSeen.map(Number))
  const { utilization, observerParts, punctuality } = observed
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
    cores_used: coresUsed,
    saturation: observed.saturation,
    utilization_idle: utilization?.idle ?? null,
    utilization_poor: utilization?.poor ?? null,
    utilization_ok: utilization?.ok ?? null,
    utilization_ideal: utilization?.ideal ?? null,
    utilization_over: utilization?.over ?? null,
    efficiency: null,
    baseline_rss_bytes: baselineRss,
    baseline_pss_bytes: observed.baseline.pssBytes,
    baseline_uss_bytes: observed.baseline.ussBytes,
    peak_rss_bytes: peakRss,
    peak_pss_bytes: observed.peak.pssBytes,
    peak_uss_bytes: observed.peak.ussBytes,
    memory_per_worker_bytes:
      memoryBasis(observed) === 'pss'
        ? ((observed.peak.pssBytes as number) - (observed.baseline.pssBytes as number)) /
          workers.length
        : peakRss === null || baselineRss === null
          ? null
          : (peakRss - baselineRss) / workers.length,
    voluntary_switches: switches('voluntary'),
    involuntary_switches: switches('involuntary'),
    migrations: sumOfKnown(observed.migrations),
    host_delay_p99_ms: trial.hostDelayP99Ms,
    imbalance: max(busy) > 0 ? (max(busy) - sum(busy) / busy.length) / max(busy) : null,
    checksum_ok: workers.every((worker) => worker.wrong === 0),
    observer_cpu_share: observed.observerCpuShare,
    observer_sampling_share: observerParts?.sampling ?? null,
    observer_recording_share: observerParts?.recording ?? null,
    observer_shell_share: observerParts?.shell ?? null,
    sampler_lateness_p50_ms: punctuality?.p50Ms ?? null,
    sampler_lateness_p99_ms: punctuality?.p99Ms ?? null,
    samples_missed: punctuality?.missed ?? null,
  }
}

/** What the memory per worker is found from: proportional memory, where it was read at both ends. */
export function memoryBasis({ peak, baseline }: Pick<ObservedTrial, 'peak' | 'baseline'>) {
  return peak.pssBytes !== null && baseline.pssBytes !== null ? 'pss' : 'rss'
}

/** Null unless all are known. */
function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length < values.length || known.length === 0 ? null : sum(known)
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
