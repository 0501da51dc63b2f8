import { mean, median, medianAbsoluteDeviation } from 'simple-statistics'

/** The modified z beyond which a value lies far from the others. */
const farthest = 3.5
/** Of fewer values two that happen to be close would set the others apart. */
const fewestValues = 5
/** A normal distribution's standard deviation is so many times its median, and its mean, absolute deviation. */
const medianToDeviation = 1 / 0.6745
const meanToDeviation = 1.253314

/**
 * Which values lie far from the others, as their places in the list: those whose modified z exceeds
 * 3.5 (B. Iglewicz & D. Hoaglin, "How to Detect and Handle Outliers", 1993). Where more than half of
 * the values are equal the median absolute deviation is 0 and the mean one stands in for it.
 */
export function outlierPlaces(values: readonly number[]): number[] {
  if (values.length < fewestValues) return []
  const middle = median([...values])
  const distances = values.map((value) => Math.abs(value - middle))
  const typical = medianAbsoluteDeviation([...values])
  const deviation = typical > 0 ? medianToDeviation * typical : meanToDeviation * mean(distances)
  return distances.flatMap((distance, place) => (distance > farthest * deviation ? [place] : []))
}
