import type { Scaling } from '../../../shared/model/execution-model.ts'
import { type BestWorkers, bestWorkersOf } from './best-workers.ts'
import { type Fit, fitLaw } from './fit.ts'
import { amdahl, gustafson, usl } from './laws.ts'
import { measuredPoints, type ScalingPoint } from './points.ts'
import { type SpeedUp, speedUpsOf } from './speed-up.ts'
import { bestWarnings, fitWarnings, pointWarnings } from './warnings.ts'

export interface ScalingOptions {
  /** Whether the work stays the same, or grows with the workers. */
  readonly scaling: Scaling
  readonly seed: number
  /** Cores that the workers may use: affinity and quota counted. */
  readonly usableCores: number
  /** Draws of the fits' bootstrap; default 1,000. */
  readonly resamples?: number
}

/** How a model scales: plain data, one row a number of workers. */
export interface ScalingResult {
  readonly scaling: Scaling
  readonly points: readonly SpeedUp[]
  readonly fits: {
    /** Of fixed work only. */
    readonly amdahl: Fit<'serial'> | null
    /** Of work that grows with the workers only. */
    readonly gustafson: Fit<'serial'> | null
    readonly usl: Fit<'sigma' | 'kappa'> | null
  }
  /** By the Universal Scalability Law; null where it was not fitted, or has no best number within reach. */
  readonly bestWorkers: BestWorkers | null
  /** The number of workers that had the highest median; of equals the fewest. */
  readonly bestMeasured: { readonly workers: number; readonly throughput: number } | null
  /** Plain sentences: what the points do not support. */
  readonly warnings: readonly string[]
}

/**
 * Speed-up, efficiency and Karp–Flatt of each number of workers, and the laws fitted to them, of one
 * model. The same for the same seed.
 *
 * @param given the throughput of every trial that counts, warm-ups and void trials left out
 * @throws RangeError where a number of workers is no whole number from 1
 */
export function scalingOf(given: readonly ScalingPoint[], options: ScalingOptions): ScalingResult {
  const { scaling, seed, usableCores } = options
  const points = measuredPoints(given)
  const most = points.at(-1)?.workers ?? 0
  const speedUps = speedUpsOf(points, scaling, seed)
  const simple = scaling === 'strong' ? amdahl : gustafson
  const simpleFit = fitLaw(simple, points, options)?.fit ?? null
  const universal = fitLaw(usl, points, options)
  const best = universal === null ? null : bestWorkersOf(universal, most)
  const highest = Math.max(...points.map(({ median }) => median))
  const bestPoint = points.find(({ median }) => median === highest && median > 0)
  return {
    scaling,
    points: speedUps,
    fits: {
      amdahl: scaling === 'strong' ? simpleFit : null,
      gustafson: scaling === 'weak' ? simpleFit : null,
      usl: universal?.fit ?? null,
    },
    bestWorkers: best,
    bestMeasured: bestPoint ? { workers: bestPoint.workers, throughput: bestPoint.median } : null,
    warnings: [
      ...pointWarnings(given, points, speedUps, usableCores),
      ...fitWarnings(simple, simpleFit, points),
      ...fitWarnings(usl, universal?.fit ?? null, points),
      ...bestWarnings(best, most, usableCores),
    ],
  }
}
