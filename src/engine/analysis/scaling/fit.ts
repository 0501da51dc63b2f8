import { quantileSorted } from 'simple-statistics'
import { randomNumbers } from '../../../shared/random.ts'
import { drawMiddles, drawnMedians } from '../bootstrap.ts'
import { fewestTrials } from '../difference.ts'
import type { Law, LawName } from './laws.ts'
import { leastSquares, type Place, spreadAt, type Values, valueAt } from './least-squares.ts'
import type { Estimate, MeasuredPoint } from './points.ts'
import { studentT95 } from './student-t.ts'

/** A law through the medians of the points. */
export interface Fit<Key extends string = string> {
  readonly law: LawName
  /** λ in the throughput's unit, the others from 0 to 1. */
  readonly parameters: Readonly<Record<'lambda' | Key, Estimate>>
  /** The share of the medians' variance that the curve explains; null where they do not vary. */
  readonly rSquared: number | null
  /** What the intervals rest on; null where there are none. */
  readonly intervalsFrom: 'trials' | 'residuals' | null
  /**
   * How likely the trials' own scatter alone would set the points as far off the curve as they are;
   * null where too few trials tell of it, or no point is left over to be off.
   */
  readonly misfitP: number | null
  /** The curve from the least to the most workers measured. */
  readonly curve: readonly CurvePoint[]
}

/** Whether the points are off the law by more than chance: then it is a summary at best. */
export function isMissed({ misfitP }: Pick<Fit, 'misfitP'>): boolean {
  return misfitP !== null && misfitP < misfitSignificance
}

export interface CurvePoint {
  readonly workers: number
  readonly throughput: Estimate
}

export interface FitOptions {
  readonly seed: number
  /** How many times the trials are drawn anew; default 1,000. */
  readonly resamples?: number
}

/** A fit, and how sure one is of anything that follows from its parameters. */
export interface Fitted<Key extends string = string> {
  readonly fit: Fit<Key>
  estimate(of: (values: Values) => number): Estimate
  /** What the law expects of so many workers. */
  throughputOf(workers: number): Estimate
}

const defaultResamples = 1000
/** Below it the points are off the curve by more than chance. */
const misfitSignificance = 0.05
/** Distances below that share of the throughput are rounding. */
const rounding = 1e-9

/**
 * Fits a law to the medians by least squares. What is not known of its parameters has two sources: the
 * trials scatter, and the points do not lie on the law (docs/decisions/0015-scaling.md).
 *
 * - Where each point has enough trials and the points are off the curve by no more than those scatter,
 *   the intervals are of a bootstrap: trials are drawn anew, their medians set about the curve, and the
 *   law fitted again. How far those fits are off tells how far is chance.
 * - Else they are Student's, from the distances to the curve and its derivatives: these have what the
 *   law does not know in them too.
 *
 * @returns null where the points are too few for the law, or nothing was done in any of them
 */
export function fitLaw<Key extends string>(
  law: Law<Key>,
  points: readonly MeasuredPoint[],
  { seed, resamples = defaultResamples }: FitOptions,
): Fitted<Key> | null {
  if (points.length < law.fewestPoints || !points.some(({ median }) => median > 0)) return null
  const places = points.map(({ workers, median }) => ({ workers, throughput: median }))
  const { values, squares } = leastSquares(law, places)
  const leftOver = points.length - values.length
  const draws = points.every((point) => point.values.length >= fewestTrials)
    ? drawnFits(law, points, values, { seed, resamples })
    : null
  const isExact = squares <= places.reduce((sum, at) => sum + (rounding * at.throughput) ** 2, 0)
  const asFar = draws?.filter((drawn) => drawn.squares >= squares).length
  const misfitP =
    leftOver === 0 || asFar === undefined ? null : isExact ? 1 : (asFar + 1) / (resamples + 1)
  const isOff = misfitP !== null && misfitP < misfitSignificance
  const fromResiduals = () =>
    leftOver > 0 ? asymptotic(law, places, { values, squares }, leftOver) : null
  const spread =
    draws !== null && !isOff ? drawnSpread(draws.map(({ free }) => free)) : fromResiduals()

  const estimate = (of: (values: Values) => number): Estimate => {
    const [low, high] = spread?.(of, of(values)) ?? [null, null]
    return { value: of(values), low, high }
  }
  const bounded = (at: number): Estimate => {
    const { value, low, high } = estimate((each) => each[at] as number)
    const highest = at === 0 ? Number.POSITIVE_INFINITY : 1
    return {
      value,
      low: low === null ? null : Math.max(0, low),
      high: high === null ? null : Math.min(highest, high),
    }
  }
  const throughputOf = (workers: number): Estimate => {
    const { value, low, high } = estimate((each) => valueAt(law, each, workers))
    return { value, low: low === null ? null : Math.max(0, low), high }
  }
  const names = ['lambda', ...law.keys]
  const parameters = Object.fromEntries(names.map((name, at) => [name, bounded(at)]))
  const fit: Fit<Key> = {
    law: law.name,
    parameters: parameters as Readonly<Record<'lambda' | Key, Estimate>>,
    rSquared: rSquaredOf(places, squares),
    intervalsFrom: spread === null ? null : draws !== null && !isOff ? 'trials' : 'residuals',
    misfitP,
    curve: gridOver(places).map((workers) => ({ workers, throughput: throughputOf(workers) })),
  }
  return { fit, estimate, throughputOf }
}

