import type { Difference } from './comparison.ts'
import type { MetricKey } from './metric.ts'
import type { Configuration, RunSummary } from './run.ts'
import type { NamedChart } from './run-comparison.ts'

/** One configuration over the runs that executed it. */
export interface Trend {
  readonly configuration: Configuration
  readonly metric: MetricKey
  /** The run that the others are held against; null where its workload has no baseline, or the baseline cannot be compared. */
  readonly baseline: number | null
  /** Why there is none to hold against; null where there is. */
  readonly withoutBaseline: string | null
  /** The oldest first. */
  readonly points: readonly TrendPoint[]
  /** Runs of the same workload that are not in it, and why. */
  readonly leftOut: readonly { readonly run: number; readonly reasons: readonly string[] }[]
  readonly chart: NamedChart
}

export interface TrendPoint {
  readonly run: Pick<RunSummary, 'id' | 'uid' | 'label' | 'started_at' | 'imported_at' | 'machine'>
  /** Number of the configuration in that run. */
  readonly configuration: number
  readonly trials: number
  readonly median: number
  /** 95 % interval of the median; null where there are too few trials for one. */
  readonly ci95: readonly [low: number, high: number] | null
  /** Against the baseline; null without one, and of the baseline itself. */
  readonly difference: Difference | null
}
