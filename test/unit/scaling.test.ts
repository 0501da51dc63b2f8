import { describe, expect, it } from 'vitest'
import { ratioInterval } from '../../src/engine/analysis/bootstrap.ts'
import { fitLaw } from '../../src/engine/analysis/scaling/fit.ts'
import {
  amdahl,
  gustafson,
  type Law,
  throughputAt,
  usl,
} from '../../src/engine/analysis/scaling/laws.ts'
import { measuredPoints, type ScalingPoint } from '../../src/engine/analysis/scaling/points.ts'
import { scalingOf } from '../../src/engine/analysis/scaling/scaling.ts'
import { serialFraction } from '../../src/engine/analysis/scaling/speed-up.ts'
import { studentT95 } from '../../src/engine/analysis/scaling/student-t.ts'
import { randomNumbers } from '../../src/shared/random.ts'
import { raytracer, raytracerUpTo20, specsdm91 } from '../support/published-scaling.ts'

const strong = { scaling: 'strong', seed: 1, usableCores: 1000, resamples: 200 } as const
const weak = { ...strong, scaling: 'weak' } as const
const counts = [1, 2, 3, 4, 6, 8]

/** Trials about a law, as far off it as the noise says. */
function trialsOf(
  law: Law,
  [lambda = 0, ...shape]: readonly number[],
  { workers = counts, trials = 1, noise = () => 0 },
): ScalingPoint[] {
  return workers.map((n) => ({
    workers: n,
    values: Array.from({ length: trials }, () => lambda * law.capacity(n, shape) * (1 + noise())),
  }))
}

