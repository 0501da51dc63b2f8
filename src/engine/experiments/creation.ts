import { formatWorkers } from '../../shared/format.ts'
import type { BarChart, CurveChart } from '../../shared/model/chart.ts'
import type { Findings } from '../../shared/model/findings.ts'
import type { Experiment, ExperimentRun } from './experiment.ts'
import { type Observed, observedIn } from './observed.ts'
import { timesOf } from './times.ts'
import { configurationsOfWays, everyWay } from './ways.ts'
import { duration } from './wording.ts'

const variants = ['cold', 'warm', 'kill'] as const

/** Stages of a worker's life, in their order. */
const stages = [
  { key: 'spawn_ms', name: 'spawn' },
  { key: 'first_message_ms', name: 'first message' },
  { key: 'work_ms', name: 'work' },
  { key: 'teardown_ms', name: 'teardown' },
] as const

/** Those of a worker that is there already, and stays. */
const kept = stages.filter(({ name }) => name === 'first message' || name === 'work')

const creation: Experiment = {
  name: 'creation',
  title: 'Heavy or light to create',
  question: 'What does it cost to start a worker, to use it once, and to end it?',
  lookFor:
    'How much of a short task’s time is not the task; what a process takes beside a thread, and what several at once take. A pool that is kept pays once.',
  plan: { models: ['threads', 'processes'], repeat: 5, warmup: 0 },
  workers: 'sweep',
  trialMs: 300,
  probe: {
    name: 'creation',
    kind: 'cpu',
    description: 'workers are started, used once and ended, each stage by itself',
    parameters: {
      steps: {
        description: 'length of the work between first message and teardown',
        unit: 'steps of some ns',
        minimum: 0,
        maximum: 1_000_000_000,
        default: 5_000_000,
        whole: true,
      },
    },
  },
  configurations: (plan) => configurationsOfWays(plan, everyWay(variants)),
  findings,
}

export default creation

function findings(run: ExperimentRun): Findings {
  const seen = observedIn(run).filter(({ trials }) => trials > 0)
  const of = (variant: string) =>
    seen.filter(({ configuration }) => configuration.variant === variant)
  const [cold, warm, kill] = [of('cold'), of('warm'), of('kill')]
  return {
    sentences: sentencesOf(cold, warm, kill, run.plan.seed),
    charts: [
      bars('Started, used once and ended', cold, stages),
      bars('Used once, from a warm pool', warm, kept),
      curves('Until all that start at once are ready', cold, 'spawn_ms'),
      curves('Until all that are killed while busy are gone', kill, 'kill_ms'),
    ],
    tables: [],
    cautions: [],
  }
}

function nameOf({ configuration: { model, workers, variant } }: Observed): string {
  return `${formatWorkers(workers, model)}, ${variant}`
}

function bars(
  title: string,
  seen: readonly Observed[],
  parts: readonly (typeof stages)[number][],
): BarChart {
  return {
    kind: 'bars',
    title,
    value: { label: 'time', unit: '', scale: 'linear', quantity: 'milliseconds' },
    parts: parts.map(({ name }) => name),
    bars: seen.map((each) => ({
      name: nameOf(each),
      model: each.configuration.model,
      values: parts.map(({ key }) => each.median(key)),
    })),
  }
}

function curves(title: string, seen: readonly Observed[], key: string): CurveChart {
  return {
    kind: 'curves',
    title,
    x: { label: 'workers at once', unit: '', scale: 'linear', quantity: 'number' },
    y: { label: 'time', unit: '', scale: 'linear', quantity: 'milliseconds' },
    series: [...Map.groupBy(seen, ({ configuration }) => configuration.model)].map(
      ([model, group]) => ({
        name: model,
        model,
        points: group.flatMap((each) => each.point(key, each.configuration.workers) ?? []),
        isReference: false,
      }),
    ),
    marks: [],
  }
}

function sentencesOf(
  cold: readonly Observed[],
  warm: readonly Observed[],
  kill: readonly Observed[],
  seed: number,
): string[] {
  const of = (all: readonly Observed[], model: string, workers: number) =>
    all.find(
      ({ configuration }) => configuration.model === model && configuration.workers === workers,
    )
  const median = (all: readonly Observed[], model: string, workers: number, key: string) =>
    of(all, model, workers)?.median(key) ?? null
  const counts = [...new Set(cold.map(({ configuration }) => configuration.workers))]
  if (counts.length === 0) return []
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)]
  const pairOf = (all: readonly Observed[], workers: number, key: string) =>
    [median(all, 'threads', workers, key), median(all, 'processes', workers, key)] as const
  const sentences: string[] = []
  const [thread, process] = pairOf(cold, fewest, 'spawn_ms')
  const number =
    fewest === 1 ? ['a thread', 'a process'] : [`${fewest} threads`, `${fewest} processes`]
  if (thread !== null && process !== null) {
    const values = (model: string) => of(cold, model, fewest)?.values('spawn_ms') ?? []
    const times = timesOf(values('threads'), values('processes'), seed, 'long')
    sentences.push(
      `To start ${number[0]} takes ${duration(thread)}, to start ${number[1]} ${duration(process)}${times === null ? '' : `: ${times}`}.`,
    )
  }
  const [threads, processes] = pairOf(cold, most, 'spawn_ms')
  if (most > fewest && threads !== null && processes !== null) {
    sentences.push(
      `${most} at once are ready after ${duration(threads)} as threads and after ${duration(processes)} as processes.`,
    )
  }
  const [warmThread, warmProcess] = pairOf(warm, fewest, 'first_message_ms')
  if (warmThread !== null && warmProcess !== null) {
    sentences.push(
      `From a warm pool a message comes back after ${duration(warmThread)} from ${number[0]} and after ${duration(warmProcess)} from ${number[1]}.`,
    )
  }
  const [killThread, killProcess] = pairOf(kill, fewest, 'kill_ms')
  if (killThread !== null && killProcess !== null) {
    sentences.push(
      `Killed in an endless loop, ${number[0]} ${fewest === 1 ? 'is' : 'are'} gone after ${duration(killThread)}, ${number[1]} after ${duration(killProcess)}.`,
    )
  }
  return sentences
}
