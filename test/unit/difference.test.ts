import { describe, expect, it } from 'vitest'
import {
  drawMiddles,
  drawnMedians,
  medianInterval,
  ratioInterval,
} from '../../src/engine/analysis/bootstrap.ts'
import { differenceBetween } from '../../src/engine/analysis/difference.ts'
import { mannWhitney } from '../../src/engine/analysis/mann-whitney.ts'
import { randomNumbers } from '../../src/shared/random.ts'

const numbers = (count: number, first = 1) => Array.from({ length: count }, (_, at) => first + at)

describe('the Mann–Whitney test', () => {
  // Permeability constants of the human chorioamnion: the example of R's wilcox.test, W = 35 and
  // p = 0.1272 one-sided (M. Hollander & D. A. Wolfe, 1973, page 69).
  const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
  const early = [1.15, 0.88, 0.9, 0.74, 1.21]

  it('is exact for small samples without ties, as in Hollander and Wolfe', () => {
    const { u, p } = mannWhitney(early, term)
    expect(u).toBe(35)
    expect(p / 2).toBeCloseTo(0.1272061272, 9)
  })

  it('gives the p of the diabetes example in the documentation of SciPy, 1/9', () => {
    const { u, p } = mannWhitney([20, 11, 17, 12], [19, 22, 16, 29, 24])
    expect([u, p]).toEqual([17, expect.closeTo(1 / 9, 12)])
  })

  it('is the same whichever side comes first, but for the statistic', () => {
    const [one, other] = [mannWhitney(early, term), mannWhitney(term, early)]
    expect(one.u + other.u).toBe(early.length * term.length)
    expect(one.p).toBe(other.p)
  })

  it('corrects for ties and continuity: W = 25.5, p = 0.06933 for the sleep data, as R prints', () => {
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    const { u, p } = mannWhitney(second, first)
    expect([u, p]).toEqual([25.5, expect.closeTo(0.06932757543, 6)])
  })

  it('gives W = 127.5, p = 0.0001208 for ozone in May and August, as R prints', () => {
    const may = [
      ...[41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18],
      ...[14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37],
    ]
    const august = [
      ...[39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22],
      ...[59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85],
    ]
    const { u, p } = mannWhitney(august, may)
    expect([u, p]).toEqual([127.5, expect.closeTo(0.00012080783, 7)])
  })

  // From here on as scipy.stats.mannwhitneyu 1.17 gives it, exact and asymptotic.
  it('is exact up to 49 values a side, and from 50 on close to it', () => {
    expect(mannWhitney(numbers(49, 10.5), numbers(49)).p).toBeCloseTo(0.00258878336, 10)
    expect(mannWhitney(numbers(55, 8.5), numbers(60)).p).toBeCloseTo(0.12848379228, 6)
  })

  it('counts every order of the values alike, as a count of all of them shows', () => {
    const [a, b] = [
      [1, 4, 6, 7],
      [2, 9, 11, 3, 12, 13],
    ]
    const pooled = [...a, ...b]
    const distance = (side: readonly number[]) => {
      const others = pooled.filter((value) => !side.includes(value))
      const above = side.flatMap((x) => others.filter((y) => y > x)).length
      return Math.abs(above - (a.length * b.length) / 2)
    }
    const sides = numbers(2 ** pooled.length, 0)
      .map((bits) => pooled.filter((_, at) => (bits >> at) & 1))
      .filter((side) => side.length === a.length)
    const asFar = sides.filter((side) => distance(side) >= distance(a)).length
    expect(sides).toHaveLength(210)
    expect(mannWhitney(a, b).p).toBeCloseTo(asFar / sides.length, 12)
  })

  it('finds nothing where all values are equal', () => {
    expect(mannWhitney([3, 3, 3], [3, 3])).toEqual({ u: 3, p: 1 })
  })
})

const manyMedians = (values: readonly number[], seed: number) =>
  Array.from(drawnMedians(values, drawMiddles(values.length, 100_000, randomNumbers(seed))))

