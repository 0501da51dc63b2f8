import { formatPercent } from '../../shared/format.ts'
import { cell, type Findings, type TableCell } from '../../shared/model/findings.ts'
import { interpreterName } from '../../shared/model/interpreter.ts'
import type { Experiment, ExperimentRun } from './experiment.ts'
import { type Observed, observedIn } from './observed.ts'
import { racingConfigurations, racingName, racingVariant } from './racing-ways.ts'
import { timesOf } from './times.ts'
import { duration } from './wording.ts'

const races: Experiment = {
  name: 'races',
  title: 'Racing or safe',
  question: 'What happens when several workers count on one counter?',
  lookFor:
    'Threads that share a counter without protection lose updates. Atomics and a lock lose none, and cost time; processes share nothing, so that nothing is lost, and every update that another is to know of costs a message. In Python the interpreter lock decides when another thread may come in between: whether updates are lost depends on what stands between reading and writing.',
  plan: { models: ['threads', 'processes'], repeat: 5, warmup: 1 },
  workers: 'cores',
  trialMs: 500,
  probe: {
    name: 'races',
    kind: 'cpu',
    description: 'workers count on one counter, in several ways',
    parameters: {
      updates: {
        description:
          'updates of each worker, where they share memory or have their own; in Python a tenth of it',
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
  runtimes: ['node', 'python'],
  configurations: racingConfigurations,
  findings,
  problems: ({ workers }) =>
    workers.some((count) => count > 1)
      ? []
      : [{ path: 'workers', message: 'one worker races with nobody; allowed: 2 or more' }],
}

export default races

function findings(run: ExperimentRun): Findings {
  const seen = observedIn(run).filter(({ trials }) => trials > 0)
  const several = new Set(seen.map(whereOf)).size > 1
  return {
    sentences: sentencesOfAll(seen, run.plan.seed),
    charts: [
      {
        kind: 'bars',
        title: 'Time of one update, of one worker',
        value: { label: 'time', unit: '', scale: 'logarithmic', quantity: 'milliseconds' },
        parts: ['update'],
        bars: seen.map((each) => {
          const ns = each.median('per_update_ns')
          const { model } = each.configuration
          return { name: nameOf(each, several), model, values: [ns === null ? null : ns / 1e6] }
        }),
      },
    ],
    tables: [
      {
        title: 'What became of the updates',
        columns: ['counter', 'updates', 'counted', 'lost', 'share lost', 'time of an update'],
        rows: seen.map((each) => row(each, several)),
      },
    ],
    cautions: [],
  }
}

function row(each: Observed, several: boolean): TableCell[] {
  const lost = each.median('lost') ?? 0
  const count = (key: string) => cell(Math.round(each.median(key) ?? 0).toLocaleString('en-US'))
  return [
    cell(nameOf(each, several)),
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

/** @param several whether another language has raced as well */
function nameOf({ configuration }: Observed, several: boolean): string {
  const { model, workers } = configuration
  const where = several ? `${whereOf({ configuration })}, ` : ''
  return `${where}${workers} ${model}: ${racingName(configuration)}`
}

/** Whose workers raced: Node's, or those of an interpreter. */
function whereOf({ configuration: { interpreter } }: Pick<Observed, 'configuration'>): string {
  return interpreter === null ? 'Node' : interpreterName(interpreter)
}

/** Each runtime and interpreter by itself: they lose what they lose for reasons of their own. */
function sentencesOfAll(seen: readonly Observed[], seed: number): string[] {
  const groups = [...Map.groupBy(seen, whereOf)]
  return groups.flatMap(([where, each]) => {
    const sentences = sentencesOf(each, seed)
    return groups.length > 1 ? sentences.map((sentence) => `${where}: ${sentence}`) : sentences
  })
}

/** Of the most workers that there are. */
function sentencesOf(all: readonly Observed[], seed: number): string[] {
  const most = Math.max(...all.map(({ configuration }) => configuration.workers))
  const seen = all.filter(({ configuration }) => configuration.workers === most)
  const of = (model: string, variant: string) =>
    seen.find(
      ({ configuration }) =>
        configuration.model === model && racingVariant(configuration) === variant,
    )
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
  sentences.push(...betweenCalls(of('threads', 'methods'), most), ...sharedByProcesses(seen, most))
  const cost = (each: Observed | undefined) => each?.median('per_update_ns') ?? null
  const guarded = (['atomics', 'lock'] as const).flatMap((variant) => of('threads', variant) ?? [])
  const dear = guarded.flatMap((each) => {
    const ns = cost(each)
    const name = racingVariant(each.configuration) === 'lock' ? 'a lock' : 'Atomics'
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
    const share = of('processes', 'plain') === undefined ? 'share no' : 'need share no'
    sentences.push(
      `Processes ${share} counter, ${outcome}: an update of one’s own takes ${duration(own / 1e6)}${tell}.`,
    )
  }
  return sentences
}

/** Where an update is more than one statement, an interpreter lock lets others in between. */
function betweenCalls(methods: Observed | undefined, most: number): string[] {
  if (methods === undefined) return []
  const lost = formatPercent((methods.median('lost_percent') ?? 0) / 100)
  const why = methods.configuration.interpreter?.gil
    ? ': the interpreter lock protects the interpreter, not the counter'
    : ''
  return [
    lossesOf(methods) > 0
      ? `Where one method reads the counter and another writes it, ${most} threads lose ${lost}${why}.`
      : 'Where one method reads the counter and another writes it, none was lost either this time.',
  ]
}

/** Memory that processes share is protected as little as that of threads. */
function sharedByProcesses(seen: readonly Observed[], most: number): string[] {
  return seen.flatMap((each) => {
    const { model } = each.configuration
    if (model !== 'processes' || racingVariant(each.configuration) !== 'plain') return []
    if (lossesOf(each) === 0) return []
    const share = (each.median('lost_percent') ?? 0) / 100
    const lost = share === 0 ? 'updates in some trials, none in most' : formatPercent(share)
    return [`${most} processes that count in shared memory without protection lose ${lost}.`]
  })
}

/** Trials in which any update was lost. */
function lossesOf(each: Observed): number {
  return each.values('lost').filter((lost) => lost > 0).length
}
