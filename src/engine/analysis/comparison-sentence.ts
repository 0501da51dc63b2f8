import { formatInterval, formatProbability, formatRatio } from '../../shared/format.ts'
import {
  type ComparedMetric,
  type MetricComparison,
  practicalThreshold,
} from '../../shared/model/comparison.ts'
import { modelTraits } from '../../shared/model/execution-model.ts'
import type { Configuration } from '../../shared/model/run.ts'
import { distance, fewestTrials } from './difference.ts'
import type { Pair } from './pairs.ts'

/**
 * A pair in plain words: what was seen, how sure that is, and the verdict (docs/metrics.md).
 *
 * @returns null where there is no throughput to speak of
 */
export function sentenceOf(pair: Pair, comparisons: readonly MetricComparison[]): string | null {
  const find = (metric: ComparedMetric) => comparisons.find((each) => each.metric === metric)
  const throughput = find('throughput_per_s')
  if (throughput === undefined) return null
  const [proportional, resident] = [find('peak_pss_bytes'), find('peak_rss_bytes')]
  const parts = [speed(pair, throughput)]
  if (proportional !== undefined) parts.push(memory(pair, proportional, 'PSS'))
  else if (resident !== undefined) parts.push(residentMemory(pair, resident))
  return parts.join(' ')
}

function speed([a, b]: Pair, comparison: MetricComparison): string {
  const { seen, larger, smaller, winner } = read([a.configuration, b.configuration], comparison)
  const ratio = formatRatio(seen.ratio)
  const claim = isAlike(seen)
    ? `${nameOf(larger)} completed about as many tasks per second as ${nameOf(smaller)}, ${ratio}`
    : `${nameOf(larger)} completed ${ratio} the tasks per second of ${nameOf(smaller)}`
  const conclusion =
    winner && `${kindOf(winner)} ${winner.model === 'inline' ? 'is' : 'are'} faster`
  return `${claim}${inBrackets(evidenceOf(seen))}: ${conclusion ?? withoutWinner(comparison)}.`
}

function memory([a, b]: Pair, comparison: MetricComparison, basis: 'PSS' | 'RSS'): string {
  const { seen, larger, smaller, winner } = read([a.configuration, b.configuration], comparison)
  const ratio = formatRatio(seen.ratio)
  const [one, other] = [theKind(larger), theKind(smaller)]
  const claim = isAlike(seen)
    ? `${one} peaked at about the memory of ${other}, ${ratio}`
    : `${one} peaked at ${ratio} the memory of ${other}`
  const conclusion =
    winner && `${kindOf(winner)} ${winner.model === 'inline' ? 'takes' : 'take'} less`
  // That there are too few trials has been said of the speed.
  const ending = isTooFew(comparison) ? '' : `: ${conclusion ?? withoutWinner(comparison)}`
  return `${capital(claim)}${inBrackets(basis, evidenceOf(seen))}${ending}.`
}

/** Resident memory of several processes counts too much: a ratio, and no verdict on it. */
function residentMemory(pair: Pair, comparison: MetricComparison): string {
  const isShared = pair.some(({ configuration: { model } }) => modelTraits[model].separateProcesses)
  if (!isShared) return memory(pair, comparison, 'RSS')
  const [a, b] = pair.map(({ configuration }) => theKind(configuration))
  return `${capital(`${b}`)} peaked at ${formatRatio(comparison.ratio)} the resident memory of ${a}, which counts shared pages once for each process.`
}

/** The larger side first: "124 times as many" is read more easily than 0.008. */
function read(
  [a, b]: readonly [Configuration, Configuration],
  comparison: MetricComparison,
): {
  readonly seen: MetricComparison
  readonly larger: Configuration
  readonly smaller: Configuration
  readonly winner: Configuration | null
} {
  const { ratio, ci95, verdict } = comparison
  const winner = verdict === 'a' ? a : verdict === 'b' ? b : null
  const canBeTurned = ratio > 0 && (ci95 === null || ci95[0] > 0)
  if (ratio >= 1 || !canBeTurned) return { seen: comparison, larger: b, smaller: a, winner }
  const turned = ci95 === null ? null : ([1 / ci95[1], 1 / ci95[0]] as const)
  return { seen: { ...comparison, ratio: 1 / ratio, ci95: turned }, larger: a, smaller: b, winner }
}

function isAlike({ ratio }: MetricComparison): boolean {
  return distance(ratio) <= practicalThreshold
}

function isTooFew({ verdict }: MetricComparison): boolean {
  return verdict === 'too few trials to say'
}

function evidenceOf(seen: MetricComparison): string {
  const { ci95, p } = seen
  if (isTooFew(seen) || p === null) return ''
  const interval = ci95 === null ? 'no interval' : `95 % interval ${formatInterval(ci95)}`
  const probability = formatProbability(p)
  return `${interval}, p ${probability.startsWith('<') ? probability : `= ${probability}`}`
}

function inBrackets(...parts: readonly string[]): string {
  const told = parts.filter((part) => part !== '')
  return told.length === 0 ? '' : ` (${told.join('; ')})`
}

function withoutWinner(comparison: MetricComparison): string {
  if (!isTooFew(comparison)) return 'no difference shown'
  const [onA, onB] = comparison.trials
  const sides =
    onA === onB
      ? `${onA} a side; ${fewestTrials} at least`
      : `${onA} and ${onB}; ${fewestTrials} a side at least`
  return `too few trials to say (${sides})`
}

function kindOf({ model }: Configuration): string {
  return model === 'inline' ? 'inline work' : model
}

function theKind(configuration: Configuration): string {
  return configuration.model === 'inline' ? 'inline work' : `the ${configuration.model}`
}

function nameOf({ model, workers }: Configuration): string {
  if (model === 'inline') return 'inline work'
  const one = model === 'processes' ? 'process' : 'thread'
  return workers === 1 ? `1 ${one}` : `${workers} ${model}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
