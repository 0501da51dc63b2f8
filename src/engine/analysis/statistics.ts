import { median, medianAbsoluteDeviation, quantile } from 'simple-statistics'
import {
  type MetricKey,
  type MetricSummary,
  metricKeys,
  metrics,
} from '../../shared/model/metric.ts'
import type { Configuration, ConfigurationSummary, Run, Trial } from '../../shared/model/run.ts'
import { outlierPlaces } from './outliers.ts'

/**
 * Median, median absolute deviation (not scaled), 5th and 95th percentile (linear between ranks: type
 * 7 of Hyndman & Fan, "Sample Quantiles in Statistical Packages", 1996, the default of R and NumPy).
 *
 * @param numbers by which an outlier is named, one for each value; their places where they are left out
 * @returns null where there is no value
 */
export function summarize(
  values: readonly number[],
  unit: string,
  numbers?: readonly number[],
): MetricSummary | null {
  if (values.length === 0) return null
  const list = [...values]
  return {
    median: median(list),
    mad: medianAbsoluteDeviation(list),
    p5: quantile(list, 0.05),
    p95: quantile(list, 0.95),
    outliers: outlierPlaces(list).map((place) => numbers?.[place] ?? place),
    unit,
  }
}

/** The trials of a configuration that count: neither warm-ups nor such as failed or are void. */
export function countedTrials(run: Pick<Run, 'trials'>, configuration: Configuration): Trial[] {
  return run.trials.filter(
    (trial) =>
      trial.configuration_id === configuration.id && !trial.warm_up && trial.status === 'done',
  )
}

/** One row a configuration, in the run's order. */
export function summarizeRun(run: Pick<Run, 'configurations' | 'trials'>): ConfigurationSummary[] {
  return run.configurations.map((configuration) => {
    const counted = countedTrials(run, configuration)
    const summaries: Partial<Record<MetricKey, MetricSummary>> = {}
    for (const key of metricKeys) {
      const having = trialsWith(counted, key)
      const numbers = having.map(({ index }) => index)
      const summary = summarize(valuesOf(having, key), metrics[key].unit, numbers)
      if (summary !== null) summaries[key] = summary
    }
    return { configuration, counted, metrics: summaries }
  })
}

/**
 * Memory per worker is found from PSS or from RSS, which are not to be mixed: where some trials have it
 * from PSS, those are taken.
 */
function comparableIn(key: MetricKey, trials: readonly Trial[]): readonly Trial[] {
  if (key !== 'memory_per_worker_bytes') return trials
  const byPss = trials.filter(({ memory_basis }) => memory_basis === 'pss')
  return byPss.length > 0 ? byPss : trials
}

/** The trials that have a figure, and have it from the same source. */
export function trialsWith(trials: readonly Trial[], key: MetricKey): Trial[] {
  return comparableIn(key, trials).filter((trial) => isNumber(trial.metrics[key]))
}

/** What trials have of a figure; those that have it not are left out. */
export function valuesOf(trials: readonly Trial[], key: MetricKey): number[] {
  return trials.map((trial) => trial.metrics[key]).filter(isNumber)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
