/**
 * Every figure of a trial, under the one name it has in the code, the database, the CSV headers, the
 * JSON and the screen. docs/metrics.md defines each and says where it comes from.
 */
interface MetricDescription {
  readonly unit: string
  readonly label: string
  /** Which way is better, or null where neither is. */
  readonly better: 'higher' | 'lower' | null
}

const describe = <K extends string>(metrics: Record<K, MetricDescription>) => metrics

export const metrics = describe({
  wall_ms: { unit: 'ms', label: 'wall', better: 'lower' },
  throughput_per_s: { unit: 'tasks/s', label: 'throughput', better: 'higher' },
  task_p50_ms: { unit: 'ms', label: 'task p50', better: 'lower' },
  task_p95_ms: { unit: 'ms', label: 'task p95', better: 'lower' },
  task_p99_ms: { unit: 'ms', label: 'task p99', better: 'lower' },
  spawn_p50_ms: { unit: 'ms', label: 'spawn', better: 'lower' },
  spawn_max_ms: { unit: 'ms', label: 'slowest spawn', better: 'lower' },
  spawn_total_ms: { unit: 'ms', label: 'all spawned', better: 'lower' },
  teardown_p50_ms: { unit: 'ms', label: 'teardown', better: 'lower' },
  teardown_total_ms: { unit: 'ms', label: 'all torn down', better: 'lower' },
  cpu_ms: { unit: 'ms', label: 'CPU', better: 'lower' },
  cpu_per_task_ms: { unit: 'ms', label: 'CPU per task', better: 'lower' },
  cores_used: { unit: 'cores', label: 'cores used', better: null },
  saturation: { unit: '0–1', label: 'saturation', better: null },
  efficiency: { unit: '0–1', label: 'efficiency', better: 'higher' },
  peak_rss_bytes: { unit: 'bytes', label: 'peak RSS', better: 'lower' },
  peak_pss_bytes: { unit: 'bytes', label: 'peak PSS', better: 'lower' },
  peak_uss_bytes: { unit: 'bytes', label: 'peak USS', better: 'lower' },
  memory_per_worker_bytes: { unit: 'bytes', label: 'memory per worker', better: 'lower' },
  voluntary_switches: { unit: 'count', label: 'voluntary switches', better: null },
  involuntary_switches: { unit: 'count', label: 'involuntary switches', better: null },
  migrations: { unit: 'count', label: 'migrations', better: null },
  host_delay_p99_ms: { unit: 'ms', label: 'host delay p99', better: 'lower' },
  imbalance: { unit: '0–1', label: 'imbalance', better: 'lower' },
  checksum_ok: { unit: 'bool', label: 'checksums right', better: null },
  observer_cpu_share: { unit: 'of one core', label: 'observer CPU', better: 'lower' },
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
