import type { Scaling } from '../../../shared/model/execution-model.ts'
import { differenceBetween } from '../difference.ts'
import type { Estimate, MeasuredPoint } from './points.ts'

/** What a number of workers gives. */
export interface SpeedUp {
  readonly workers: number
  /** Median over the trials, in their unit. */
  readonly throughput: number
  readonly trials: number
  /** Throughput over that of one worker; null where one worker was not measured, or gave nothing. */
  readonly speedup: Estimate | null
  /** Speed-up over workers. */
  readonly efficiency: Estimate | null
  /** The experimentally determined serial fraction; null of one worker, and where work grows with workers. */
  readonly karpFlatt: Estimate | null
}

/**
 * The speed-up S(N) = X(N) / X(1) of medians with its bootstrap interval, and what follows from it:
 *
 * - efficiency S/N. With fixed work that is T(1) / (N · T(N)); where each worker has as much work as
 *   one alone it is T(1) / T(N), since N times the work was done: X(N) / (N · X(1)) is both.
 * - of fixed work the serial fraction e = (1/S − 1/N) / (1 − 1/N) (A. H. Karp & H. P. Flatt, "Measuring
 *   Parallel Processor Performance", Communications of the ACM 33(5), 1990). It stays the same as N
 *   grows where a part of the work is serial, and rises where the workers cost something themselves.
 *   Below 0 the speed-up is more than N.
 */
export function speedUpsOf(
  points: readonly MeasuredPoint[],
  scaling: Scaling,
  seed: number,
): SpeedUp[] {
  const alone = points.find(({ workers }) => workers === 1)
  return points.map((point) => {
    const { workers, median, values } = point
    const speedup = alone === undefined ? null : speedUpOver(alone, point, seed)
    const karpFlatt =
      speedup === null || workers === 1 || scaling === 'weak'
        ? null
        : carried(speedup, (of) => serialFraction(of, workers), false)
    const efficiency = speedup && carried(speedup, (of) => of / workers)
    return { workers, throughput: median, trials: values.length, speedup, efficiency, karpFlatt }
  })
}

function speedUpOver(alone: MeasuredPoint, point: MeasuredPoint, seed: number): Estimate | null {
  // One worker is as fast as itself, however its trials scatter.
  if (point.workers === 1) return point.median > 0 ? { value: 1, low: 1, high: 1 } : null
  const difference = differenceBetween(alone.values, point.values, { better: 'higher', seed })
  if (difference === null) return null
  const [low = null, high = null] = difference.ci95 ?? []
  return { value: difference.ratio, low, high }
}

/** Karp and Flatt's e; of a speed-up of 0, Infinity. */
export function serialFraction(speedup: number, workers: number): number {
  return (1 / speedup - 1 / workers) / (1 - 1 / workers)
}

/** An estimate of what follows from a figure; where it falls as the figure rises, the ends change places. */
function carried(
  { value, low, high }: Estimate,
  to: (value: number) => number,
  rises = true,
): Estimate | null {
  const end = (of: number | null) => (of === null ? null : finite(to(of)))
  const [first, last] = [end(low), end(high)]
  const carriedValue = finite(to(value))
  if (carriedValue === null) return null
  return { value: carriedValue, low: rises ? first : last, high: rises ? last : first }
}

const finite = (value: number) => (Number.isFinite(value) ? value : null)