type Spread = (
  of: (values: Values) => number,
  value: number,
) => readonly [number | null, number | null]

interface DrawnFit {
  /** Of the fit that no bound holds. */
  readonly free: Values
  /** Of the fit within the bounds, the sum of its squared distances. */
  readonly squares: number
}

/**
 * The law fitted to medians of trials drawn anew, moved to where the law holds (Efron & Tibshirani
 * 1993, sections 9.4 and 16.4). Of parameters at a bound a bootstrap within the bounds would be too sure
 * (D. W. K. Andrews, "Inconsistency of the Bootstrap when a Parameter Is on the Boundary of the
 * Parameter Space", 2000): the values are of free fits, and their interval is cut at the bound.
 */
function drawnFits(
  law: Law,
  points: readonly MeasuredPoint[],
  values: Values,
  { seed, resamples }: Required<FitOptions>,
): DrawnFit[] {
  const next = randomNumbers(seed)
  const medians = points.map((point) =>
    drawnMedians(point.values, drawMiddles(point.values.length, resamples, next)),
  )
  return Array.from({ length: resamples }, (_, draw) => {
    const drawn = points.map(({ workers, median }, at) => {
      const moved = (medians[at]?.[draw] as number) - median
      return { workers, throughput: valueAt(law, values, workers) + moved }
    })
    const free = leastSquares(law, drawn, values, 'none')
    const isWithin = free.values.every((value, at) => at === 0 || (value >= 0 && value <= 1))
    return {
      free: free.values,
      squares: isWithin ? free.squares : leastSquares(law, drawn, values).squares,
    }
  })
}

/** Percentiles of what the drawn fits give; null for a bound that is not finite. */
function drawnSpread(fits: readonly Values[]): Spread {
  return (of) => {
    const sorted = Float64Array.from(fits, of).sort() as unknown as number[]
    const bounds = [quantileSorted(sorted, 0.025), quantileSorted(sorted, 0.975)] as const
    const [low, high] = bounds.map((bound) => (Number.isFinite(bound) ? bound : null))
    return [low ?? null, high ?? null]
  }
}

/**
 * Student's interval from the distances to the curve, for anything that follows from the parameters by
 * its slopes there (Bates & Watts 1988, section 2.3). A parameter at its bound counts as if it were
 * free: the intervals are rather too wide than too narrow.
 */
function asymptotic(
  law: Law,
  places: readonly Place[],
  { values, squares }: { values: Values; squares: number },
  leftOver: number,
): Spread | null {
  const inverse = spreadAt(law, places, values)
  if (inverse === null) return null
  const variance = squares / leftOver
  const t = studentT95(leftOver)
  return (of, value) => {
    const slopes = values.map((_, at) => slopeOf(of, values, at, places))
    const squared = slopes.reduce(
      (sum, slope, row) =>
        sum +
        slopes.reduce(
          (of, other, column) => of + slope * other * (inverse[row]?.[column] as number),
          0,
        ),
      0,
    )
    const half = t * Math.sqrt(variance * squared)
    return Number.isFinite(half) ? [value - half, value + half] : [null, null]
  }
}

/** By a step that is small beside the parameter's own size, or beside what it does at the most workers. */
function slopeOf(
  of: (values: Values) => number,
  values: Values,
  at: number,
  places: readonly Place[],
): number {
  const most = Math.max(...places.map(({ workers }) => workers))
  const step = 1e-5 * Math.max(values[at] as number, at === 0 ? 0 : 1e-2 / most ** 2)
  const moved = (by: number) =>
    of(values.map((value, index) => (index === at ? value + by : value)))
  return (moved(step) - moved(-step)) / (2 * step)
}

function rSquaredOf(places: readonly Place[], squares: number): number | null {
  const mean = places.reduce((sum, { throughput }) => sum + throughput, 0) / places.length
  const total = places.reduce((sum, { throughput }) => sum + (throughput - mean) ** 2, 0)
  const share = 1 - squares / total
  return Number.isFinite(share) ? share : null
}

/** More points on a curve than a picture shows are no use. */
const mostOnCurve = 65

/** Every number of workers in the range, or where these are too many, as many of them evenly spread. */
function gridOver(places: readonly Place[]): number[] {
  const workers = places.map((place) => place.workers)
  const [least, most] = [Math.min(...workers), Math.max(...workers)]
  const count = Math.min(mostOnCurve, most - least + 1)
  const at = (index: number) => Math.round(least + (index * (most - least)) / (count - 1))
  return Array.from({ length: count }, (_, index) => at(index))
}
