import {
  type Comparison,
  type MetricComparison,
  practicalThreshold,
} from '../../shared/model/comparison.ts'
import type { Findings } from '../../shared/model/findings.ts'
import { metrics } from '../../shared/model/metric.ts'
import type { ConfigurationSummary, Run, Trial } from '../../shared/model/run.ts'

/**
 * A run as one JSON document, for other programs (docs/formats.md).
 *
 * @param summaries one for each configuration, in the run's order
 */
export function runDocument(
  run: Run,
  summaries: readonly ConfigurationSummary[],
  { comparisons }: Comparison,
  findings: Findings | null,
) {
  const { configurations: _, trials, ...rest } = run
  return {
    run: rest,
    configurations: summaries.map(({ configuration, metrics: own }) => {
      const executed = trials.filter((trial) => trial.configuration_id === configuration.id)
      return {
        ...configuration,
        trials: executed.filter((trial) => !trial.warm_up).map(trialDocument),
        warm_ups: executed.filter((trial) => trial.warm_up).map(trialDocument),
        metrics: own,
      }
    }),
    comparisons: comparisons.map(comparisonDocument),
    findings,
  }
}

function trialDocument({ configuration_id: _, warm_up: __, ...trial }: Trial) {
  return trial
}

/** With what its verdict rests on beside the figures. */
function comparisonDocument(comparison: MetricComparison) {
  const { a, b, metric, ratio, ci95, p, cliffs_delta, verdict, trials } = comparison
  const { better } = metrics[metric]
  const found = { ratio, ci95, p, cliffs_delta, verdict, trials }
  return { a, b, metric, ...found, better, threshold: practicalThreshold }
}
