import {
  type ComparedMetric,
  type Comparison,
  comparedMetrics,
  type Difference,
  type MetricComparison,
  nothingCompared,
} from '../../shared/model/comparison.ts'
import { metrics } from '../../shared/model/metric.ts'
import { ranProbe } from '../../shared/model/run.ts'
import { namedByModel, sentenceOf } from './comparison-sentence.ts'
import { differenceBetween, ratioOfMedians } from './difference.ts'
import { type ComparedRun, hasOneBasis, type Pair, pairsOf } from './pairs.ts'
import { precisionSentence } from './precision.ts'
import { valuesOf } from './statistics.ts'

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
  const between = isEnded ? inFull(run.plan.seed) : ratioAlone
  const found = pairsOf(run).map((pair) => ({
    pair,
    comparisons: comparedMetrics.flatMap((metric) => compared(metric, pair, between) ?? []),
  }))
  return {
    comparisons: found.flatMap(({ comparisons }) => comparisons),
    sentences: isEnded
      ? [
          ...found.map(({ pair, comparisons }) => sentenceOf(namedByModel(pair), comparisons)),
          precisionSentence(run),
        ].filter((sentence) => sentence !== null)
      : [],
  }
}

type Between = (
  a: readonly number[],
  b: readonly number[],
  metric: ComparedMetric,
) => Difference | null

function inFull(seed: number): Between {
  return (a, b, metric) => differenceBetween(a, b, { better: metrics[metric].better, seed })
}

const ratioAlone: Between = (a, b) => {
  const ratio = ratioOfMedians(a, b)
  return ratio === null ? null : { ratio, ci95: null, p: null, cliffs_delta: null, verdict: null }
}

function compared(metric: ComparedMetric, [a, b]: Pair, between: Between): MetricComparison | null {
  if (metric === 'memory_per_worker_bytes' && !hasOneBasis([a, b])) return null
  const [before, after] = [valuesOf(a.counted, metric), valuesOf(b.counted, metric)]
  const difference = between(before, after, metric)
  if (difference === null) return null
  return {
    metric,
    a: a.configuration.id,
    b: b.configuration.id,
    ...difference,
    trials: [before.length, after.length],
  }
}
