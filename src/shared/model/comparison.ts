import type { MetricKey } from './metric.ts'

/** The figures that are set beside each other between two models, in the order they are shown. */
export const comparedMetrics = [
  'throughput_per_s',
  'cpu_per_task_ms',
  'spawn_p50_ms',
  'peak_rss_bytes',
  'memory_per_worker_bytes',
] as const satisfies readonly MetricKey[]
export type ComparedMetric = (typeof comparedMetrics)[number]

/** One figure of configuration `b` over that of configuration `a`, both medians of their trials. */
export interface MetricRatio {
  readonly metric: ComparedMetric
  /** Numbers of the configurations; `a` is what is compared with. */
  readonly a: number
  readonly b: number
  readonly ratio: number
  /** Trials that count, by side. */
  readonly trials: readonly [number, number]
}

export interface Comparison {
  readonly ratios: readonly MetricRatio[]
  /** What the figures say, in plain words; empty while there is nothing to say. */
  readonly sentences: readonly string[]
}

export const nothingCompared: Comparison = { ratios: [], sentences: [] }
