import { formatPercent } from '../../shared/format.ts'
import { cell, type Findings, type TableCell } from '../../shared/model/findings.ts'
import type { Experiment, ExperimentRun } from './experiment.ts'
import { type Observed, observedIn } from './observed.ts'
import { timesOf } from './times.ts'
import { configurationsOfWays } from './ways.ts'
import { duration } from './wording.ts'

/** How a counter is counted on, under which model, and what that is called. */
const ways = [
  { model: 'threads', variant: 'plain', what: 'shared, without protection' },
  { model: 'threads', variant: 'atomics', what: 'shared, with Atomics' },
  { model: 'threads', variant: 'lock', what: 'shared, with a lock' },
  { model: 'threads', variant: 'message', what: 'a message for each update' },
  { model: 'processes', variant: 'own counter', what: 'each its own, added up at the end' },
  { model: 'processes', variant: 'message', what: 'a message for each update' },
] as const

const races: Experiment = {
  name: 'races',
  title: 'Racing or safe',
  question: 'What happens when several workers count on one counter?',
  lookFor:
    'Threads that share a counter without protection lose updates. Atomics and a lock lose none, and cost time; processes share nothing, so that nothing is lost, and every update that another is to know of costs a message.',
  plan: { models: ['threads', 'processes'], repeat: 5, warmup: 1 },
  workers: 'cores',
  trialMs: 500,
  probe: {
    name: 'races',
    kind: 'cpu',
    description: 'workers count on one counter, in several ways',
    parameters: {
      updates: {
        description: 'updates of each worker, where they share memory or have their own',
        unit: 'updates',
        minimum: 1000,
        maximum: 100_000_000,
        default: 10_000_000,
        whole: true,
      },
      messages: {
        description: 'updates of each worker, where each is a message',
        unit: 'updates',
        minimum: 100,
        maximum: 1_000_000,
        default: 20_000,
        whole: true,
      },
    },
  },
  configurations: (plan) => configurationsOfWays(plan, ways),
  findings,
  problems: ({ workers }) =>
    workers.some((count) => count > 1)
      ? []
      : [{ path: 'workers', message: 'one worker races with nobody; allowed: 2 or more' }],
}

export default races

function findings(run: ExperimentRun): Findings {
  const seen = observedIn(run).filter(({ trials }) => trials > 0)
  return {
    sentences: seen.length === 0 ? [] : sentencesOf(seen, run.plan.seed),
    charts: [
      {
        kind: 'bars',
        title: 'Time of one update, of one worker',
        value: { label: 'time', unit: '', scale: 'logarithmic', quantity: 'milliseconds' },
        parts: ['update'],
        bars: seen.map((each) => {
          const ns = each.median('per_update_ns')
          const { model } = each.configuration
          return { name: nameOf(each), model, values: [ns === null ? null : ns / 1e6] }
        }),
      },
    ],
    tables: [
      {
        title: 'What became of the updates',
        columns: ['counter', 'updates', 'counted', 'lost', 'share lost', 'time of an update'],
        rows: seen.map(row),
      },
    ],
    cautions: [],
  }
}

function row(each: Observed): TableCell[] {
  const lost = each.median('lost') ?? 0
  const count = (key: string) => cell(Math.round(each.median(key) ?? 0).toLocaleString('en-US'))
  return [
    cell(nameOf(each)),
    count('updates'),
    count('counted'),
    { ...count('lost'), tone: lost > 0 ? 'bad' : 'good' },
    cell(
      lost > 0 ? formatPercent((each.median('lost_percent') ?? 0) / 100) : '0 %',
      lost > 0 ? 'bad' : 'good',
    ),
    cell(duration((each.median('per_update_ns') ?? 0) / 1e6)),
  ]
}

function nameOf({ configuration: { model, variant, workers } }: Observed): string {
  const way = ways.find((each) => each.model === model && each.variant === variant)
  return `${workers} ${model}: ${way?.what ?? variant}`
}

/** Of the most workers that there are. */
function sentencesOf(all: readonly Observed[], seed: number): string[] {
  const most = Math.max(...all.map(({ configuration }) => configuration.workers))
  const seen = all.filter(({ configuration }) => configuration.workers === most)
  const of = (model: string, variant: string) =>
    seen.find(({ configuration: each }) => each.model === model && each.variant === variant)
  const sentences: string[] = []
  const plain = of('threads', 'plain')
  if (plain !== undefined) {
    const lost = plain.median('lost_percent') ?? 0
    const inSome =
      lossesOf(plain) === plain.trials
        ? ''
        : `, in ${lossesOf(plain)} of ${plain.trials} trials any`
    sentences.push(
      lossesOf(plain) > 0
        ? `${most} threads that count on one counter without protection lose ${formatPercent(lost / 100)} of their updates${inSome}.`
        : `${most} threads that count on one counter without protection have lost no update this time: that is luck, not safety.`,
    )
  }
  const cost = (each: Observed | undefined) => each?.median('per_update_ns') ?? null
  const guarded = (['atomics', 'lock'] as const).flatMap((variant) => of('threads', variant) ?? [])
  const dear = guarded.flatMap((each) => {
    const ns = cost(each)
    const name = each.configuration.variant === 'lock' ? 'a lock' : 'Atomics'
    if (ns === null) return []
    const values = (side: Observed | undefined) => side?.values('per_update_ns') ?? []
    const times = timesOf(values(plain), values(each), seed, 'long as without')
    const dearer = times === null ? '' : `, ${times}`
    return [`with ${name} an update takes ${duration(ns / 1e6)}${dearer}`]
  })
  const protection = guarded.some((each) => lossesOf(each) > 0)
    ? 'Protected, updates were lost as well'
    : 'Protected, none is lost'
  if (dear.length > 0) sentences.push(`${protection}: ${dear.join('; ')}.`)
  const apart = (['own counter', 'message'] as const).flatMap((how) => of('processes', how) ?? [])
  const own = cost(of('processes', 'own counter'))
  const message = cost(of('processes', 'message'))
  if (own !== null) {
    const tell =
      message === null ? '' : `, and one that is told to another ${duration(message / 1e6)}`
    const outcome = apart.some((each) => lossesOf(each) > 0)
      ? 'yet updates were lost'
      : 'and lose nothing'
    sentences.push(
      `Processes share no counter, ${outcome}: an update of one’s own takes ${duration(own / 1e6)}${tell}.`,
    )
  }
  return sentences
}

/** Trials in which any update was lost. */
function lossesOf(each: Observed): number {
  return each.values('lost').filter((lost) => lost > 0).length
}
