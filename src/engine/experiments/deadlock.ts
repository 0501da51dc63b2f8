import { formatMs, formatWorkers } from '../../shared/format.ts'
import { cell, type Findings, type TableCell } from '../../shared/model/findings.ts'
import type { Experiment, ExperimentRun } from './experiment.ts'
import { type Observed, observedIn } from './observed.ts'
import { configurationsOfWays, everyWay } from './ways.ts'

const variants = ['opposite orders', 'same order'] as const

const deadlock: Experiment = {
  name: 'deadlock',
  title: 'A deadlock, and its cure',
  question: 'What becomes of workers that take two locks in opposite orders?',
  lookFor:
    'Each holds what the other waits for, and no core is busy. It is found by following who waits for whom, and ended from outside. Taken in one order by all, the same locks do no harm. Processes do not help: locks that are asked for by messages deadlock as well.',
  plan: { models: ['threads', 'processes'], workers: [2], repeat: 3, warmup: 0 },
  workers: 'cores',
  trialMs: 250,
  probe: {
    name: 'deadlock',
    kind: 'cpu',
    description: 'each worker takes two locks of a ring, and gives them back',
    parameters: {
      rounds: {
        description: 'times that each worker takes both',
        unit: 'rounds',
        minimum: 1,
        maximum: 1_000_000,
        default: 100,
        whole: true,
      },
    },
  },
  configurations: (plan) => configurationsOfWays(plan, everyWay(variants)),
  findings,
  problems: ({ workers }) =>
    workers.some((count) => count < 2)
      ? [{ path: 'workers', message: 'a worker alone waits for nobody; allowed: 2 or more' }]
      : [],
}

export default deadlock

function findings(run: ExperimentRun): Findings {
  const seen = observedIn(run).filter(({ trials }) => trials > 0)
  return {
    sentences: seen.map(sentenceOf),
    charts: [],
    tables: [
      {
        title: 'What became of them',
        columns: ['workers', 'deadlock', 'found after', 'ended after', 'who waits for whom'],
        rows: seen.map(row),
      },
    ],
    cautions: [],
  }
}

function row(each: Observed): TableCell[] {
  const waits = each.usual('waits')
  const time = (key: string) => {
    const ms = each.median(key)
    return cell(ms === null ? '–' : formatMs(ms))
  }
  return [
    cell(nameOf(each)),
    cell(waits === null ? 'none' : `yes${inSome(each)}`, waits === null ? 'good' : 'bad'),
    time('found_ms'),
    time('ended_ms'),
    cell(waits ?? '–'),
  ]
}

function nameOf({ configuration: { model, variant, workers } }: Observed): string {
  return `${formatWorkers(workers, model)}, ${variant}`
}

/** A deadlock is no certainty: in how many trials it came, where not in all. */
function inSome(each: Observed): string {
  const found = each.values('found_ms').length
  return found === each.trials ? '' : ` in ${found} of ${each.trials} trials`
}

function sentenceOf(each: Observed): string {
  const waits = each.usual('waits')
  const [found, ended, elapsed] = ['found_ms', 'ended_ms', 'elapsed_ms'].map((key) =>
    formatMs(each.median(key) ?? 0),
  )
  if (waits === null) return `${nameOf(each)}: no deadlock; all were done after ${elapsed}.`
  return `${nameOf(each)}: a deadlock${inSome(each)}, found after ${found}: ${waits}. Ended from outside, they were gone after ${ended}.`
}
