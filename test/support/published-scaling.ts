import type { ScalingPoint } from '../../src/engine/analysis/scaling/points.ts'

/** A data set to which others have fitted the Universal Scalability Law, and what they found. */
export interface PublishedScaling {
  readonly name: string
  readonly points: readonly ScalingPoint[]
  readonly lambda: number
  readonly sigma: number
  readonly kappa: number
  /** How many decimals of each are published. */
  readonly digits: { readonly lambda: number; readonly sigma: number; readonly kappa: number }
}

const pointsOf = (rows: readonly (readonly [number, number])[]): ScalingPoint[] =>
  rows.map(([workers, throughput]) => ({ workers, values: [throughput] }))

/*
 * From N. J. Gunther, "Guerrilla Capacity Planning", 2007, as they ship with the R package usl 3.0
 * (S. Moeding, CRAN and github.com/smoeding/usl), with the parameters to the digits that it prints:
 * γ, α, β there are λ, σ, κ here. Of specsdm91 they stand in its README, of the first six points of
 * raytracer in tests/confint.Rout.save, of all of raytracer they are quoted from its vignette.
 */

/** Scripts per hour of simulated users on a Sun SPARCcenter 2000, SPEC SDM91, October 1994. */
export const specsdm91: PublishedScaling = {
  name: 'specsdm91',
  points: pointsOf([
    [1, 64.9],
    [18, 995.9],
    [36, 1652.4],
    [72, 1853.2],
    [108, 1828.9],
    [144, 1775.0],
    [216, 1702.2],
  ]),
  lambda: 89.995233,
  sigma: 0.0277285,
  kappa: 0.0001044,
  digits: { lambda: 6, sigma: 7, kappa: 7 },
}

/** Ray-geometry intersections per second on an SGI Origin 2000; the best fit has no coherency. */
export const raytracer: PublishedScaling = {
  name: 'raytracer',
  points: pointsOf([
    [1, 20],
    [4, 78],
    [8, 130],
    [12, 170],
    [16, 190],
    [20, 200],
    [24, 210],
    [28, 230],
    [32, 260],
    [48, 280],
    [64, 310],
  ]),
  lambda: 21.848843,
  sigma: 0.057771,
  kappa: 0,
  digits: { lambda: 6, sigma: 6, kappa: 6 },
}

/** The same up to 20 processors, where a coherency shows. */
export const raytracerUpTo20: PublishedScaling = {
  name: 'raytracer up to 20',
  points: raytracer.points.slice(0, 6),
  lambda: 20.85605,
  sigma: 0.02444,
  kappa: 0.00163,
  digits: { lambda: 5, sigma: 5, kappa: 5 },
}
