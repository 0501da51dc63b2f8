import {
  type ComparedMetric,
  type Comparison,
  comparedMetrics,
  type MetricComparison,
  nothingCompared,
} from '../../shared/model/comparison.ts'
import { ranProbe } from '../../shared/model/run.ts'
import { leadOf, namedInRun, sentenceOf } from './comparison-sentence.ts'
import { metricDifference, metricRatio } from './metric-difference.ts'
import { type ComparedRun, type Pair, pairsOf } from './pairs.ts'
import { precisionSentence } from './precision.ts'

/**
 * The models of a run beside each other, at equal numbers of workers, from the trials that count.
 *
 * While the run goes on there are ratios alone: nobody is to stop it because a difference just shows,
 * and what the rest takes to compute would be the observer's cost.
 */
export function compareModels(run: ComparedRun): Comparison {
  // What a probe sees is no metric, and is told by its experiment.
  if (ranProbe(run)) return nothingCompared
  const isEnded = run.status !== 'running'
  const found = pairsOf(run).map((pair) => ({
    pair,
    comparisons: comparedMetrics.flatMap((metric) => compared(metric, pair, run) ?? []),
  }))
  return {
    comparisons: found.flatMap(({ comparisons }) => comparisons),
    sentences: isEnded
      ? [
          ...found.map(({ pair, comparisons }) => {
            const sentence = sentenceOf(namedInRun(pair, run.configurations), comparisons)
            return sentence && `${leadOf(pair, run.configurations)}${sentence}`
          }),
          precisionSentence(run),
        ].filter((sentence) => sentence !== null)
      : [],
  }
}

function compared(
  metric: ComparedMetric,
  [a, b]: Pair,
  { plan, status }: ComparedRun,
): MetricComparison | null {
  const difference =
    status === 'running' ? metricRatio(a, b, metric) : metricDifference(a, b, metric, plan)
  return difference && { ...difference, metric, a: a.configuration.id, b: b.configuration.id }
}