describe('the bootstrap', () => {
  // The mouse data of Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, table 2.1.
  const treated = [94, 197, 16, 38, 99, 141, 23]
  const control = [52, 104, 146, 10, 51, 30, 40, 27, 46]

  it('draws medians with the standard error that their table 2.2 gives for many samples, 37.83', () => {
    const medians = manyMedians(treated, 5)
    const mean = medians.reduce((sum, each) => sum + each, 0) / medians.length
    const variance = medians.reduce((sum, each) => sum + (each - mean) ** 2, 0) / medians.length
    expect(Math.abs(Math.sqrt(variance) - 37.83)).toBeLessThan(0.3)
  })

  // Efron 1982, "The Jackknife, the Bootstrap and Other Resampling Plans", formula 10.2: how likely
  // the middle one of a sample of 7 is each of the values.
  it('draws each value as the median as often as the binomial distribution says', () => {
    const drawn = Map.groupBy(manyMedians(treated, 6), (each) => each)
    const shares = [...treated]
      .sort((x, y) => x - y)
      .map((value) => (drawn.get(value)?.length ?? 0) / 100_000)
    const exact = [0.0102, 0.0981, 0.2386, 0.3062, 0.2386, 0.0981, 0.0102]
    shares.forEach((share, at) => {
      expect(Math.abs(share - (exact[at] as number))).toBeLessThan(0.006)
    })
  })

  it('takes the mean of the two middle values of an even number', () => {
    const drawn = manyMedians([0, 10], 1)
    expect(new Set(drawn)).toEqual(new Set([0, 5, 10]))
    const halves = drawn.filter((each) => each === 5).length / drawn.length
    expect(Math.abs(halves - 0.5)).toBeLessThan(0.01)
  })

  // The exact distribution of the ratio follows from the two of the medians: its 2.5 % point is 23/52,
  // its 97.5 % point lies where 3.67 (97.48 %) gives way to 3.79 and 3.80.
  it('gives the interval of the ratio that follows from the exact distributions', () => {
    const [low, high] = ratioInterval(control, treated, { seed: 1, resamples: 50_000 }) ?? []
    expect(low).toBeCloseTo(23 / 52, 12)
    expect(high).toBeGreaterThanOrEqual(3.666)
    expect(high).toBeLessThanOrEqual(3.863)
  })

  it('gives the same interval for the same seed, and another for another', () => {
    const ranges = [1, 1, 2].map((seed) =>
      ratioInterval(numbers(12, 100.3), numbers(12, 140).map(Math.sqrt), { seed, resamples: 200 }),
    )
    expect(ranges[0]).toEqual(ranges[1])
    expect(ranges[0]).not.toEqual(ranges[2])
  })

  it('draws for every pair anew where their sizes or what is asked for differ', () => {
    const [a, b] = [numbers(9, 100), numbers(7, 200)]
    const alone = ratioInterval(a, b, { seed: 1 })
    expect(ratioInterval(a, numbers(4, 200), { seed: 1 })).not.toBeNull()
    expect(ratioInterval(a, b, { seed: 1 })).toEqual(alone)
    ratioInterval(a, b, { seed: 2 })
    ratioInterval(a, b, { seed: 1, resamples: 100 })
    expect(ratioInterval(a, b, { seed: 1 })).toEqual(alone)
    expect(ratioInterval(a, b, { seed: 1, resamples: 100 })).not.toEqual(alone)
  })

  it('draws the two sides apart from each other', () => {
    const same = numbers(15, 100)
    const [low, high] = ratioInterval(same, same, { seed: 1 }) ?? []
    expect(low).toBeLessThan(0.98)
    expect(high).toBeGreaterThan(1.02)
  })

  it('has no interval where too many samples have no ratio, and never one that is no number', () => {
    expect(ratioInterval([0, 0, 5, 5, 5], [1, 2, 3, 4, 5], { seed: 1 })).toBeNull()
    expect(ratioInterval([-1, -1, 5, 5, 5], [1, 2, 3, 4, 5], { seed: 1 })).toBeNull()
    // One 0 among nine is the median of one sample in a thousand.
    const [low, high] = ratioInterval([0, 5, 5, 5, 5, 5, 5, 5, 5], [5, 5, 5], { seed: 1 }) ?? []
    expect([low, high]).toEqual([1, 1])
  })

  it('of the median of one list lies within the list', () => {
    expect(medianInterval([7, 7, 7, 7, 7], { seed: 1 })).toEqual([7, 7])
    const [low, high] = medianInterval(treated, { seed: 1 }) ?? []
    expect([low, high]).toEqual([23, 141])
  })
})

