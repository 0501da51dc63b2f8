import type { ComparedMetric } from './model/comparison.ts'

/** The compared figures as the screen calls them. */
export const metricNames: Readonly<Record<ComparedMetric, string>> = {
  throughput_per_s: 'Throughput',
  cpu_per_task_ms: 'CPU / task',
  spawn_p50_ms: 'Spawn',
  peak_rss_bytes: 'Peak RSS',
  peak_pss_bytes: 'Peak PSS',
  peak_uss_bytes: 'Peak USS',
  memory_per_worker_bytes: 'Memory / worker',
}
