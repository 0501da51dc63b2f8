import { formatInterval, formatNumber } from '../../shared/format.ts'
import { differenceBetween, fewestTrials } from '../analysis/difference.ts'

/** Two configurations beside each other in a sentence. */
export interface Times {
  /** Median of `b` over that of `a`. */
  readonly value: number
  /** As `1.94 times`, with its 95 % interval where there are trials enough: `1.94 times (1.90 to 1.98)`. */
  readonly words: string
  /** There are trials enough, and they show no difference. */
  readonly isNone: boolean
}

/** Fewer than for a verdict that is kept: it is found anew with each trial. */
const resamples = 2000

/**
 * How many times `a` the trials of `b` come to, said as surely as they allow (docs/metrics.md).
 *
 * @returns null where a side has no value, or there is no ratio
 */
export function timesOf(a: readonly number[], b: readonly number[], seed: number): Times | null {
  const difference = differenceBetween(a, b, { better: 'higher', seed, resamples })
  if (difference === null) return null
  const { ratio, ci95, verdict } = difference
  const isFew = Math.min(a.length, b.length) < fewestTrials
  const interval = isFew || ci95 === null ? '' : ` (${formatInterval(ci95)})`
  return {
    value: ratio,
    words: `${formatNumber(ratio)} times${interval}`,
    isNone: verdict === 'no difference shown',
  }
}
