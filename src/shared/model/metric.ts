/**
 * Every figure of a trial, under the one name it has in the code, the database, the CSV headers, the
 * JSON and the screen. docs/metrics.md defines each and says where it comes from.
 */
interface MetricDescription {
  readonly unit: string
  /** Which of two values is the better one, where that can be said of the figure alone. */
  readonly better?: 'higher' | 'lower'
}

const describe = <const M extends Record<string, MetricDescription>>(metrics: M) => metrics

export const metrics = describe({
  wall_ms: { unit: 'ms', better: 'lower' },
  throughput_per_s: { unit: 'tasks/s', better: 'higher' },
  task_p50_ms: { unit: 'ms', better: 'lower' },
  task_p95_ms: { unit: 'ms', better: 'lower' },
  task_p99_ms: { unit: 'ms', better: 'lower' },
  spawn_p50_ms: { unit: 'ms', better: 'lower' },
  spawn_max_ms: { unit: 'ms', better: 'lower' },
  spawn_total_ms: { unit: 'ms', better: 'lower' },
  teardown_p50_ms: { unit: 'ms', better: 'lower' },
  teardown_total_ms: { unit: 'ms', better: 'lower' },
  cpu_ms: { unit: 'ms', better: 'lower' },
  cpu_per_task_ms: { unit: 'ms', better: 'lower' },
  cores_used: { unit: 'cores' },
  saturation: { unit: '0–1' },
  utilization_idle: { unit: '0–1' },
  utilization_poor: { unit: '0–1' },
  utilization_ok: { unit: '0–1' },
  utilization_ideal: { unit: '0–1' },
  utilization_over: { unit: '0–1' },
  efficiency: { unit: '0–1', better: 'higher' },
  baseline_rss_bytes: { unit: 'bytes' },
  baseline_pss_bytes: { unit: 'bytes' },
  baseline_uss_bytes: { unit: 'bytes' },
  peak_rss_bytes: { unit: 'bytes', better: 'lower' },
  peak_pss_bytes: { unit: 'bytes', better: 'lower' },
  peak_uss_bytes: { unit: 'bytes', better: 'lower' },
  memory_per_worker_bytes: { unit: 'bytes', better: 'lower' },
  voluntary_switches: { unit: 'count' },
  involuntary_switches: { unit: 'count' },
  migrations: { unit: 'count' },
  host_delay_p99_ms: { unit: 'ms', better: 'lower' },
  imbalance: { unit: '0–1' },
  checksum_ok: { unit: 'bool' },
  observer_cpu_share: { unit: 'of one core' },
  observer_sampling_share: { unit: 'of one core' },
  observer_recording_share: { unit: 'of one core' },
  observer_shell_share: { unit: 'of one core' },
  sampler_lateness_p50_ms: { unit: 'ms' },
  sampler_lateness_p99_ms: { unit: 'ms' },
  samples_missed: { unit: 'count' },
})

export type MetricKey = keyof typeof metrics
export const metricKeys = Object.keys(metrics) as MetricKey[]

/** Which of two values of a figure is the better one; null where that cannot be said of it alone. */
export function betterOf(key: MetricKey): 'higher' | 'lower' | null {
  const { better }: MetricDescription = metrics[key]
  return better ?? null
}

/** A figure, or null where it could not be had: on this platform, or because the trial did not get that far. */
export type MetricValue = number | boolean | null
export type TrialMetrics = Readonly<Record<MetricKey, MetricValue>>

/** Median and spread over the counted trials of a configuration. */
export interface MetricSummary {
  readonly median: number
  /** Median absolute deviation from the median, not scaled. */
  readonly mad: number
  readonly p5: number
  readonly p95: number
  /** Numbers (`index`) of the trials that lie far from the others: flagged, never dropped. */
  readonly outliers: readonly number[]
  readonly unit: string
}
