import type { Law } from './laws.ts'
import { inverse, solve } from './linear.ts'

export interface Place {
  readonly workers: number
  readonly throughput: number
}

/** λ first, then the parameters of the law in its order. */
export type Values = readonly number[]

export interface Solution {
  readonly values: Values
  /** Sum of the squared distances, in the square of the throughput's unit. */
  readonly squares: number
}

/** Between what values the parameters are looked for; λ never below 0. */
export type Bounds = 'shares' | 'none'

/**
 * The parameters of a law for which the sum of squared distances is least.
 *
 * Levenberg–Marquardt (D. W. Marquardt, "An Algorithm for Least-Squares Estimation of Nonlinear
 * Parameters", 1963). A parameter at a bound that would be driven beyond it stays there for the step
 * (D. P. Bertsekas, "Projected Newton Methods for Optimization Problems with Simple Constraints", 1982).
 *
 * @param places at least as many numbers of workers as the law has parameters, the throughputs finite
 * @param start from where; by default the best of the law's own starts
 * @param bounds whether the parameters beside λ keep from 0 to 1, as what they stand for does
 */
export function leastSquares(
  law: Law,
  places: readonly Place[],
  start: Values = bestStart(law, places),
  bounds: Bounds = 'shares',
): Solution {
  let values = start
  let squares = squaresOf(law, places, values)
  let damping = 1e-6
  for (let step = 0; step < mostSteps && squares > 0; step++) {
    const { matrix, gradient } = normalEquations(law, places, values)
    const free = values.flatMap((value, at) =>
      isHeld(value, gradient[at] as number, rangeOf(at, bounds)) ? [] : [at],
    )
    let next: Values | null = null
    while (next === null && damping < mostDamping) {
      const moved = moveBy(values, free, matrix, gradient, damping)?.map((value, at) =>
        within(value, rangeOf(at, bounds)),
      )
      const reached = moved === undefined ? Number.NaN : squaresOf(law, places, moved)
      if (moved !== undefined && reached < squares) {
        next = moved
        squares = reached
        damping /= 10
      } else damping *= 10
    }
    if (next === null) break
    const before = values
    values = next
    if (
      values.every(
        (value, at) => Math.abs(value - (before[at] as number)) <= fine * Math.abs(value),
      )
    )
      break
  }
  return { values, squares }
}

const mostSteps = 200
const mostDamping = 1e12
/** A step of so small a share of each value is the last. */
const fine = 1e-8

type Range = readonly [low: number, high: number]

const unbounded: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]

function rangeOf(at: number, bounds: Bounds): Range {
  if (at === 0) return [0, Number.POSITIVE_INFINITY]
  return bounds === 'shares' ? [0, 1] : unbounded
}

const within = (value: number, [low, high]: Range) => Math.min(high, Math.max(low, value))

function isHeld(value: number, pull: number, [low, high]: Range): boolean {
  return (value <= low && pull <= 0) || (value >= high && pull >= 0)
}

/**
 * The inverse of J'J at a solution: its covariance but for the variance of a distance (D. M. Bates &
 * D. G. Watts, "Nonlinear Regression Analysis and Its Applications", 1988, section 2.3).
 *
 * @returns null where the points do not tell the parameters apart
 */
export function spreadAt(law: Law, places: readonly Place[], values: Values): number[][] | null {
  return inverse(normalEquations(law, places, values).matrix)
}

export function valueAt(law: Law, [lambda = 0, ...shape]: Values, workers: number): number {
  return lambda * law.capacity(workers, shape)
}

function squaresOf(law: Law, places: readonly Place[], values: Values): number {
  let sum = 0
  for (const { workers, throughput } of places)
    sum += (throughput - valueAt(law, values, workers)) ** 2
  return sum
}

/** J'J and J'r, of the derivatives J and the distances r. */
function normalEquations(law: Law, places: readonly Place[], values: Values) {
  const [lambda = 0, ...shape] = values
  const matrix = values.map(() => values.map(() => 0))
  const gradient = values.map(() => 0)
  for (const { workers, throughput } of places) {
    const capacity = law.capacity(workers, shape)
    const slopes = [capacity, ...law.slopes(workers, shape).map((slope) => lambda * slope)]
    const distance = throughput - lambda * capacity
    for (let row = 0; row < slopes.length; row++) {
      const [slope, of] = [slopes[row] as number, matrix[row] as number[]]
      gradient[row] = (gradient[row] as number) + slope * distance
      for (let column = 0; column < slopes.length; column++)
        of[column] = (of[column] as number) + slope * (slopes[column] as number)
    }
  }
  return { matrix, gradient }
}

function moveBy(
  values: Values,
  free: readonly number[],
  matrix: readonly (readonly number[])[],
  gradient: readonly number[],
  damping: number,
): Values | null {
  const damped = free.map((row) =>
    free.map((column) => (matrix[row]?.[column] as number) * (row === column ? 1 + damping : 1)),
  )
  const step = solve(
    damped,
    free.map((at) => gradient[at] as number),
  )
  if (step === null) return null
  const moved = [...values]
  free.forEach((at, index) => {
    moved[at] = (values[at] as number) + (step[index] as number)
  })
  return moved
}

/** For given other parameters the best λ is a plain projection; the law's starts are tried with theirs. */
function bestStart(law: Law, places: readonly Place[]): Values {
  let best: Solution | null = null
  for (const shape of combinations(law.starts)) {
    let [across, along] = [0, 0]
    for (const { workers, throughput } of places) {
      const capacity = law.capacity(workers, shape)
      across += capacity * throughput
      along += capacity * capacity
    }
    const values = [Math.max(0, across / along), ...shape]
    const squares = squaresOf(law, places, values)
    if (best === null || squares < best.squares) best = { values, squares }
  }
  return (best as Solution).values
}

function combinations(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>(
    (made, list) => made.flatMap((begun) => list.map((value) => [...begun, value])),
    [[]],
  )
}
