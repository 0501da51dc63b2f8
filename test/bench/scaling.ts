import { scalingOf } from '../../src/engine/analysis/scaling/scaling.ts'
import { raytracer, raytracerUpTo20, specsdm91 } from '../support/published-scaling.ts'
import type { Benchmark } from './benchmark.ts'

/** Half of the last printed digit. */
const precisionOf = (digits: number) => 0.5 * 10 ** -digits

/** How far the fitted parameters are off the published ones, in multiples of the published precision. */
export const scalingBenchmark: Benchmark = {
  name: 'usl-fit',
  asked:
    'parameters within the published precision: specsdm91 and raytracer of the R package usl, off by ≤ 1',
  unit: 'of half the last published digit',
  isMet: (measured) => measured <= 1,
  async measure() {
    const off = [specsdm91, raytracer, raytracerUpTo20].flatMap((published) => {
      const { fits } = scalingOf(published.points, {
        scaling: 'strong',
        seed: 1,
        usableCores: 1000,
      })
      return (['lambda', 'sigma', 'kappa'] as const).map((key) => {
        const found = fits.usl?.parameters[key].value ?? Number.NaN
        const [asked, digits] = [published[key], published.digits[key]]
        console.error(`  ${published.name}  ${key}  published ${asked}  fitted ${found}`)
        return Math.abs(found - asked) / precisionOf(digits)
      })
    })
    return Math.max(...off)
  },
}
