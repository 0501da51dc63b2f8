import { metricKeys, type TrialMetrics } from '../../src/shared/model/metric.ts'
import { type Run, untouched } from '../../src/shared/model/run.ts'
import type { Sample, SampleSeries } from '../../src/shared/model/sample.ts'
import type { RecordedSamples } from '../../src/shared/recorded.ts'

/** A run made up for tests that only look at what becomes of one. */
export const exampleRun: Run = {
  id: 3,
  uid: 'c0ffee',
  label: 'an example',
  notes: '',
  status: 'done',
  reason: null,
  plan: {
    workload: 'primes',
    parameters: { n: 1000 },
    models: ['threads'],
    workers: [1],
    experiment: null,
    runtimes: ['node'],
    interpreters: [],
    start_methods: ['spawn'],
    transports: ['pipe'],
    scheduler: null,
    threads_per_worker: null,
    scaling: 'strong',
    tasks: 10,
    duration_s: null,
    repeat: 1,
    max_repeat: 30,
    warmup: 0,
    scheduling: 'static',
    interval_ms: 250,
    sampler: 'auto',
    timeout_s: 600,
    memory_mib: null,
    seed: 1,
    label: '',
    notes: '',
  },
  started_at: '2026-01-02T03:04:05.000Z',
  ended_at: '2026-01-02T03:04:09.000Z',
  trials_done: 1,
  trials_planned: 1,
  ...untouched,
  machine: null,
  environment: null,
  environment_after: null,
  warnings: [],
  configurations: [
    {
      id: 5,
      workload: 'primes',
      parameters: { n: 1000 },
      runtime: 'node',
      interpreter: null,
      variant: null,
      content: null,
      model: 'threads',
      workers: 1,
      scheduling: 'static',
    },
  ],
  trials: [
    {
      id: 8,
      configuration_id: 5,
      ordinal: 0,
      index: 0,
      warm_up: false,
      status: 'done',
      reason: null,
      started_at: '2026-01-02T03:04:06.000Z',
      released_ms: 200,
      tasks_done: 10,
      memory_basis: 'rss',
      observations: null,
      metrics: {
        ...(Object.fromEntries(metricKeys.map((key) => [key, null])) as TrialMetrics),
        wall_ms: 1000,
        throughput_per_s: 10,
        checksum_ok: true,
      },
      phases: [],
      workers: [],
    },
  ],
}

export const exampleSamples: readonly Sample[] = [
  {
    stream: 'machine',
    t_ms: -100.5,
    dt_ms: 250,
    values: { 'machine.memory_used_bytes': 1e9, 'core.0.busy': 0.5, 'core.1.busy': 1 },
  },
  {
    stream: 'reports',
    t_ms: 10,
    dt_ms: 250,
    values: { 'tree.rss_bytes': 5e7, 'worker.0.tasks_done': 7, 'worker.0.cpu_share': 0.25 },
  },
]

/** The same as they are kept: by column, from the start of the trial, which is released at 200 ms. */
export const exampleColumns: readonly RecordedSamples[] = exampleSamples.map(
  ({ stream, t_ms, dt_ms, values }) => ({
    stream,
    t_ms: [t_ms + 200],
    dt_ms: [dt_ms],
    series: Object.keys(values) as SampleSeries[],
    values: Object.values(values).map((value) => [value as number]),
  }),
)
