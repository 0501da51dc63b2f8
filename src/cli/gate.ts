import { formatEvidence, formatRatio } from '../shared/format.ts'
import { fewestTrials, isShown } from '../shared/model/comparison.ts'
import { type MetricKey, metricKeys, metrics } from '../shared/model/metric.ts'
import { LabError, shown } from '../shared/model/problem.ts'
import type {
  ComparedSide,
  MetricDifference,
  RunComparison,
  SidePair,
} from '../shared/model/run-comparison.ts'
import { type ExitCode, exitCodes } from './shell.ts'

/** `throughput_per_s < 0.95`: what a ratio of another side over the reference may not be. */
export interface Threshold {
  readonly text: string
  readonly metric: MetricKey
  readonly operator: Operator
  readonly ratio: number
  /** Counts only where chance is ruled out. */
  readonly onlyShown: boolean
}

const operators = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
} as const
type Operator = keyof typeof operators

/** What can have a ratio. */
export const ratioMetrics = metricKeys.filter((key) => metrics[key].unit !== 'bool')

/** What a gate has found. */
export interface GateResult {
  readonly code: ExitCode
  /** One for each breach, and for each ratio that could not be had. */
  readonly lines: readonly string[]
}

/** The flags of `compare` and `trend` that make them a gate. */
export interface GateOptions {
  readonly failIf?: readonly string[]
  readonly failIfShown?: readonly string[]
}

/** @throws LabError `bad-input` */
export function readThresholds({ failIf = [], failIfShown = [] }: GateOptions): Threshold[] {
  return [
    ...failIf.map((text) => parseThreshold(text, '--fail-if', false)),
    ...failIfShown.map((text) => parseThreshold(text, '--fail-if-shown', true)),
  ]
}

function parseThreshold(text: string, flag: string, onlyShown: boolean): Threshold {
  const bad = (found: string, allowed: string) =>
    new LabError('bad-input', `${flag}: ${found} is not allowed; allowed: ${allowed}`)
  const [, metric = '', operator, number] =
    /^\s*(\w+)\s*(<=|>=|<|>)\s*(\d+\.?\d*|\.\d+)\s*$/.exec(text) ?? []
  if (operator === undefined || number === undefined) {
    throw bad(
      shown(text),
      'METRIC, then < <= > or >=, then a number, as in "throughput_per_s < 0.95"',
    )
  }
  if (!ratioMetrics.includes(metric as MetricKey)) throw bad(shown(metric), ratioMetrics.join(', '))
  return {
    text: text.trim(),
    metric: metric as MetricKey,
    operator: operator as Operator,
    ratio: Number(number),
    onlyShown,
  }
}

/**
 * Holds every pair of a comparison against every threshold. The ratio of the medians decides, and the
 * line says how sure it is. What cannot be had does not pass: the gate is then closed with the code of
 * bad input, where it is not for a breach.
 */
export function judge(comparison: RunComparison, thresholds: readonly Threshold[]): GateResult {
  const found = thresholds.flatMap((threshold) =>
    comparison.pairs.map((pair) => judgePair(comparison, pair, threshold)),
  )
  const breaches = found.flatMap(({ breach }) => breach ?? [])
  const unknown = found.flatMap(({ unknown }) => unknown ?? [])
  const code =
    breaches.length > 0
      ? exitCodes.unsound
      : unknown.length > 0
        ? exitCodes.badInput
        : exitCodes.done
  return { code, lines: [...breaches, ...unknown] }
}

interface Judgement {
  readonly breach?: string
  readonly unknown?: string
}

function judgePair(
  { sides }: RunComparison,
  pair: SidePair,
  { text, metric, operator, ratio, onlyShown }: Threshold,
): Judgement {
  const [a, b] = [sides[pair.a], sides[pair.b]]
  const name = `${b?.letter} (${b?.name}) : ${a?.letter} (${a?.name})`
  const unknown = (why: string) => ({ unknown: `cannot be judged: ${text}: ${name}: ${why}` })
  if (pair.refused.length > 0) return unknown(pair.refused.join('; '))
  const difference = pair.differences.find((each) => each.metric === metric)
  if (difference === undefined) return unknown(whyNoRatio(a, b, metric))
  if (onlyShown && Math.min(...difference.trials) < fewestTrials) {
    return unknown(`${sureness(difference)}; run more, or take --fail-if`)
  }
  if (!operators[operator](difference.ratio, ratio)) return {}
  if (onlyShown && !isShown(difference)) return {}
  const evidence = formatEvidence(difference)
  const brackets = evidence === '' ? '' : ` (${evidence})`
  const measured = `${writeBeside(difference.ratio, ratio)}${brackets}`
  return { breach: `failed: ${text}: ${name} is ${measured}: ${sureness(difference)}` }
}

function sureness(difference: MetricDifference): string {
  const fewest = Math.min(...difference.trials)
  if (fewest < fewestTrials) {
    return `too few trials to say whether it is chance (${difference.trials.join(' and ')}; ${fewestTrials} a side at least)`
  }
  return isShown(difference) ? 'the difference is shown' : 'it may be chance'
}

function whyNoRatio(
  a: ComparedSide | undefined,
  b: ComparedSide | undefined,
  metric: MetricKey,
): string {
  const without = [a, b].flatMap((side) => (side?.metrics[metric] ? [] : [side?.letter]))
  if (without.length > 0) {
    return `${without.join(' and ')} ${without.length === 1 ? 'has' : 'have'} no ${metric}`
  }
  const median = a?.metrics[metric]?.median ?? 0
  return median > 0
    ? `${metric} is found in different ways on the two sides`
    : `there is no ratio to a median of ${median}`
}

/** A ratio that is not the threshold is not written as it. */
function writeBeside(ratio: number, threshold: number): string {
  const text = formatRatio(ratio)
  return Number(text.slice(0, -1)) === threshold && ratio !== threshold
    ? `${Number(ratio.toPrecision(6))}×`
    : text
}
