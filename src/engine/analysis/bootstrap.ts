import { quantileSorted } from 'simple-statistics'
import { randomNumbers } from '../../shared/random.ts'

export interface Resampling {
  readonly seed: number
  /** How many samples are drawn anew; default 10,000. */
  readonly resamples?: number
}

const defaultResamples = 10_000
/** What a 95 % interval leaves out on each side. */
const tail = 0.025

export type Interval = readonly [low: number, high: number]

/**
 * 95 % percentile bootstrap interval of median(b) / median(a) (B. Efron & R. Tibshirani, "An
 * Introduction to the Bootstrap", 1993, chapter 13), each side drawn anew on its own.
 *
 * A drawn sample of `a` whose median is not above 0 has a ratio beyond every bound; where so many have
 * that the interval would have no end, there is none.
 *
 * @param a at least one finite number, as is `b`
 */
export function ratioInterval(
  a: readonly number[],
  b: readonly number[],
  { seed, resamples = defaultResamples }: Resampling,
): Interval | null {
  const next = randomNumbers(seed)
  const [below, above] = [medianDrawer(a, next), medianDrawer(b, next)]
  return intervalOf(resamples, () => {
    const [from, to] = [below(), above()]
    return from > 0 ? to / from : Number.POSITIVE_INFINITY
  })
}

/** The same of the median of one list. */
export function medianInterval(
  values: readonly number[],
  { seed, resamples = defaultResamples }: Resampling,
): Interval | null {
  return intervalOf(resamples, medianDrawer(values, randomNumbers(seed)))
}

function intervalOf(resamples: number, draw: () => number): Interval | null {
  const drawn = Float64Array.from({ length: resamples }, draw).sort() as unknown as number[]
  const [low, high] = [quantileSorted(drawn, tail), quantileSorted(drawn, 1 - tail)]
  return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null
}

/**
 * Gives the median of a sample drawn with replacement, at each call of another. The values are sorted once: of each sample only how often
 * each rank was drawn is counted, up to the middle.
 */
export function medianDrawer(values: readonly number[], next: () => number): () => number {
  const sorted = Float64Array.from(values).sort()
  const size = sorted.length
  const scale = size / 2 ** 32
  const counts = new Uint32Array(size)
  // The middle value, or the two of them.
  const [lower, upper] = [(size + 1) >> 1, (size >> 1) + 1]
  return () => {
    counts.fill(0)
    for (let drawn = 0; drawn < size; drawn++) {
      const rank = Math.floor(next() * scale)
      counts[rank] = (counts[rank] as number) + 1
    }
    let rank = 0
    let seen = counts[0] as number
    while (seen < lower) seen += counts[++rank] as number
    const low = sorted[rank] as number
    while (seen < upper) seen += counts[++rank] as number
    return (low + (sorted[rank] as number)) / 2
  }
}
