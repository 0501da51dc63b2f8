import type { Observations } from './model/experiment.ts'
import type { TrialMetrics } from './model/metric.ts'
import type { Trial } from './model/run.ts'

/** What memory is measured as: each tells another thing of pages that processes share. */
export const memoryMeasures = ['rss', 'pss', 'uss'] as const
export type MemoryMeasure = (typeof memoryMeasures)[number]

/** One measure over the trials that count and have it, in bytes. */
export interface MemoryTally {
  readonly peaks: readonly number[]
  /** Peak less what the host alone had before its workers. */
  readonly growths: readonly number[]
}

/** Trials that ended and do not count, for one reason. */
export interface Uncounted {
  readonly status: 'void' | 'failed' | 'interrupted'
  readonly reason: string | null
  readonly trials: number
}

/** What is known of a configuration's trials together, as they end; warm-ups are none of them. */
export interface Tally {
  readonly ended: number
  readonly uncounted: readonly Uncounted[]
  readonly memory: Readonly<Record<MemoryMeasure, MemoryTally>>
  /** Of the latest trial that counts; null before there is one. */
  readonly latest: TrialMetrics | null
  /** What was observed beside the metrics in those that count, where anything was. */
  readonly observed: readonly Observations[]
}

const noMemory: MemoryTally = { peaks: [], growths: [] }

export const emptyTally: Tally = {
  ended: 0,
  uncounted: [],
  memory: { rss: noMemory, pss: noMemory, uss: noMemory },
  latest: null,
  observed: [],
}

/** Different reasons that are told apart; further ones are counted with the last. */
const mostReasons = 8

type TalliedTrial = Pick<Trial, 'status' | 'reason' | 'warm_up' | 'metrics' | 'observations'>

/** A tally with one trial more. */
export function tallied(tally: Tally, trial: TalliedTrial): Tally {
  const { status, metrics } = trial
  if (trial.warm_up || status === 'running') return tally
  const ended = tally.ended + 1
  if (status !== 'done') {
    return { ...tally, ended, uncounted: withOneMore(tally.uncounted, status, trial.reason) }
  }
  const withMemory = (measure: MemoryMeasure): MemoryTally => {
    const { peaks, growths } = tally.memory[measure]
    const [peak, baseline] = [
      metrics[`peak_${measure}_bytes`],
      metrics[`baseline_${measure}_bytes`],
    ]
    if (typeof peak !== 'number') return { peaks, growths }
    return {
      peaks: [...peaks, peak],
      growths: typeof baseline === 'number' ? [...growths, peak - baseline] : growths,
    }
  }
  const memory = { rss: withMemory('rss'), pss: withMemory('pss'), uss: withMemory('uss') }
  const observed =
    trial.observations === null ? tally.observed : [...tally.observed, trial.observations]
  return { ...tally, ended, memory, latest: metrics, observed }
}

/** Trials that count. */
export function countedOf({ ended, uncounted }: Tally): number {
  return uncounted.reduce((left, { trials }) => left - trials, ended)
}

export function tallyOf(trials: readonly TalliedTrial[]): Tally {
  return trials.reduce(tallied, emptyTally)
}

function withOneMore(
  all: readonly Uncounted[],
  status: Uncounted['status'],
  reason: string | null,
): readonly Uncounted[] {
  const same = all.findIndex((each) => each.status === status && each.reason === reason)
  const at = same < 0 && all.length === mostReasons ? all.length - 1 : same
  return at < 0
    ? [...all, { status, reason, trials: 1 }]
    : all.map((each, index) => (index === at ? { ...each, trials: each.trials + 1 } : each))
}
