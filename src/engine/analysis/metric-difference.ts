import { betterOf, type MetricKey } from '../../shared/model/metric.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { MetricDifference } from '../../shared/model/run-comparison.ts'
import { countsSharedPages } from './comparison-sentence.ts'
import { differenceBetween, ratioOfMedians } from './difference.ts'
import { hasOneBasis, type Side } from './pairs.ts'
import { trialsWith, valuesOf } from './statistics.ts'

/**
 * A figure of `b` over that of `a`, within a run and between runs alike; null where one of them has it
 * not, or there is no ratio.
 *
 * The draws of the bootstrap follow from the plan's seed and the numbers of trials alone: a copy of the
 * runs on another machine gives the same figures.
 *
 * @param plan that of `a`'s run
 */
export function metricDifference(
  a: Side,
  b: Side,
  metric: MetricKey,
  plan: Pick<Plan, 'tasks' | 'seed'>,
): MetricDifference | null {
  const values = valuesOfBoth(a, b, metric)
  if (values === null) return null
  const better = isJudged(metric, a, b) ? betterFor(plan, metric) : null
  const difference = differenceBetween(...values, { better, seed: plan.seed })
  return difference && { metric, ...difference, trials: [values[0].length, values[1].length] }
}

/** Its ratio and nothing else. */
export function metricRatio(a: Side, b: Side, metric: MetricKey): MetricDifference | null {
  const values = valuesOfBoth(a, b, metric)
  const ratio = values && ratioOfMedians(...values)
  if (values === null || ratio === null) return null
  const unknown = { ci95: null, p: null, cliffs_delta: null, verdict: null }
  return { metric, ratio, ...unknown, trials: [values[0].length, values[1].length] }
}

/** Null where the two were found in different ways. */
function valuesOfBoth(a: Side, b: Side, metric: MetricKey): [number[], number[]] | null {
  if (metric === 'memory_per_worker_bytes' && !hasOneBasis([a, b])) return null
  const of = ({ counted }: Side) => valuesOf(trialsWith(counted, metric), metric)
  return [of(a), of(b)]
}

/**
 * Which of two values is the better one under a plan. Where it gives the time, that is as long as was
 * asked, and more work takes more of the CPU: neither says who is better.
 */
export function betterFor(
  { tasks }: Pick<Plan, 'tasks'>,
  metric: MetricKey,
): 'higher' | 'lower' | null {
  const isGiven = tasks === null && (metric === 'wall_ms' || metric === 'cpu_ms')
  return isGiven ? null : betterOf(metric)
}

/** Whether a figure of these two can be set against each other as better and worse. */
function isJudged(metric: MetricKey, a: Side, b: Side): boolean {
  const isResident =
    metric === 'peak_rss_bytes' || (metric === 'memory_per_worker_bytes' && hasResident([a, b]))
  return !isResident || !countsSharedPages(a.configuration, b.configuration)
}

function hasResident(sides: readonly Side[]): boolean {
  return sides.some(({ counted }) => counted.some(({ memory_basis }) => memory_basis === 'rss'))
}
