import { formatWorkers } from '../../shared/format.ts'
import { cell, type Findings, type TableCell } from '../../shared/model/findings.ts'
import type { Experiment, ExperimentRun } from './experiment.ts'
import { type Observed, observedIn } from './observed.ts'
import { configurationsOfWays, everyWay } from './ways.ts'
import { duration } from './wording.ts'

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
    sentences: sentencesOf(seen),
    charts: [],
    tables: [
      {
        title: 'What became of them',
        columns: [
          'workers',
          'deadlock',
          'done after',
          'found after',
          'gone after',
          'who waits for whom',
        ],
        rows: seen.map(row),
      },
    ],
    cautions: [],
  }
}

function row(each: Observed): TableCell[] {
  const waits = each.usual('waits')
  const time = (key: string, isTold: boolean) => {
    const ms = isTold ? each.median(key) : null
    return cell(ms === null ? '–' : duration(ms))
  }
  const isDead = waits !== null
  return [
    cell(nameOf(each)),
    cell(isDead ? `yes${inSome([each])}` : 'none', isDead ? 'bad' : 'good'),
    time('elapsed_ms', !isDead),
    time('found_ms', isDead),
    time('ended_ms', isDead),
    cell(waits ?? '–'),
  ]
}

function nameOf({ configuration: { model, variant, workers } }: Observed): string {
  return `${formatWorkers(workers, model)}, ${variant}`
}

/** A deadlock is no certainty: in how many trials it came, where not in all. */
function inSome(all: readonly Observed[]): string {
  const found = all.reduce((sum, each) => sum + each.values('found_ms').length, 0)
  const trials = all.reduce((sum, each) => sum + each.trials, 0)
  return found === trials ? '' : ` in ${found} of ${trials} trials`
}

/** What became of each order, under all models at once; then how it was found, and who waited for whom. */
function sentencesOf(seen: readonly Observed[]): string[] {
  const dead = seen.filter((each) => each.usual('waits') !== null)
  const alive = seen.filter((each) => each.usual('waits') === null)
  const byOrder = (all: readonly Observed[]) => [
    ...Map.groupBy(all, ({ configuration: { variant } }) => variant),
  ]
  const circles = [...Map.groupBy(dead, (each) => each.usual('waits'))]
  return [
    ...byOrder(dead).map(
      ([order, all]) =>
        `Two locks taken in ${inWords(order)} are a deadlock for ${listed(all.map(whoOf))}${inSome(all)}: nobody goes on.`,
    ),
    ...byOrder(alive).map(
      ([order, all]) =>
        `Taken in ${inWords(order)}, the locks do no harm: all were done after ${timesOf(all, 'elapsed_ms')}.`,
    ),
    ...byOrder(dead).map(
      ([, all]) =>
        `A deadlock was found after ${timesOf(all, 'found_ms')}; ended from outside, its workers were gone after ${timesOf(all, 'ended_ms')}.`,
    ),
    ...circles.map(([waits, all]) => `Who waits for whom (${listed(all.map(whoOf))}): ${waits}.`),
  ]
}

function inWords(order: string | null): string {
  return order === 'same order' ? 'the same order' : `${order}`
}

function whoOf({ configuration: { model, workers } }: Observed): string {
  return formatWorkers(workers, model)
}

function timesOf(all: readonly Observed[], key: string): string {
  return listed(all.map((each) => `${duration(each.median(key) ?? 0)} (${whoOf(each)})`))
}

function listed(texts: readonly string[]): string {
  return new Intl.ListFormat('en').format(texts)
}
