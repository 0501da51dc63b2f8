import { formatPercent } from '../../shared/format.ts'
import { cell, type Findings, type TableCell } from '../../shared/model/findings.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { Experiment, ExperimentRun, NewConfiguration } from './experiment.ts'
import { type Observed, observedIn } from './observed.ts'
import { duration, timesAs } from './wording.ts'

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
  configurations,
  findings,
  problems: ({ workers }) =>
    workers.some((count) => count > 1)
      ? []
      : [{ path: 'workers', message: 'one worker races with nobody; allowed: 2 or more' }],
}

export default races

function configurations({ models, workers, parameters }: Plan): NewConfiguration[] {
  return ways
    .filter(({ model }) => models.includes(model))
    .flatMap(({ model, variant }) =>
      workers.map((count) => ({
        workload: 'races',
        parameters,
        runtime: 'node',
        model,
        workers: count,
        scheduling: 'static',
        variant,
      })),
    )
}

function findings(run: ExperimentRun): Findings {
  const seen = observedIn(run).filter(({ trials }) => trials > 0)
  return {
    sentences: seen.length === 0 ? [] : sentencesOf(seen),
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
function sentencesOf(all: readonly Observed[]): string[] {
  const most = Math.max(...all.map(({ configuration }) => configuration.workers))
  const seen = all.filter(({ configuration }) => configuration.workers === most)
  const of = (model: string, variant: string) =>
    seen.find(({ configuration: each }) => each.model === model && each.variant === variant)
  const sentences: string[] = []
  const plain = of('threads', 'plain')
  if (plain !== undefined) {
    const lost = plain.median('lost_percent') ?? 0
    sentences.push(
      lost > 0
        ? `${most} threads that count on one counter without protection lose ${formatPercent(lost / 100)} of their updates.`
        : `${most} threads that count on one counter without protection have lost no update this time: that is luck, not safety.`,
    )
  }
  const cost = (each: Observed | undefined) => each?.median('per_update_ns') ?? null
  const base = cost(plain)
  const dear = (['atomics', 'lock'] as const).flatMap((variant) => {
    const ns = cost(of('threads', variant))
    const name = variant === 'lock' ? 'a lock' : 'Atomics'
    if (ns === null) return []
    const dearer = base === null ? '' : `, ${timesAs(ns / base, 'long')} as without`
    return [`with ${name} an update takes ${duration(ns / 1e6)}${dearer}`]
  })
  if (dear.length > 0) sentences.push(`Protected, none is lost: ${dear.join('; ')}.`)
  const own = cost(of('processes', 'own counter'))
  const message = cost(of('processes', 'message'))
  if (own !== null) {
    const tell =
      message === null ? '' : `, and one that is told to another ${duration(message / 1e6)}`
    sentences.push(
      `Processes share no counter and lose nothing: an update of one’s own takes ${duration(own / 1e6)}${tell}.`,
    )
  }
  return sentences
}
