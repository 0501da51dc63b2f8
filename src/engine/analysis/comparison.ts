import { formatRatio } from '../../shared/format.ts'
import {
  type ComparedMetric,
  type Comparison,
  comparedMetrics,
  type MetricComparison,
} from '../../shared/model/comparison.ts'
import { modelTraits } from '../../shared/model/execution-model.ts'
import type { Configuration, Run, Trial } from '../../shared/model/run.ts'
import { countedTrials, summarize, valuesOf } from './statistics.ts'

/** Trials a side below which nothing is said of who wins (docs/metrics.md). */
const fewestTrials = 5
/** A difference of medians that is not worth speaking of. */
const practicalThreshold = 0.02

/** The models of a run beside each other, at equal numbers of workers, from the trials that count so far. */
export function compareModels(run: Pick<Run, 'configurations' | 'trials'>): Comparison {
  const pairs = pairsOf(sidesOf(run))
  return {
    comparisons: pairs.flatMap(([a, b]) =>
      comparedMetrics.flatMap((metric) => ratioOf(metric, a, b) ?? []),
    ),
    sentences: sentencesOf(pairs),
  }
}

/** Each model against the one before it, at the same number of workers; inline has but one. */
function pairsOf(all: readonly Side[]): [Side, Side][] {
  const models = [...new Set(all.map(({ configuration }) => configuration.model))]
  const of = (model: string | undefined) =>
    all.filter(({ configuration }) => configuration.model === model)
  return models.flatMap((model, index) => {
    const before = of(models[index - 1])
    return of(model).flatMap((b): [Side, Side][] => {
      const a =
        before.length === 1
          ? before[0]
          : before.find(({ configuration: { workers } }) => workers === b.configuration.workers)
      return a === undefined ? [] : [[a, b]]
    })
  })
}

/** A configuration with its trials that count, and the medians that are compared. */
interface Side {
  readonly configuration: Configuration
  readonly counted: readonly Trial[]
  readonly medians: Readonly<Partial<Record<ComparedMetric, number>>>
}

/** Only what is compared: this is done again after each trial. */
function sidesOf(run: Pick<Run, 'configurations' | 'trials'>): Side[] {
  return run.configurations.map((configuration) => {
    const counted = countedTrials(run, configuration)
    const medians: Partial<Record<ComparedMetric, number>> = {}
    for (const metric of comparedMetrics) {
      const summary = summarize(valuesOf(counted, metric), '')
      if (summary !== null) medians[metric] = summary.median
    }
    return { configuration, counted, medians }
  })
}

function ratioOf(metric: ComparedMetric, a: Side, b: Side): MetricComparison | null {
  const [from, to] = [a.medians[metric], b.medians[metric]]
  if (from === undefined || to === undefined || from === 0) return null
  return {
    metric,
    a: a.configuration.id,
    b: b.configuration.id,
    ratio: to / from,
    ci95: null,
    p: null,
    cliffs_delta: null,
    verdict: null,
    trials: [a.counted.length, b.counted.length],
  }
}

/** What was seen of each pair, and then how sure that is: once, where it holds for all of them. */
function sentencesOf(pairs: readonly [Side, Side][]): string[] {
  const seen = pairs.flatMap(([a, b]) => {
    const sentence = sentenceOf(a, b)
    return sentence === null ? [] : [{ sentence, sureness: sureness(a, b) }]
  })
  const grades = new Set(seen.map((each) => each.sureness))
  return grades.size === 1
    ? [...seen.map(({ sentence }) => sentence), ...grades]
    : seen.map((each) => `${each.sentence} ${each.sureness}`)
}

/**
 * A pair in plain words. Whether a difference is more than chance is not found here: nothing is said
 * of who wins, only what was seen.
 */
function sentenceOf(a: Side, b: Side): string | null {
  const throughput = ratioOf('throughput_per_s', a, b)
  if (throughput === null) return null
  const [one, other] = [nameOf(b.configuration), nameOf(a.configuration)]
  const { ratio } = throughput
  // The faster one first: "124 times as many" is read more easily than 0.008.
  const [fast, slow] = ratio >= 1 ? [one, other] : [other, one]
  const speed =
    Math.abs(ratio - 1) <= practicalThreshold
      ? `${one} completed about as many tasks per second as ${other} (${formatRatio(ratio)})`
      : `${fast} completed ${formatRatio(Math.max(ratio, 1 / ratio))} the tasks per second of ${slow}`
  const memory = ratioOf('peak_rss_bytes', a, b)
  const isShared = [a, b].some(
    ({ configuration: { model } }) => modelTraits[model].separateProcesses,
  )
  const caution = isShared ? ', which counts shared pages once for each process' : ''
  const weight =
    memory === null
      ? ''
      : `; ${kindOf(b.configuration)} peaked at ${formatRatio(memory.ratio)} the resident memory${caution}`
  return `${speed}${weight}.`
}

function sureness(a: Side, b: Side): string {
  const [onA, onB] = [a.counted.length, b.counted.length]
  const sides =
    onA === onB ? `${onA} ${onA === 1 ? 'trial' : 'trials'} a side` : `${onA} and ${onB} trials`
  if (Math.min(onA, onB) < fewestTrials) {
    return `With ${sides} that is what was seen here; it is too few trials to say more (${fewestTrials} at least).`
  }
  const [x, y] = [rangeOf(a), rangeOf(b)]
  const overlap = x[0] <= y[1] && y[0] <= x[1]
  return overlap
    ? `Over ${sides} the single trials of the two overlap, so that the next run may come out the other way.`
    : `Over ${sides} the single trials of the two do not overlap.`
}

function rangeOf({ counted }: Side): readonly [number, number] {
  const values = counted.map((trial) => Number(trial.metrics.throughput_per_s))
  return [Math.min(...values), Math.max(...values)]
}

function kindOf({ model }: Configuration): string {
  return model === 'inline' ? 'inline work' : `the ${model}`
}

function nameOf({ model, workers }: Configuration): string {
  if (model === 'inline') return 'inline work'
  const one = model === 'processes' ? 'process' : 'thread'
  return workers === 1 ? `1 ${one}` : `${workers} ${model}`
}
