import { executorNameAmong, workNameParts } from '../../shared/executor-names.ts'
import { formatEvidence, formatRatio, formatWorkers } from '../../shared/format.ts'
import { fewestTrials, practicalThreshold } from '../../shared/model/comparison.ts'
import { kernelOf, type Model, modelTraits } from '../../shared/model/execution-model.ts'
import type { MetricKey } from '../../shared/model/metric.ts'
import type { Configuration } from '../../shared/model/run.ts'
import type { MetricDifference } from '../../shared/model/run-comparison.ts'
import { distance } from './difference.ts'
import { executorOf } from './executor.ts'
import type { Pair } from './pairs.ts'

/** A side as sentences speak of it. */
export interface SpokenSide {
  readonly configuration: Pick<Configuration, 'model' | 'workers'>
  /** In full, where it is first spoken of: "2 processes". */
  readonly name: string
  /** As the winner: "processes". */
  readonly kind: string
  /** As what has been spoken of: "the processes". */
  readonly again: string
  readonly isPlural: boolean
}

/**
 * The sides of a pair as they are told apart within a run: by model and workers, or by what executes them
 * where that is what differs.
 *
 * @param all the configurations of the run
 */
export function namedInRun(
  pair: Pair,
  all: readonly Configuration[],
): readonly [SpokenSide, SpokenSide] {
  const [one, other] = [pair[0].configuration, pair[1].configuration]
  const names = [one, other].map((each) => executorNameAmong(each, all))
  const spoken = (configuration: Configuration, executor: string | undefined): SpokenSide => {
    const plain = namedByModel(configuration, all)
    if (names[0] === names[1] || executor === undefined) return plain
    const name = `${plain.name} of ${executor}`
    return { ...plain, name, kind: executor, again: executor, isPlural: false }
  }
  return [spoken(one, names[0]), spoken(other, names[1])]
}

/** What a sentence of a pair is about, where the run does several works: `CPython 3.11.2, primes: `, or nothing. */
export function leadOf([a, b]: Pair, all: readonly Configuration[]): string {
  const [one, other] = [a.configuration, b.configuration].map((each) => [
    ...workNameParts(each, all),
    ...(kernelOf(each.variant) === null ? [] : [kernelOf(each.variant)]),
  ])
  const common = (one ?? []).filter((part) => other?.includes(part))
  return common.length === 0 ? '' : `${common.join(', ')}: `
}

/** By its model and workers, and by its variant where there are several of them. */
function namedByModel(each: Configuration, all: readonly Configuration[]): SpokenSide {
  const { model, workers } = each
  const configuration = { model, workers }
  if (model === 'inline') {
    const name = 'inline work'
    return { configuration, name, kind: name, again: name, isPlural: false }
  }
  const { title, workers: several } = modelTraits[model]
  const variants = all.filter(
    (other) => wayKey(other) === wayKey(each) && kernelOf(other.variant) === kernelOf(each.variant),
  )
  const isOne = new Set(variants.map(({ variant }) => variant)).size < 2
  const how = isOne || each.variant === null ? '' : ` (${each.variant})`
  const many = `${formatWorkers(workers, model)}${how}`
  if (plainModels.has(model)) {
    const kind = `${several}${how}`
    return { configuration, name: many, kind, again: `the ${kind}`, isPlural: true }
  }
  const kind = `${title}${how}`
  return { configuration, name: `${title} of ${many}`, kind, again: kind, isPlural: false }
}

function wayKey(each: Configuration): string {
  const { workload, model, workers } = each
  return JSON.stringify([executorOf(each), workload, model, workers])
}

/** Those that are called as their workers are. */
const plainModels: ReadonlySet<Model> = new Set(['threads', 'processes', 'interpreters'])

/**
 * A pair in plain words: what was seen, how sure that is, and the verdict (docs/metrics.md).
 *
 * @returns null where there is no throughput to speak of
 */
export function sentenceOf(
  pair: readonly [SpokenSide, SpokenSide],
  differences: readonly MetricDifference[],
): string | null {
  const find = (metric: MetricKey) => differences.find((each) => each.metric === metric)
  const throughput = find('throughput_per_s')
  if (throughput === undefined) return null
  const [proportional, resident] = [find('peak_pss_bytes'), find('peak_rss_bytes')]
  const parts = [speed(pair, throughput)]
  if (proportional !== undefined) parts.push(memory(pair, proportional, 'PSS'))
  else if (resident !== undefined) parts.push(residentMemory(pair, resident))
  return parts.join(' ')
}

