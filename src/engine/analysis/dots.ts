import { median } from 'simple-statistics'
import type { DotGroup } from '../../shared/model/chart.ts'
import type { MetricKey } from '../../shared/model/metric.ts'
import type { Configuration, Trial } from '../../shared/model/run.ts'
import { medianInterval } from './bootstrap.ts'
import { outlierPlaces } from './outliers.ts'
import { trialsWith, valuesOf } from './statistics.ts'

/** One value has no spread: an interval about it would be a point, and a false certainty. */
const fewestForInterval = 2

/** Whose dots they are, and what they are called. */
export interface DottedSide {
  readonly name: string
  readonly configuration: Configuration
  readonly counted: readonly Trial[]
  /** Its place among compared sides; null where it is told apart by its model. */
  readonly side: number | null
  /** Of its run's plan. */
  readonly seed: number
}

/** A figure of a configuration, trial by trial, with the median and its interval. */
export function dotGroup(metric: MetricKey, of: DottedSide): DotGroup {
  const values = valuesOf(trialsWith(of.counted, metric), metric)
  const outliers = new Set(outlierPlaces(values))
  const interval = intervalOfMedian(values, of.seed)
  return {
    name: of.name,
    model: of.configuration.model,
    side: of.side,
    dots: values.map((value, at) => ({ value, isOutlier: outliers.has(at) })),
    median: values.length === 0 ? null : median(values),
    low: interval?.[0] ?? null,
    high: interval?.[1] ?? null,
  }
}

/** 95 % bootstrap interval of a median; null where there are too few values for one. */
export function intervalOfMedian(
  values: readonly number[],
  seed: number,
): readonly [low: number, high: number] | null {
  return values.length < fewestForInterval ? null : medianInterval(values, { seed })
}
