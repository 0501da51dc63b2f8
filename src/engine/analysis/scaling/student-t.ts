import { bisect } from 'simple-statistics'

/**
 * How far from 0 Student's t lies in 95 of 100 cases, to both sides: its 97.5 % point. The distribution
 * of whole degrees of freedom is a finite sum (M. Abramowitz & I. Stegun, "Handbook of Mathematical
 * Functions", 1964, formulas 26.7.3 and 26.7.4), which is solved for the angle.
 *
 * @param degrees a whole number from 1
 */
export function studentT95(degrees: number): number {
  const angle = bisect((at) => within(at, degrees) - 0.95, 0, Math.PI / 2, 200, 1e-14) as number
  return Math.tan(angle) * Math.sqrt(degrees)
}

/** The probability that |t| is below tan(angle) · √degrees. */
function within(angle: number, degrees: number): number {
  const square = Math.cos(angle) ** 2
  const isOdd = degrees % 2 === 1
  let term = isOdd ? Math.cos(angle) : 1
  let sum = degrees === 1 ? 0 : term
  for (let factor = isOdd ? 3 : 2; factor < degrees; factor += 2) {
    term *= ((factor - 1) / factor) * square
    sum += term
  }
  const sine = Math.sin(angle)
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
}
