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
  resampling: Resampling,
): Interval | null {
  const [ofA, ofB] = middlesOf(a.length, b.length, resampling)
  const [below, above] = [drawnMedians(a, ofA), drawnMedians(b, ofB)]
  return intervalOf(
    above.map((to, at) => {
      const from = below[at] as number
      return from > 0 ? to / from : Number.POSITIVE_INFINITY
    }),
  )
}

/** The same of the median of one list. */
export function medianInterval(values: readonly number[], resampling: Resampling): Interval | null {
  // What is drawn first for a ratio is drawn as for one list alone.
  return intervalOf(drawnMedians(values, middlesOf(values.length, 0, resampling)[0]))
}

function intervalOf(medians: Float64Array): Interval | null {
  const sorted = medians.sort() as unknown as number[]
  const [low, high] = [quantileSorted(sorted, tail), quantileSorted(sorted, 1 - tail)]
  return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null
}

/** Of each drawn sample the ranks of its two middle values, which are one where its size is odd. */
interface Middles {
  readonly lower: Uint32Array
  readonly upper: Uint32Array
}

/**
 * Draws samples with replacement from as many ranks. How often each rank was drawn is counted, up to
 * the middle: nothing is sorted.
 */
export function drawMiddles(size: number, resamples: number, next: () => number): Middles {
  const [lower, upper] = [new Uint32Array(resamples), new Uint32Array(resamples)]
  const scale = size / 2 ** 32
  const counts = new Uint32Array(size)
  const [toLower, toUpper] = [(size + 1) >> 1, (size >> 1) + 1]
  for (let sample = 0; sample < resamples; sample++) {
    counts.fill(0)
    for (let drawn = 0; drawn < size; drawn++) {
      const rank = Math.floor(next() * scale)
      counts[rank] = (counts[rank] as number) + 1
    }
    let rank = 0
    let seen = counts[0] as number
    while (seen < toLower) seen += counts[++rank] as number
    lower[sample] = rank
    while (seen < toUpper) seen += counts[++rank] as number
    upper[sample] = rank
  }
  return { lower, upper }
}

/** The medians of the samples that were drawn from a list. */
export function drawnMedians(values: readonly number[], { lower, upper }: Middles): Float64Array {
  const sorted = Float64Array.from(values).sort()
  return Float64Array.from(lower, (rank, sample) => {
    const [low, high] = [sorted[rank] as number, sorted[upper[sample] as number] as number]
    return (low + high) / 2
  })
}

/** What was drawn last: all figures of a run are drawn alike, and drawing is what takes the time. */
const drawn = new Map<string, readonly [Middles, Middles]>()
/** As many as are asked for in turn: the ratios of a few pairs, and the medians of their sides. */
const mostKept = 8

function middlesOf(
  onA: number,
  onB: number,
  { seed, resamples = defaultResamples }: Resampling,
): readonly [Middles, Middles] {
  const key = [onA, onB, seed, resamples].join()
  const known = drawn.get(key)
  if (known !== undefined) return known
  const next = randomNumbers(seed)
  const middles = [
    drawMiddles(onA, resamples, next),
    drawMiddles(onB, onB === 0 ? 0 : resamples, next),
  ] as const
  const [oldest] = drawn.keys()
  if (drawn.size >= mostKept && oldest !== undefined) drawn.delete(oldest)
  drawn.set(key, middles)
  return middles
}
