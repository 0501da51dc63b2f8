import { median } from 'simple-statistics'

/** What was measured with a number of workers. */
export interface ScalingPoint {
  readonly workers: number
  /** The throughput of each trial that counts, in any unit; the same of all points. */
  readonly values: readonly number[]
}

export interface MeasuredPoint extends ScalingPoint {
  readonly median: number
}

/**
 * The points by their number of workers, each number once, of what can be a throughput: finite, and not
 * below 0. A number of workers of which nothing is left is left out.
 *
 * @throws RangeError where a number of workers is no whole number from 1
 */
export function measuredPoints(points: readonly ScalingPoint[]): MeasuredPoint[] {
  const byWorkers = new Map<number, number[]>()
  for (const { workers, values } of points) {
    if (!Number.isInteger(workers) || workers < 1)
      throw new RangeError(`${workers} workers: a whole number from 1 is needed`)
    byWorkers.set(workers, [...(byWorkers.get(workers) ?? []), ...values.filter(isThroughput)])
  }
  return [...byWorkers]
    .filter(([, values]) => values.length > 0)
    .sort(([one], [other]) => one - other)
    .map(([workers, values]) => ({ workers, values, median: median(values) }))
}

const isThroughput = (value: number) => Number.isFinite(value) && value >= 0

/** A figure with its 95 % interval. */
export interface Estimate {
  readonly value: number
  /** Null where there is too little to tell, or the interval has no end on this side. */
  readonly low: number | null
  readonly high: number | null
}
