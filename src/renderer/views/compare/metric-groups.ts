import { comparedMetrics } from '../../../shared/model/comparison.ts'
import type { MetricKey } from '../../../shared/model/metric.ts'

export interface MetricGroup {
  readonly title: string
  readonly keys: readonly MetricKey[]
}

/** What is looked at first, in the order of the columns of a run. */
export const importantMetrics: readonly MetricKey[] = comparedMetrics

/** All metrics by what they are about, each group with the most telling first. */
export const metricGroups: readonly MetricGroup[] = [
  {
    title: 'Work',
    keys: [
      ...(['throughput_per_s', 'wall_ms', 'task_p50_ms', 'task_p95_ms', 'task_p99_ms'] as const),
      ...(['efficiency', 'imbalance', 'host_delay_p99_ms', 'checksum_ok'] as const),
    ],
  },
  {
    title: 'CPU',
    keys: [
      ...(['cpu_per_task_ms', 'cpu_ms', 'cores_used', 'saturation'] as const),
      ...(['utilization_idle', 'utilization_poor', 'utilization_ok'] as const),
      ...(['utilization_ideal', 'utilization_over'] as const),
      ...(['voluntary_switches', 'involuntary_switches', 'migrations'] as const),
    ],
  },
  {
    title: 'Memory',
    keys: [
      ...(['peak_rss_bytes', 'peak_pss_bytes', 'peak_uss_bytes'] as const),
      'memory_per_worker_bytes',
      ...(['baseline_rss_bytes', 'baseline_pss_bytes', 'baseline_uss_bytes'] as const),
    ],
  },
  {
    title: 'Starting and ending',
    keys: [
      ...(['spawn_p50_ms', 'spawn_max_ms', 'spawn_total_ms'] as const),
      ...(['teardown_p50_ms', 'teardown_total_ms'] as const),
    ],
  },
  {
    title: 'Watching',
    keys: [
      ...(['observer_cpu_share', 'observer_sampling_share'] as const),
      ...(['observer_recording_share', 'observer_shell_share'] as const),
      ...(['sampler_lateness_p50_ms', 'sampler_lateness_p99_ms', 'samples_missed'] as const),
    ],
  },
]

/** Every metric in words. */
export const metricTitles: Readonly<Record<MetricKey, string>> = {
  wall_ms: 'Work window',
  throughput_per_s: 'Throughput',
  task_p50_ms: 'Task time, median',
  task_p95_ms: 'Task time, p95',
  task_p99_ms: 'Task time, p99',
  spawn_p50_ms: 'Spawn, median worker',
  spawn_max_ms: 'Spawn, slowest worker',
  spawn_total_ms: 'Spawn, until all are ready',
  teardown_p50_ms: 'Teardown, median worker',
  teardown_total_ms: 'Teardown, until all have ended',
  cpu_ms: 'CPU time',
  cpu_per_task_ms: 'CPU / task',
  cores_used: 'Cores used',
  saturation: 'Machine busy',
  utilization_idle: 'Time with idle cores',
  utilization_poor: 'Time with poor use',
  utilization_ok: 'Time with fair use',
  utilization_ideal: 'Time with ideal use',
  utilization_over: 'Time with more than asked',
  efficiency: 'Efficiency over inline',
  baseline_rss_bytes: 'Host alone, RSS',
  baseline_pss_bytes: 'Host alone, PSS',
  baseline_uss_bytes: 'Host alone, USS',
  peak_rss_bytes: 'Peak RSS',
  peak_pss_bytes: 'Peak PSS',
  peak_uss_bytes: 'Peak USS',
  memory_per_worker_bytes: 'Memory / worker',
  voluntary_switches: 'Voluntary switches',
  involuntary_switches: 'Involuntary switches',
  migrations: 'Migrations',
  host_delay_p99_ms: 'Host delay, p99',
  imbalance: 'Imbalance',
  checksum_ok: 'Checksums right',
  observer_cpu_share: 'Observer',
  observer_sampling_share: 'Observer: sampling',
  observer_recording_share: 'Observer: recording',
  observer_shell_share: 'Observer: app',
  sampler_lateness_p50_ms: 'Samples late, median',
  sampler_lateness_p99_ms: 'Samples late, p99',
  samples_missed: 'Samples missed',
}
