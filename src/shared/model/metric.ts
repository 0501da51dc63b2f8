/**
 * Every figure of a trial, under the one name it has in the code, the database, the CSV headers, the
 * JSON and the screen. docs/metrics.md defines each and says where it comes from.
 */
interface MetricDescription {
  readonly unit: string
}

const describe = <K extends string>(metrics: Record<K, MetricDescription>) => metrics

export const metrics = describe({
  wall_ms: { unit: 'ms' },
  throughput_per_s: { unit: 'tasks/s' },
  task_p50_ms: { unit: 'ms' },
  task_p95_ms: { unit: 'ms' },
  task_p99_ms: { unit: 'ms' },
  spawn_p50_ms: { unit: 'ms' },
  spawn_max_ms: { unit: 'ms' },
  spawn_total_ms: { unit: 'ms' },
  teardown_p50_ms: { unit: 'ms' },
  teardown_total_ms: { unit: 'ms' },
  cpu_ms: { unit: 'ms' },
  cpu_per_task_ms: { unit: 'ms' },
  cores_used: { unit: 'cores' },
  saturation: { unit: '0–1' },
  efficiency: { unit: '0–1' },
  peak_rss_bytes: { unit: 'bytes' },
  peak_pss_bytes: { unit: 'bytes' },
  peak_uss_bytes: { unit: 'bytes' },
  memory_per_worker_bytes: { unit: 'bytes' },
  voluntary_switches: { unit: 'count' },
  involuntary_switches: { unit: 'count' },
  migrations: { unit: 'count' },
  host_delay_p99_ms: { unit: 'ms' },
  imbalance: { unit: '0–1' },
  checksum_ok: { unit: 'bool' },
  observer_cpu_share: { unit: 'of one core' },
})

export type MetricKey = keyof typeof metrics
export const metricKeys = Object.keys(metrics) as MetricKey[]

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
  readonly unit: string
}
