import { formatProbability, formatRatio } from '../../../shared/format.ts'
import { practicalThreshold } from '../../../shared/model/comparison.ts'
import { fewestTrials } from '../difference.ts'
import { type BestWorkers, reach } from './best-workers.ts'
import { type Fit, isMissed } from './fit.ts'
import type { Law } from './laws.ts'
import type { MeasuredPoint, ScalingPoint } from './points.ts'
import type { SpeedUp } from './speed-up.ts'

/** What the points themselves leave open, whatever is fitted to them. */
export function pointWarnings(
  given: readonly ScalingPoint[],
  points: readonly MeasuredPoint[],
  speedUps: readonly SpeedUp[],
  usableCores: number,
): string[] {
  const measured = points.map(({ workers }) => workers)
  const empty = given.map(({ workers }) => workers).filter((each) => !measured.includes(each))
  const beyond = measured.filter((workers) => workers > usableCores)
  const superlinear = speedUps.filter(
    ({ workers, speedup }) => workers > 1 && (speedup?.low ?? 0) > workers,
  )
  const warnings: string[] = []
  if (empty.length > 0) warnings.push(`No trial counts with ${listed(empty)}: left out.`)
  if (points.length > 0 && !points.some(({ median }) => median > 0))
    warnings.push('Nothing was done in any trial: there is nothing to scale.')
  else if (measured.length > 0 && measured[0] !== 1)
    warnings.push(
      'One worker alone was not measured: there is no speed-up, and what a law says of one worker is extrapolated.',
    )
  else if (speedUps.some(({ speedup }) => speedup === null))
    warnings.push('One worker alone did nothing: there is no speed-up.')
  if (superlinear.length > 0)
    warnings.push(
      `More than ${superlinear.length === 1 ? 'its number of workers' : 'their numbers of workers'} is the speed-up with ${listed(superlinear.map(({ workers }) => workers))} (${superlinear.map(({ speedup }) => formatRatio(speedup?.value ?? 0)).join(', ')}): no law here allows that. Look for what one worker alone lacked, such as cache.`,
    )
  if (beyond.length > 0)
    warnings.push(
      `${capital(listed(beyond))} share ${usableCores} usable ${usableCores === 1 ? 'core' : 'cores'}: from there on a curve tells of waiting for a core, not of the work.`,
    )
  return warnings
}

/** Where the points do not support a fit. */
export function fitWarnings(law: Law, fit: Fit | null, points: readonly MeasuredPoint[]): string[] {
  if (!points.some(({ median }) => median > 0)) return []
  if (fit === null)
    return [
      `${capital(law.title)} needs ${law.fewestPoints} or more numbers of workers, there ${points.length === 1 ? 'is 1' : `are ${points.length}`}: not fitted.`,
    ]
  const warnings: string[] = []
  if (points.length === law.keys.length + 1)
    warnings.push(
      `${capital(law.title)} goes through any ${points.length} points: nothing here tests whether it holds.`,
    )
  const isOff = isMissed(fit)
  if (fit.misfitP !== null && isOff)
    warnings.push(
      `${capital(law.title)} misses the points by more than the trials scatter (p = ${formatProbability(fit.misfitP)}): it is a summary at best, and its intervals are taken from how far it misses.`,
    )
  if (fit.intervalsFrom === null)
    warnings.push(
      `How sure ${law.title} is cannot be told: it takes ${fewestTrials} trials with each number of workers, or more numbers of workers.`,
    )
  // Of a law that does not hold no value of a parameter agrees with the points.
  for (const key of isOff ? [] : law.keys) {
    const { value, low, high } = fit.parameters[key] ?? { value: 0, low: null, high: null }
    if (low === null || high === null || high - low <= value) continue
    if (costOf(law, key, high, points) <= practicalThreshold) continue
    warnings.push(
      `${capital(letters[key] ?? key)} in ${law.title} is hardly known: ${digits(value)}, but anything from ${digits(low)} to ${digits(high)} agrees with the points.`,
    )
  }
  return warnings
}

/** Where the best number of workers is no more than a guess. */
export function bestWarnings(
  best: BestWorkers | null,
  most: number,
  usableCores: number,
): string[] {
  if (best === null) return []
  const { workers, peak, beyondMeasured } = best
  const warnings: string[] = []
  if (peak.low !== null && peak.high === null)
    warnings.push(
      `The best number of workers, ${workers}, is not settled: the points allow anything from ${Math.round(peak.low)} to more than ${reach} times the most measured.`,
    )
  const than = workers > usableCores ? `than the ${usableCores} usable cores, and ` : ''
  if (beyondMeasured)
    warnings.push(
      `The best number of workers, ${workers}, is more ${than}than the ${most} measured: extrapolated, to be tried.`,
    )
  return warnings
}

/** The share of throughput that a parameter of that size would cost at the most workers, by itself. */
function costOf(law: Law, key: string, size: number, points: readonly MeasuredPoint[]): number {
  const most = points.at(-1)?.workers ?? 1
  const shape = law.keys.map((each) => (each === key ? size : 0))
  return 1 - law.capacity(most, shape) / most
}

const letters: Readonly<Record<string, string>> = {
  serial: 'the serial share',
  sigma: 'contention σ',
  kappa: 'coherency κ',
}

/** As few digits as tell one value of a parameter from another. */
function digits(value: number): string {
  return value === 0 ? '0' : Number(value.toPrecision(2)).toString()
}

function listed(workers: readonly number[]): string {
  const numbers = [...new Set(workers)].sort((one, other) => one - other)
  const text =
    numbers.length > 1
      ? `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`
      : `${numbers[0]}`
  return `${text} ${numbers.length === 1 && numbers[0] === 1 ? 'worker' : 'workers'}`
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
