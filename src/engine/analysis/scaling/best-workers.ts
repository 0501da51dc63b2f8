import type { Fitted } from './fit.ts'
import { peakOf } from './laws.ts'
import type { Estimate } from './points.ts'

/** With how many workers the Universal Scalability Law expects the most. */
export interface BestWorkers {
  readonly workers: number
  /** Where the curve is highest, not rounded, with its interval; no `high` where that goes beyond reach. */
  readonly peak: Estimate
  /** What it expects there, in the throughput's unit. */
  readonly throughput: Estimate
  /** Whether more workers than were measured: then it is extrapolated. */
  readonly beyondMeasured: boolean
}

/** As far as a best number is spoken of, in multiples of the most workers measured. */
export const reach = 10

/**
 * The best number of workers: the better one of the two whole numbers beside the curve's peak.
 *
 * @param most the most workers measured
 * @returns null where there is none within ten times as many: the curve rises as far as one may speak of
 */
export function bestWorkersOf(
  { fit, estimate, throughputOf }: Fitted<'sigma' | 'kappa'>,
  most: number,
): BestWorkers | null {
  const { sigma, kappa } = fit.parameters
  const at = peakOf(sigma.value, kappa.value)
  if (at > reach * most) return null
  const [below, above] = [Math.floor(at), Math.ceil(at)]
  const workers = throughputOf(above).value > throughputOf(below).value ? above : below
  // Its logarithm, since it has a long tail to the side of many workers.
  const logarithm = estimate(([, s = 0, k = 0]) => Math.log(peakOf(s, k)))
  const withinReach = (workers: number) => (workers > reach * most ? null : workers)
  const peak = {
    value: at,
    low: logarithm.low === null ? null : Math.max(1, Math.exp(logarithm.low)),
    // Where there may be no coherency there may be no peak.
    high: logarithm.high === null || kappa.low === 0 ? null : withinReach(Math.exp(logarithm.high)),
  }
  return { workers, peak, throughput: throughputOf(workers), beyondMeasured: workers > most }
}
