import type { MetricKey } from './metric.ts'

/** The figures that are set beside each other between two models, in the order they are shown. */
export const comparedMetrics = [
  'throughput_per_s',
  'cpu_per_task_ms',
  'spawn_p50_ms',
  'peak_rss_bytes',
  'peak_pss_bytes',
  'peak_uss_bytes',
  'memory_per_worker_bytes',
] as const satisfies readonly MetricKey[]
export type ComparedMetric = (typeof comparedMetrics)[number]

/** A difference of medians, as a share, that is not worth speaking of. */
export const practicalThreshold = 0.02

/** Trials a side below which nothing is said of who wins (docs/metrics.md). */
export const fewestTrials = 5

/** A p from which on chance is not ruled out. */
const significance = 0.05

/** Whether chance is ruled out: neither the interval nor the test leaves room for a ratio of 1. */
export function isShown({ ci95, p }: Pick<Difference, 'ci95' | 'p'>): boolean {
  return ci95 !== null && (ci95[0] > 1 || ci95[1] < 1) && p !== null && p < significance
}

/** Which side is the better one, or why none is named. */
export type Verdict = 'a' | 'b' | 'no difference shown' | 'too few trials to say'

/** How two groups of values differ (docs/metrics.md). */
export interface Difference {
  /** Median of `b` over median of `a`. */
  readonly ratio: number
  /** 95 % bootstrap interval of the ratio; null where there are too few values for one, or it has no end. */
  readonly ci95: readonly [low: number, high: number] | null
  /** Two-sided Mann–Whitney U test; null where there are too few values. */
  readonly p: number | null
  /** How often a value of `b` exceeds one of `a`, less how often it is the other way, −1 to 1. */
  readonly cliffs_delta: number | null
  /** Null while a run goes on: nobody is to stop it because a difference just shows. */
  readonly verdict: Verdict | null
}

/** One figure of configuration `b` over that of configuration `a`. */
export interface MetricComparison extends Difference {
  readonly metric: ComparedMetric
  /** Numbers of the configurations; `a` is what is compared with. */
  readonly a: number
  readonly b: number
  /** Trials that count and have the figure, by side. */
  readonly trials: readonly [number, number]
}

export interface Comparison {
  readonly comparisons: readonly MetricComparison[]
  /** What the figures say, in plain words; empty while there is nothing to say. */
  readonly sentences: readonly string[]
}

export const nothingCompared: Comparison = { comparisons: [], sentences: [] }
