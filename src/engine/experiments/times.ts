import { formatInterval, formatNumber } from '../../shared/format.ts'
import { differenceBetween, fewestTrials } from '../analysis/difference.ts'
import { times } from './wording.ts'

/** Fewer than for a verdict that is kept: it is found anew with each trial. */
const resamples = 2000

/**
 * How many times `a` the trials of `b` come to, said as surely as they allow (docs/metrics.md): with its
 * 95 % interval where there are trials enough, as `1.94 times (1.90 to 1.98) as long`, and where these
 * show no difference, that they do not.
 *
 * @param what as `long`, `much`, `fast as 2 threads`
 * @returns null where a side has no value, or there is no ratio
 */
export function timesOf(
  a: readonly number[],
  b: readonly number[],
  seed: number,
  what: string,
): string | null {
  const difference = differenceBetween(a, b, { better: 'higher', seed, resamples })
  if (difference === null) return null
  const { ratio, ci95, verdict } = difference
  const isFew = Math.min(a.length, b.length) < fewestTrials
  if (isFew || ci95 === null) {
    const isOne = Number(ratio.toPrecision(2)) === 1
    return `${isOne ? 'about' : times(ratio)} as ${what}`
  }
  const none = verdict === 'no difference shown' ? ', no difference shown' : ''
  return `${formatNumber(ratio)} times (${formatInterval(ci95)}) as ${what}${none}`
}
