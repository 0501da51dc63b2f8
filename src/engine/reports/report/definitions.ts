import type { MetricKey } from '../../../shared/model/metric.ts'
import { metricTitle } from './figures.ts'

/* How the figures of a report were found, a line each; docs/metrics.md says it in full. */

const found: Readonly<Partial<Record<MetricKey, string>>> = {
  wall_ms: 'from the release of the barrier to the end of the last task',
  throughput_per_s: 'tasks completed in the work window over its length',
  task_p50_ms: 'times of single tasks: the median, and what 95 % and 99 % stay below',
  spawn_p50_ms: 'of each worker, from the call that starts it to its ready message',
  teardown_p50_ms: 'of each worker, from the call that ends it to its exit',
  cpu_ms: 'user and system CPU time of host and workers in the work window',
  cpu_per_task_ms: 'CPU time over the tasks completed',
  cores_used: 'CPU time over the length of the work window',
  saturation: 'mean busy share of all cores of the machine in the work window',
  efficiency: 'throughput over workers times the throughput of inline',
  peak_rss_bytes:
    'largest sum of resident memory of host and workers; a page that several processes share counts once for each',
  peak_pss_bytes:
    'largest sum of proportional memory: each shared page is split among those that map it',
  peak_uss_bytes: 'largest sum of private memory: what ending the workers would give back',
  memory_per_worker_bytes:
    'peak less the host alone before its workers, over the workers; from PSS, where there is none from RSS',
  voluntary_switches: 'context switches of host and workers in the work window',
  migrations: 'times a worker was seen on another core than before: a lower bound',
  host_delay_p99_ms: 'event-loop delay of the host: how responsive a program stays',
  imbalance: 'largest less mean, over largest, of the workers’ busy time',
  observer_cpu_share: 'CPU time of all that samples, records and shows, over time',
}

const statistics = [
  'A trial is one execution of one configuration. Trials are interleaved in a seeded random order; warm-ups, failed and void trials do not count.',
  'Beside a median stand the 5th and the 95th percentile of the trials.',
  'A ratio is that of the medians, with a 95 % bootstrap interval; p is of the two-sided Mann–Whitney test; Cliff’s delta is how often a trial of one side exceeds one of the other, less the reverse.',
  'A side is named better only where the interval excludes 1, p is below 0.05 and the difference exceeds 2 %; with fewer than 5 trials a side nothing is said.',
  'A trial lies far from the others where its modified z exceeds 3.5; it counts all the same.',
]

/** @param keys the figures that the report shows */
export function definitions(keys: ReadonlySet<MetricKey>): string[] {
  const lines = Object.entries(found)
    .filter(([key]) => keys.has(key as MetricKey))
    .map(([key, line]) => `${metricTitle(key as MetricKey)}: ${line}.`)
  return [...statistics, ...lines]
}