describe('a difference', () => {
  const slow = [100, 101, 102, 103, 104, 105, 106, 107, 108, 109]
  const fast = slow.map((value) => value * 1.2 + 0.01)
  const higher = { better: 'higher', seed: 1 } as const
  const lower = { better: 'lower', seed: 1 } as const

  it('is the ratio of medians, with its interval, p and delta', () => {
    const { ratio, ci95, p, cliffs_delta, verdict } = differenceBetween(slow, fast, higher) ?? {}
    expect(ratio).toBeCloseTo(125.41 / 104.5, 12)
    expect(ci95?.[0]).toBeGreaterThan(1.14)
    expect(ci95?.[1]).toBeLessThan(1.26)
    // All of 10 above all of 10: 2 of the 184,756 orders are as far out.
    expect(p).toBeCloseTo(2 / 184_756, 12)
    expect([cliffs_delta, verdict]).toEqual([1, 'b'])
  })

  it('names the better side, whichever that is for the figure', () => {
    expect(differenceBetween(slow, fast, lower)?.verdict).toBe('a')
    expect(differenceBetween(fast, slow, higher)?.verdict).toBe('a')
    expect(differenceBetween(fast, slow, lower)?.verdict).toBe('b')
  })

  // The example of G. Macbeth et al., "Cliff's Delta Calculator", 2011, and of R's package effsize.
  it("has Cliff's delta as effsize gives it, -0.25", () => {
    const treatment = [10, 10, 20, 20, 20, 30, 30, 30, 40, 50]
    const difference = differenceBetween([10, 20, 30, 40, 40, 50], treatment, higher)
    expect(difference?.cliffs_delta).toBe(-0.25)
  })

  it('names nobody for a difference too small to matter', () => {
    const little = slow.map((value) => value * 1.019)
    const tight = slow.map((_, at) => 100 + at / 1000)
    const aboveThem = tight.map((value) => value * 1.019)
    expect(differenceBetween(slow, little, higher)?.verdict).toBe('no difference shown')
    const difference = differenceBetween(tight, aboveThem, higher)
    expect(difference?.ci95?.[0]).toBeGreaterThan(1)
    expect(difference?.p).toBeLessThan(0.05)
    expect(difference?.verdict).toBe('no difference shown')
    expect(differenceBetween(tight, aboveThem, { ...higher, threshold: 0.01 })?.verdict).toBe('b')
  })

  it('names nobody where p is not below 0.05, however far the interval is from 1', () => {
    // Medians far apart, but a tail of each lies beyond all of the other.
    const a = [...numbers(22, 1000), ...numbers(8, 9000)]
    const b = [...numbers(8, 1), ...numbers(22, 2000)]
    const difference = differenceBetween(a, b, higher)
    expect(difference?.p).toBeGreaterThan(0.05)
    expect(difference?.ci95?.[0]).toBeGreaterThan(1)
    expect(difference?.verdict).toBe('no difference shown')
  })

  it('names nobody where the interval holds 1, however small p is', () => {
    const a = [...numbers(20), ...numbers(20, 101)]
    const b = [...numbers(20, 50.5), ...numbers(20, 130.5)]
    const difference = differenceBetween(a, b, higher)
    expect(difference?.p).toBeLessThan(0.05)
    expect(difference?.ci95?.[0]).toBeLessThan(1)
    expect(difference?.verdict).toBe('no difference shown')
  })

  it('is too few trials to say with fewer than five on a side', () => {
    expect(differenceBetween(slow.slice(0, 4), fast, higher)?.verdict).toBe('too few trials to say')
    expect(differenceBetween(slow, fast.slice(0, 4), higher)?.verdict).toBe('too few trials to say')
    expect(differenceBetween(slow.slice(0, 5), fast.slice(0, 5), higher)?.verdict).toBe('b')
  })

  it('of one value has a ratio and nothing that speaks of spread', () => {
    expect(differenceBetween([2], [3, 3, 3, 3, 3], higher)).toEqual({
      ...{ ratio: 1.5, ci95: null, p: null, cliffs_delta: null },
      verdict: 'too few trials to say',
    })
  })

  it('of values that are all equal is none', () => {
    const same = [4, 4, 4, 4, 4]
    expect(differenceBetween(same, same, higher)).toEqual({
      ...{ ratio: 1, ci95: [1, 1], p: 1, cliffs_delta: 0 },
      verdict: 'no difference shown',
    })
  })

  it('leaves out what is no number, as of a trial that died', () => {
    const [dead, endless] = [Number.NaN, Number.POSITIVE_INFINITY]
    expect(differenceBetween([...slow, dead], [endless, ...fast], higher)).toEqual(
      differenceBetween(slow, fast, higher),
    )
    expect(differenceBetween([dead], fast, higher)).toBeNull()
  })

  it('does not exist without a value on each side, or over a median of 0', () => {
    expect(differenceBetween([], fast, higher)).toBeNull()
    expect(differenceBetween(slow, [], higher)).toBeNull()
    expect(differenceBetween([0, 0, 5], fast, higher)).toBeNull()
    expect(differenceBetween([-3, -2, -1], fast, higher)).toBeNull()
    expect(differenceBetween(slow, [-3, -2, -1], higher)).toBeNull()
    expect(differenceBetween([5, 5, 5, 5, 5], [0, 0, 0, 0, 0], lower)?.ratio).toBe(0)
  })
})

describe('the practical threshold', () => {
  it('is the same whichever side stands above', () => {
    const low = numbers(10, 1).map((at) => 1000 + at / 1000)
    // The ratio is 1.0201 one way and 0.9803 the other: both more than 2 % apart.
    const high = low.map((value) => value * 1.0201)
    const options = { better: 'higher', seed: 1 } as const
    expect(differenceBetween(low, high, options)?.verdict).toBe('b')
    expect(differenceBetween(high, low, options)?.verdict).toBe('a')
  })
})