type SpokenPair = readonly [SpokenSide, SpokenSide]

function speed(pair: SpokenPair, difference: MetricDifference): string {
  const { seen, larger, smaller, winner } = read(pair, difference)
  const ratio = formatRatio(seen.ratio)
  const claim = isAlike(seen)
    ? `${larger.name} completed about as many tasks per second as ${smaller.name}, ${ratio}`
    : `${larger.name} completed ${ratio} the tasks per second of ${smaller.name}`
  const conclusion = winner && `${winner.kind} ${winner.isPlural ? 'are' : 'is'} faster`
  return `${claim}${inBrackets(evidenceOf(seen))}: ${conclusion ?? withoutWinner(difference)}.`
}

function memory(pair: SpokenPair, difference: MetricDifference, basis: 'PSS' | 'RSS'): string {
  const { seen, larger, smaller, winner } = read(pair, difference)
  const ratio = formatRatio(seen.ratio)
  const claim = isAlike(seen)
    ? `${larger.again} peaked at about the memory of ${smaller.again}, ${ratio}`
    : `${larger.again} peaked at ${ratio} the memory of ${smaller.again}`
  const conclusion = winner && `${winner.kind} ${winner.isPlural ? 'take' : 'takes'} less`
  // That there are too few trials has been said of the speed.
  const ending = isTooFew(difference) ? '' : `: ${conclusion ?? withoutWinner(difference)}`
  return `${capital(claim)}${inBrackets(basis, evidenceOf(seen))}${ending}.`
}

/** Resident memory of several processes counts too much: a ratio, and no verdict on it. */
function residentMemory(pair: SpokenPair, difference: MetricDifference): string {
  const [a, b] = pair
  if (!countsSharedPages(a.configuration, b.configuration)) return memory(pair, difference, 'RSS')
  return `${capital(b.again)} peaked at ${formatRatio(difference.ratio)} the resident memory of ${a.again}, which counts shared pages once for each process.`
}

/**
 * Whether resident memory of two sides cannot be set against each other: a page that processes share
 * is counted once for each of them, which is the same on both sides only where these are as many.
 */
export function countsSharedPages(
  a: Pick<Configuration, 'model' | 'workers'>,
  b: Pick<Configuration, 'model' | 'workers'>,
): boolean {
  if (a.model === b.model && a.workers === b.workers) return false
  return [a, b].some(({ model }) => modelTraits[model].separateProcesses)
}

/** The larger side first: "124 times as many" is read more easily than 0.008. */
function read(
  [a, b]: SpokenPair,
  difference: MetricDifference,
): {
  readonly seen: MetricDifference
  readonly larger: SpokenSide
  readonly smaller: SpokenSide
  readonly winner: SpokenSide | null
} {
  const { ratio, ci95, verdict } = difference
  const winner = verdict === 'a' ? a : verdict === 'b' ? b : null
  const canBeTurned = ratio > 0 && (ci95 === null || ci95[0] > 0)
  if (ratio >= 1 || !canBeTurned) return { seen: difference, larger: b, smaller: a, winner }
  const turned = ci95 === null ? null : ([1 / ci95[1], 1 / ci95[0]] as const)
  return { seen: { ...difference, ratio: 1 / ratio, ci95: turned }, larger: a, smaller: b, winner }
}

function isAlike({ ratio }: MetricDifference): boolean {
  return distance(ratio) <= practicalThreshold
}

function isTooFew({ verdict }: MetricDifference): boolean {
  return verdict === 'too few trials to say'
}

function evidenceOf(seen: MetricDifference): string {
  return isTooFew(seen) ? '' : formatEvidence(seen)
}

function inBrackets(...parts: readonly string[]): string {
  const told = parts.filter((part) => part !== '')
  return told.length === 0 ? '' : ` (${told.join('; ')})`
}

function withoutWinner(difference: MetricDifference): string {
  if (!isTooFew(difference)) return 'no difference shown'
  const [onA, onB] = difference.trials
  const sides =
    onA === onB
      ? `${onA} a side; ${fewestTrials} at least`
      : `${onA} and ${onB}; ${fewestTrials} a side at least`
  return `too few trials to say (${sides})`
}

/** With a capital, unless it is a name that is written without one, as `multiprocessing.Pool`. */
function capital(text: string): string {
  if (/^[a-z]+\./.test(text)) return text
  return text.charAt(0).toUpperCase() + text.slice(1)
}
