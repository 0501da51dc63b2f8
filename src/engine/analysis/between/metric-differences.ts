import { betterOf, type MetricKey, metricKeys } from '../../../shared/model/metric.ts'
import type { MetricDifference } from '../../../shared/model/run-comparison.ts'
import { countsSharedPages } from '../comparison-sentence.ts'
import { differenceBetween } from '../difference.ts'
import { hasOneBasis } from '../pairs.ts'
import { trialsWith, valuesOf } from '../statistics.ts'
import type { SavedSide } from './sides.ts'

/**
 * Every figure of `b` over that of `a`, in the order of the metrics; those that one of them has not,
 * or of which there is no ratio, are left out.
 *
 * The draws of the bootstrap follow from the seed of `a`'s plan and the numbers of trials alone: a
 * copy of the runs on another machine gives the same figures, and within one run they are those that
 * its own comparison has.
 */
export function metricDifferences(a: SavedSide, b: SavedSide): MetricDifference[] {
  return metricKeys.flatMap((metric) => metricDifference(a, b, metric) ?? [])
}

/** One of them. */
export function metricDifference(
  a: SavedSide,
  b: SavedSide,
  metric: MetricKey,
): MetricDifference | null {
  if (metric === 'memory_per_worker_bytes' && !hasOneBasis([a, b])) return null
  const [before, after] = [a, b].map(({ counted }) =>
    valuesOf(trialsWith(counted, metric), metric),
  ) as [number[], number[]]
  const better = isJudged(metric, a, b) ? betterFor(a.run.plan, metric) : null
  const difference = differenceBetween(before, after, { better, seed: a.run.plan.seed })
  return difference && { metric, ...difference, trials: [before.length, after.length] }
}

/**
 * Which of two values is the better one under a plan. Where it gives the time, that is as long as was
 * asked, and more work takes more of the CPU: neither says who is better.
 */
export function betterFor(
  { tasks }: { readonly tasks: number | null },
  metric: MetricKey,
): 'higher' | 'lower' | null {
  const isGiven = tasks === null && (metric === 'wall_ms' || metric === 'cpu_ms')
  return isGiven ? null : betterOf(metric)
}

/** Whether a figure of these two can be set against each other as better and worse. */
function isJudged(metric: MetricKey, a: SavedSide, b: SavedSide): boolean {
  switch (metric) {
    case 'peak_rss_bytes':
      return !countsSharedPages(a.configuration, b.configuration)
    case 'memory_per_worker_bytes':
      return !isResident([a, b]) || !countsSharedPages(a.configuration, b.configuration)
    default:
      return true
  }
}

function isResident(sides: readonly SavedSide[]): boolean {
  return sides.some(({ counted }) => counted.some(({ memory_basis }) => memory_basis === 'rss'))
}
