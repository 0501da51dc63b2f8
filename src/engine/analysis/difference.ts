import { median } from 'simple-statistics'
import {
  type Difference,
  fewestTrials,
  isShown,
  practicalThreshold,
  type Verdict,
} from '../../shared/model/comparison.ts'
import { ratioInterval } from './bootstrap.ts'
import { mannWhitney } from './mann-whitney.ts'

export { fewestTrials } from '../../shared/model/comparison.ts'

/** One value has no spread: an interval about it would be a point, and a false certainty. */
const fewestForSpread = 2

export interface DifferenceOptions {
  /** Which of two values is the better one; null where that cannot be said, and there is no verdict. */
  readonly better: 'higher' | 'lower' | null
  readonly seed: number
  /** Of the bootstrap; default 10,000. */
  readonly resamples?: number
  /** The difference of medians, as a share, that must be exceeded for a winner to be named; default 0.02. */
  readonly threshold?: number
}

/**
 * How two groups of trials differ in a figure: the ratio of their medians with its interval, the
 * Mann–Whitney test, Cliff's delta (N. Cliff, "Dominance Statistics: Ordinal Analyses to Answer
 * Ordinal Questions", 1993), and what follows from them (docs/metrics.md). What is no finite number,
 * as of a trial that died, is left out before.
 *
 * @returns null where a side has no value, or its median is such that there is no ratio: 0 in `a`, or
 *   negative
 */
export function differenceBetween(
  a: readonly number[],
  b: readonly number[],
  options: DifferenceOptions,
): Difference | null {
  const [before, after] = [a.filter(Number.isFinite), b.filter(Number.isFinite)]
  const ratio = ratioOfMedians(before, after)
  if (ratio === null) return null
  const fewest = Math.min(before.length, after.length)
  const tooFew = options.better === null ? null : 'too few trials to say'
  if (fewest < fewestForSpread)
    return { ratio, ci95: null, p: null, cliffs_delta: null, verdict: tooFew }
  const ci95 = ratioInterval(before, after, options)
  const { u, p } = mannWhitney(before, after)
  const pairs = before.length * after.length
  const found = { ratio, ci95, p, cliffs_delta: (2 * u - pairs) / pairs }
  return { ...found, verdict: fewest < fewestTrials ? tooFew : verdictOn(found, options) }
}

/**
 * Median of `b` over median of `a`; of finite numbers.
 *
 * @returns null where a side has no value, or there is no ratio
 */
export function ratioOfMedians(a: readonly number[], b: readonly number[]): number | null {
  if (a.length === 0 || b.length === 0) return null
  const [from, to] = [median([...a]), median([...b])]
  return from > 0 && to >= 0 && Number.isFinite(to / from) ? to / from : null
}

/** A winner only where all three speak for it: the interval, the test, and a size that matters. */
function verdictOn(
  { ratio, ci95, p }: Pick<Difference, 'ratio' | 'ci95' | 'p'>,
  { better, threshold = practicalThreshold }: DifferenceOptions,
): Verdict | null {
  if (better === null) return null
  if (!isShown({ ci95, p }) || distance(ratio) <= threshold) return 'no difference shown'
  return ratio > 1 === (better === 'higher') ? 'b' : 'a'
}

/** How far a ratio is from 1, the same whichever of its sides stands above. */
export function distance(ratio: number): number {
  return Math.max(ratio, 1 / ratio) - 1
}