/** Normal noise with that standard deviation (G. E. P. Box & M. E. Muller, 1958). */
function normalNoise(seed: number, deviation: number) {
  const next = randomNumbers(seed)
  const uniform = () => (next() + 0.5) / 2 ** 32
  return () => deviation * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

const quietTrials = (law: Law, values: readonly number[]) =>
  trialsOf(law, values, { trials: 10, noise: normalNoise(3, 0.01) })

describe('the Universal Scalability Law', () => {
  it.each([specsdm91, raytracer, raytracerUpTo20])(
    'has the published parameters of $name',
    (published) => {
      const { fits } = scalingOf(published.points, strong)
      const { lambda, sigma, kappa } = fits.usl?.parameters ?? {}
      const { digits } = published
      expect(lambda?.value).toBeCloseTo(published.lambda, digits.lambda)
      expect(sigma?.value).toBeCloseTo(published.sigma, digits.sigma)
      expect(kappa?.value).toBeCloseTo(published.kappa, digits.kappa)
    },
  )

  it('has the standard errors that usl prints for specsdm91, and its peak', () => {
    const { fits, bestWorkers } = scalingOf(specsdm91.points, strong)
    const errors = Object.values(fits.usl?.parameters ?? {}).map(
      ({ value, high }) => ((high ?? 0) - value) / studentT95(7 - 3),
    )
    expect(errors[0]).toBeCloseTo(14.2134894, 5)
    expect(errors[1]).toBeCloseTo(0.0091217, 6)
    expect(errors[2]).toBeCloseTo(0.0000199, 7)
    expect(bestWorkers?.peak.value).toBeCloseTo(96.51956, 4)
    expect(bestWorkers?.workers).toBe(97)
    // From the same summary: peak throughput 1884, and the fitted values of tests/fitted.
    expect(bestWorkers?.throughput.value).toBeCloseTo(1884, 0)
    const curve = fits.usl?.curve ?? []
    expect([curve[0]?.workers, curve.at(-1)?.workers, curve.length]).toEqual([1, 216, 65])
    expect(curve[0]?.throughput.value).toBeCloseTo(90, 1)
    expect(curve.at(-1)?.throughput.value).toBeCloseTo(1646, 0)
  })

  // tests/confint of the package, where an interval is 2.015 standard errors to each side.
  it('has the standard error that usl prints for raytracer up to 20', () => {
    const { fits } = scalingOf(raytracerUpTo20.points, strong)
    const { value = 0, high } = fits.usl?.parameters.lambda ?? {}
    const error = ((high ?? 0) - value) / studentT95(6 - 3)
    expect(error).toBeCloseTo((22.44492 - 19.26717) / 2 / 2.0150484, 4)
  })

  // tests/coef of the package: made with α = β = 0.02, to four digits.
  it('finds what throughputs were made with', () => {
    const made = [1, 1.8868, 3.0769, 3.5294, 3.5398, 3.3557]
    const points = [1, 2, 4, 6, 8, 10].map((workers, at) => ({ workers, values: [made[at] ?? 0] }))
    const { fits, bestWorkers } = scalingOf(points, strong)
    expect(fits.usl?.parameters.sigma.value).toBeCloseTo(0.02, 4)
    expect(fits.usl?.parameters.kappa.value).toBeCloseTo(0.02, 4)
    // sqrt(0.98 / 0.02) = 7 exactly.
    expect([bestWorkers?.workers, bestWorkers?.peak.value]).toEqual([7, expect.closeTo(7, 2)])
  })
})

describe('a fit', () => {
  const exact = [
    [amdahl.title, [250, 0.07], amdahl],
    [amdahl.title, [250, 0], amdahl],
    [amdahl.title, [250, 1], amdahl],
    [gustafson.title, [3e-6, 0.2], gustafson],
    [usl.title, [4e7, 0.03, 0.002], usl],
    [usl.title, [4e7, 0, 0.01], usl],
    [usl.title, [4e7, 0.2, 0], usl],
    [usl.title, [4e7, 0.9, 0.3], usl],
  ] satisfies (readonly [string, readonly number[], Law])[]
  it.each(exact)('of what lies on %s exactly finds it: %j', (_, values, law) => {
    const fitted = fitLaw<string>(law, measuredPoints(trialsOf(law, values, {})), { seed: 1 })
    const [lambda, ...shape] = ['lambda', ...law.keys].map(
      (key) => fitted?.fit.parameters[key]?.value ?? Number.NaN,
    )
    expect((lambda ?? 0) / (values[0] ?? 1)).toBeCloseTo(1, 9)
    shape.forEach((value, at) => {
      expect(value).toBeCloseTo(values[at + 1] ?? -1, 9)
    })
    expect(fitted?.fit.rSquared ?? 1).toBeCloseTo(1, 9)
  })

  it('keeps its parameters to what they stand for, where the points would have them beyond', () => {
    const superlinear = counts.map((workers) => ({ workers, values: [workers ** 1.2] }))
    const falling = counts.map((workers) => ({ workers, values: [10 / workers] }))
    expect(scalingOf(superlinear, strong).fits.usl?.parameters.sigma).toMatchObject({ value: 0 })
    expect(scalingOf(superlinear, strong).fits.amdahl?.parameters.serial.low).toBe(0)
    const jagged = counts.map((workers) => ({ workers, values: [workers % 2 === 0 ? 90 : 5] }))
    expect(scalingOf(jagged, strong).fits.usl?.curve[0]?.throughput.low).toBe(0)
    expect(scalingOf(falling, strong).fits.amdahl?.parameters.serial).toMatchObject({
      ...{ value: 1, high: 1 },
    })
    expect(scalingOf(falling, strong).bestWorkers?.workers).toBe(1)
  })

  it('is of the medians, which one disturbed trial does not move', () => {
    const points = quietTrials(usl, [100, 0.05, 0.01])
    const disturbed = points.map(({ workers, values }) => ({
      workers,
      values: values.map((value) => (value === Math.min(...values) ? value / 10 : value)),
    }))
    const [fit, other] = [points, disturbed].map((each) => scalingOf(each, strong).fits.usl)
    expect(other?.parameters.sigma.value).toBe(fit?.parameters.sigma.value)
  })

  it('is the same for the same seed, and its intervals others for another', () => {
    const points = quietTrials(usl, [100, 0.05, 0.01])
    const [one, again, other] = [1, 1, 2].map((seed) => scalingOf(points, { ...strong, seed }))
    expect(again).toEqual(one)
    expect(other?.fits.usl?.parameters.sigma.value).toBe(one?.fits.usl?.parameters.sigma.value)
    expect(other?.fits.usl?.parameters.sigma.low).not.toBe(one?.fits.usl?.parameters.sigma.low)
  })

  it('says with its curve what its parameters say', () => {
    const fit = scalingOf(quietTrials(usl, [100, 0.05, 0.01]), strong).fits.usl
    const { lambda, sigma, kappa } = fit?.parameters ?? {}
    const values = {
      lambda: lambda?.value ?? 0,
      sigma: sigma?.value ?? 0,
      kappa: kappa?.value ?? 0,
    }
    for (const { workers, throughput } of fit?.curve ?? []) {
      expect(throughputAt('usl', values, workers)).toBeCloseTo(throughput.value, 9)
      expect(throughput.low).toBeLessThan(throughput.value)
      expect(throughput.high).toBeGreaterThan(throughput.value)
    }
    expect(fit?.curve.map(({ workers }) => workers)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })
})

describe('the interval of a parameter', () => {
  const runs = 100
  // 95 of 100, less what chance takes once in a thousand (binomial, 3.09 deviations).
  const leastInside = runs * 0.95 - 3.09 * Math.sqrt(runs * 0.95 * 0.05)
  // 5 of 100 found off the curve by chance, and as much again.
  const mostOff = runs * 0.05 + 3.09 * Math.sqrt(runs * 0.95 * 0.05)

  const truths: readonly (readonly [string, Law, readonly number[], number])[] = [
    ['Amdahl’s law, 10 trials', amdahl, [100, 0.1], 10],
    ['Amdahl’s law, one trial', amdahl, [100, 0.1], 1],
    ['the Universal Scalability Law, 5 trials', usl, [100, 0.05, 0.01], 5],
    ['the same without coherency, at its bound', usl, [100, 0.05, 0], 10],
  ]
  it.each(truths)(
    'holds the truth as often as it says, and is no wider: %s',
    (_, law, truth, trials) => {
      const noise = normalNoise(7, 0.02)
      const fits = Array.from({ length: runs }, (_, seed) => {
        const points = measuredPoints(trialsOf(law, truth, { trials, noise }))
        return fitLaw(law, points, { seed, resamples: 200 })?.fit
      })
      expect(fits.filter((fit) => (fit?.misfitP ?? 1) < 0.05).length).toBeLessThan(mostOff)
      for (const [at, key] of ['lambda', ...law.keys].entries()) {
        const found = fits.map((fit) => fit?.parameters[key] ?? { value: -1, low: 0, high: 0 })
        const inside = found.filter(
          ({ low, high }) => (low ?? 1) <= (truth[at] ?? 0) && (truth[at] ?? 0) <= (high ?? 0),
        )
        expect(inside.length).toBeGreaterThanOrEqual(leastInside)
        // As wide as 95 of 100 estimates are apart, or half as wide again and more with few degrees.
        const values = found.map(({ value }) => value).sort((one, other) => one - other)
        const apart = (values[97] ?? 0) - (values[2] ?? 0)
        const widths = found.map(({ low, high }) => (high ?? 0) - (low ?? 0)).sort((x, y) => x - y)
        expect(widths[50]).toBeLessThan(2.2 * apart)
      }
    },
    60_000,
  )

  it('rests on how far the curve misses, where that is more than the trials scatter', () => {
    const points = quietTrials(amdahl, [100, 0.05]).map(({ workers, values }) => ({
      workers,
      values: values.map((value) => (workers > 4 ? value * 0.8 : value)),
    }))
    const { fits, warnings } = scalingOf(points, strong)
    expect(fits.amdahl?.intervalsFrom).toBe('residuals')
    expect(warnings.join()).toMatch(
      /Amdahl’s law misses the points by more than the trials scatter/,
    )
    const straight = scalingOf(quietTrials(amdahl, [100, 0.05]), strong)
    expect(straight.fits.amdahl?.intervalsFrom).toBe('trials')
    expect(straight.warnings.join()).not.toMatch(/misses/)
    const width = ({ low, high }: { low: number | null; high: number | null }) =>
      (high ?? 0) - (low ?? 0)
    const [bent, unbent] = [fits, straight.fits].map(({ amdahl: fit }) => fit?.parameters.lambda)
    if (!bent || !unbent) throw new Error('no fit')
    expect(width(bent)).toBeGreaterThan(5 * width(unbent))
  })

  // R's qt(0.975, df).
  it('is of Student’s t', () => {
    const table = [12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912]
    table.forEach((t, at) => {
      expect(studentT95(at + 1)).toBeCloseTo(t, 6)
    })
    expect(studentT95(30)).toBeCloseTo(2.042272, 6)
    expect(studentT95(1000)).toBeCloseTo(1.962339, 6)
  })
})

describe('a speed-up', () => {
  const points = [
    { workers: 4, values: [330, 300, 310, 290, 305] },
    { workers: 1, values: [100, 104, 98, 99, 102] },
    { workers: 2, values: [190, 180, 200, 195, 197] },
  ]

  it('is the ratio of medians, with the interval of such a ratio', () => {
    const [one, , four] = scalingOf(points, strong).points
    expect(one?.speedup).toEqual({ value: 1, low: 1, high: 1 })
    const [low, high] =
      ratioInterval(points[1]?.values ?? [], points[0]?.values ?? [], { seed: 1 }) ?? []
    expect(four?.speedup).toEqual({ value: 3.05, low, high })
    expect(four).toMatchObject({ workers: 4, throughput: 305, trials: 5 })
    expect(four?.efficiency?.value).toBeCloseTo(3.05 / 4, 12)
    expect(four?.efficiency?.low).toBeCloseTo((low ?? 0) / 4, 12)
  })

  it('gives Karp and Flatt’s serial fraction, low where the speed-up is high; none for one worker', () => {
    const [one, , four] = scalingOf(points, strong).points
    expect(one?.karpFlatt).toBeNull()
    const { value, low, high } = four?.karpFlatt ?? {}
    expect(value).toBeCloseTo((1 / 3.05 - 0.25) / 0.75, 12)
    expect(low).toBeCloseTo(serialFraction(four?.speedup?.high ?? 0, 4), 12)
    expect(high).toBeCloseTo(serialFraction(four?.speedup?.low ?? 0, 4), 12)
    // The fraction of Amdahl's law where it holds, at every N; 0 of N workers that are N times as fast.
    for (const workers of [2, 3, 8, 64]) {
      expect(serialFraction(amdahl.capacity(workers, [0.1]), workers)).toBeCloseTo(0.1, 12)
      expect(serialFraction(workers, workers)).toBe(0)
    }
  })

  it('of work that grows with the workers has an efficiency, Gustafson’s law, and no serial fraction', () => {
    const { points: found, fits } = scalingOf(points, weak)
    expect(found.map(({ karpFlatt }) => karpFlatt)).toEqual([null, null, null])
    expect(found[2]?.efficiency?.value).toBeCloseTo(3.05 / 4, 12)
    expect([fits.amdahl, fits.gustafson?.law]).toEqual([null, 'gustafson'])
  })
})

describe('what the points do not support', () => {
  const told = (points: readonly ScalingPoint[], options = {}) =>
    scalingOf(points, { ...strong, ...options }).warnings.join('\n')

  it('is said of points that are too few', () => {
    const one = scalingOf([{ workers: 1, values: [5, 6, 5, 5, 6] }], strong)
    expect(one.fits).toEqual({ amdahl: null, gustafson: null, usl: null })
    expect(one.warnings).toEqual([
      'Amdahl’s law needs 2 or more numbers of workers, there is 1: not fitted.',
      'The Universal Scalability Law needs 4 or more numbers of workers, there is 1: not fitted.',
    ])
    const two = scalingOf(trialsOf(amdahl, [9, 0.1], { workers: [1, 2], trials: 5 }), strong)
    expect(two.fits.amdahl?.parameters.serial.value).toBeCloseTo(0.1, 9)
    expect(two.warnings[0]).toMatch(/goes through any 2 points/)
    expect(told(trialsOf(amdahl, [9, 0.1], { workers: [1, 2] }))).toMatch(
      /How sure Amdahl’s law is/,
    )
  })

  it('is said where one worker alone was not measured', () => {
    const points = trialsOf(usl, [100, 0.1, 0.01], { workers: [2, 4, 6, 8] })
    const { points: found, fits, warnings } = scalingOf(points, strong)
    expect(found.every(({ speedup, karpFlatt }) => speedup === null && karpFlatt === null)).toBe(
      true,
    )
    expect(fits.usl?.parameters.lambda.value).toBeCloseTo(100, 6)
    expect(warnings.join()).toMatch(/One worker alone was not measured/)
  })

  it('is said of trials that gave nothing, and nothing is made up for them', () => {
    const nothing = scalingOf(
      [1, 2, 3, 4].map((workers) => ({ workers, values: [0, 0] })),
      strong,
    )
    expect([nothing.fits.usl, nothing.bestMeasured, nothing.points[1]?.speedup]).toEqual([
      null,
      null,
      null,
    ])
    expect(nothing.warnings).toEqual(['Nothing was done in any trial: there is nothing to scale.'])
    expect(scalingOf([], strong)).toMatchObject({
      points: [],
      bestWorkers: null,
      bestMeasured: null,
    })
    const gap = [
      { workers: 2, values: [Number.NaN] },
      ...trialsOf(amdahl, [5, 0.1], { workers: [1, 4] }),
    ]
    expect(told(gap)).toMatch(/No trial counts with 2 workers: left out/)
    expect(scalingOf(gap, strong).points.map(({ workers }) => workers)).toEqual([1, 4])
    const idle = scalingOf(
      [
        { workers: 1, values: [0] },
        { workers: 2, values: [4] },
      ],
      strong,
    )
    expect(idle.points.map(({ speedup }) => speedup)).toEqual([null, null])
    expect(
      told([
        { workers: 1, values: [0, 0, 0] },
        { workers: 2, values: [4, 5, 6] },
      ]),
    ).toMatch(/One worker alone did nothing/)
  })

  it('is said of more speed-up than workers, and of more workers than cores', () => {
    const points = quietTrials(amdahl, [100, 0]).map(({ workers, values }) => ({
      workers,
      values: values.map((value) => (workers === 3 ? value * 1.2 : value)),
    }))
    expect(told(points)).toMatch(
      /More than its number of workers is the speed-up with 3 workers \(3\.\d+×\)/,
    )
    expect(told(points, { usableCores: 4 })).toMatch(/6 and 8 workers share 4 usable cores/)
    const clean = told(quietTrials(amdahl, [100, 0]), { usableCores: 8 })
    expect(clean).not.toMatch(/More than|share/)
  })

  it('is said of a parameter that might be anything, but not of one that matters to nobody', () => {
    const noisy = trialsOf(usl, [100, 0.02, 0.005], { trials: 5, noise: normalNoise(5, 0.1) })
    expect(told(noisy)).toMatch(/Contention σ in the Universal Scalability Law is hardly known/)
    expect(told(quietTrials(usl, [100, 0.2, 0.05]))).not.toMatch(/hardly known/)
    expect(told(quietTrials(usl, [100, 0.2, 0.05]))).toMatch(/Amdahl’s law misses the points/)
    const still = trialsOf(amdahl, [100, 0], { trials: 5, noise: normalNoise(5, 1e-4) })
    expect(told(still)).not.toMatch(/hardly known/)
  })

  it('is said of a best number beyond what was measured, or that is not settled', () => {
    const rising = trialsOf(usl, [100, 0.01, 0.002], { workers: [1, 2, 4, 8], trials: 5 })
    const { bestWorkers, warnings } = scalingOf(rising, { ...strong, usableCores: 8 })
    expect([bestWorkers?.workers, bestWorkers?.beyondMeasured]).toEqual([22, true])
    expect(warnings.join()).toMatch(
      /22, is more than the 8 usable cores, and than the 8 measured: extrapolated/,
    )
    const unsettled = trialsOf(usl, [100, 0.05, 0.002], { trials: 5, noise: normalNoise(2, 0.05) })
    expect(scalingOf(unsettled, strong).bestWorkers?.peak.high).toBeNull()
    expect(told(unsettled)).toMatch(
      /is not settled: the points allow anything from \d+ to more than 10 times/,
    )
    // Of one trial each the interval is Student's, and has no end either where it holds no coherency.
    const single = trialsOf(usl, [100, 0.05, 0.002], { noise: normalNoise(2, 0.05) })
    const { fits, bestWorkers: best } = scalingOf(single, strong)
    expect([fits.usl?.parameters.kappa.low, best?.peak.high]).toEqual([0, null])
    // Of more than ten times what was measured none is spoken of, though there is some coherency.
    const far = trialsOf(usl, [100, 0.05, 8e-4], { trials: 5, noise: normalNoise(20, 0.012) })
    const farther = scalingOf(far, strong)
    expect(farther.fits.usl?.parameters.kappa.low).toBeGreaterThan(0)
    expect(farther.bestWorkers?.peak.high).toBeNull()
    // So little coherency that the peak would be at 308, and none at all.
    expect(scalingOf(trialsOf(usl, [100, 0.05, 1e-5], {}), strong).bestWorkers).toBeNull()
    expect(scalingOf(raytracer.points, strong).bestWorkers).toBeNull()
  })

  it('leaves a result that can be kept as it is', () => {
    const odd = [
      [],
      [
        { workers: 1, values: [0] },
        { workers: 2, values: [1] },
      ],
      specsdm91.points,
    ]
    for (const points of odd) {
      const result = scalingOf(points, strong)
      expect(JSON.parse(JSON.stringify(result))).toEqual(result)
    }
  })

  it('is no number of workers that is none', () => {
    expect(() => scalingOf([{ workers: 0, values: [1] }], strong)).toThrow(
      /0 workers: a whole number/,
    )
  })
})
