import { median } from 'simple-statistics'
import { configurationNames } from '../../shared/chart-names.ts'
import type { Warning } from '../../shared/model/environment.ts'
import type { Configuration } from '../../shared/model/run.ts'
import { type Interval, medianInterval, ratioInterval } from './bootstrap.ts'
import { fewestTrials, ratioOfMedians } from './difference.ts'
import { type ComparedRun, pairsOf, type Side, sidesOf } from './pairs.ts'
import { valuesOf } from './statistics.ts'

/** Half the width of the 95 % interval, as a share of its value, from which on it is precise enough. */
export const wantedPrecision = 0.03

/** How precisely a throughput is known: a ratio of two, or the median of one that has no pair. */
export interface Precision {
  readonly configurations: readonly Configuration[]
  /** Half the width of its 95 % interval over its value; null where there are too few trials for one. */
  readonly halfWidth: number | null
}

/**
 * How precisely the throughputs of a run are known so far: of each compared pair, or where nothing is
 * paired, of each configuration. What has no trial that counts is left out: to wait for it is no use.
 */
export function precisionOf(run: ComparedRun): Precision[] {
  const { seed } = run.plan
  const values = ({ counted }: Side) => valuesOf(counted, 'throughput_per_s')
  const pairs = pairsOf(run)
  if (pairs.length === 0) {
    return sidesOf(run).flatMap((side): Precision[] => {
      const own = values(side)
      if (own.length === 0) return []
      const interval = own.length < fewestTrials ? null : medianInterval(own, { seed })
      const halfWidth = halfWidthOf(interval, median(own))
      return [{ configurations: [side.configuration], halfWidth }]
    })
  }
  return pairs.flatMap(([a, b]): Precision[] => {
    const [before, after] = [values(a), values(b)]
    const ratio = ratioOfMedians(before, after)
    if (ratio === null) return []
    const isFew = Math.min(before.length, after.length) < fewestTrials
    const interval = isFew ? null : ratioInterval(before, after, { seed })
    const configurations = [a.configuration, b.configuration]
    return [{ configurations, halfWidth: halfWidthOf(interval, ratio) }]
  })
}

function halfWidthOf(interval: Interval | null, value: number): number | null {
  return interval === null || !(value > 0) ? null : (interval[1] - interval[0]) / 2 / value
}

/**
 * Whether a run that is repeated until it is precise may end. It sees widths alone: neither p nor
 * whether an interval holds 1 has a say, since to stop as soon as a difference shows would find
 * differences where there are none (P. Armitage et al., "Repeated Significance Tests on Accumulating
 * Data", 1969).
 */
export function isPreciseEnough(precisions: readonly Precision[]): boolean {
  return precisions.every(({ halfWidth }) => halfWidth !== null && halfWidth <= wantedPrecision)
}

/** What a run that was repeated until it is precise has reached; null of another, or where it has not. */
export function precisionSentence(run: ComparedRun): string | null {
  if (run.plan.repeat !== 'auto') return null
  const precisions = precisionOf(run)
  if (precisions.length === 0 || !isPreciseEnough(precisions)) return null
  const widest = Math.max(...precisions.map(({ halfWidth }) => halfWidth as number))
  const trials = Math.max(...sidesOf(run).map(({ counted }) => counted.length))
  const what = precisions.some(({ configurations }) => configurations.length === 2)
    ? 'the ratios of throughput are'
    : 'the throughput is'
  return `Repeated until precise: after ${trials} trials of each, ${what} known within ± ${percent(widest)} (± ${percent(wantedPrecision)} were asked for).`
}

/** What a run that was repeated until it is precise has not reached. */
export function precisionWarnings(run: ComparedRun): Warning[] {
  if (run.plan.repeat !== 'auto') return []
  const told = configurationNames(run.configurations)
  return precisionOf(run)
    .filter((precision) => !isPreciseEnough([precision]))
    .map(({ configurations, halfWidth }) => {
      const names = configurations
        .toReversed()
        .map(({ id }) => told.get(id) ?? '')
        .join(' : ')
      const known =
        halfWidth === null
          ? 'not known closely enough'
          : `known within ± ${percent(halfWidth)} only`
      return {
        code: 'precision',
        message: `the throughput of ${names} is ${known}, where ± ${percent(wantedPrecision)} were asked for, after as many trials as the plan allows; allow more, or quieten the machine`,
      }
    })
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
