import { practicalThreshold } from '../../shared/model/comparison.ts'

/** A curve over positive x, in ascending order; both coordinates are positive. */
export type Curve = readonly { readonly x: number; readonly y: number }[]

/**
 * From where on the first curve stays below the second, having been above it before: interpolated on
 * straight lines between logarithms, between the two common places where the last change lies.
 *
 * @returns x; null where there is no such place, or where on one side of it the two are never told apart
 */
export function crossing(a: Curve, b: Curve): number | null {
  const differences = differencesOf(a, b)
  const last = differences.findLastIndex(({ d }) => d > 0)
  const [before, after] = [differences[last], differences[last + 1]]
  if (before === undefined || after === undefined) return null
  const distinct = Math.log(1 + practicalThreshold)
  const wasAbove = differences.slice(0, last + 1).some(({ d }) => d > distinct)
  const isBelow = differences.slice(last + 1).some(({ d }) => d < -distinct)
  if (!wasAbove || !isBelow) return null
  const part = before.d / (before.d - after.d)
  return Math.exp(Math.log(before.x) * (1 - part) + Math.log(after.x) * part)
}

/** Whether the first curve is below the second wherever both are, and everywhere by more than a little. */
export function isBelow(a: Curve, b: Curve): boolean {
  const differences = differencesOf(a, b)
  const distinct = Math.log(1 + practicalThreshold)
  return differences.length > 0 && differences.every(({ d }) => d < -distinct)
}

/** Logarithm of a / b where both have a point. */
function differencesOf(a: Curve, b: Curve): { readonly x: number; readonly d: number }[] {
  return a.flatMap(({ x, y }) => {
    const other = b.find((point) => point.x === x)
    return other === undefined ? [] : [{ x, d: Math.log(y / other.y) }]
  })
}
