import type { CurveSeries } from '../../shared/model/chart.ts'
import { cell, type Findings } from '../../shared/model/findings.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { PlannedConfiguration } from '../../shared/model/run.ts'
import { crossing, isBelow } from './crossings.ts'
import type { Experiment, ExperimentRun } from './experiment.ts'
import { type Observed, observedIn } from './observed.ts'
import { configurationsOfWays } from './ways.ts'
import { about } from './wording.ts'

/** Lengths of a task: from some µs to a tenth of a second, four times as long each. */
const lengths = 8
const factor = 4

const ways = [
  { model: 'inline', variant: null, what: 'inline' },
  { model: 'threads', variant: 'cold', what: 'threads started for them' },
  { model: 'threads', variant: 'warm', what: 'threads of a warm pool' },
  { model: 'processes', variant: 'cold', what: 'processes started for them' },
  { model: 'processes', variant: 'warm', what: 'processes of a warm pool' },
] as const

const breakEven: Experiment = {
  name: 'break-even',
  title: 'When it pays',
  question: 'How long must a task be for workers to beat doing it inline?',
  lookFor:
    'Where the curves cross: left of it the work is done sooner without any worker. A warm pool pays for far shorter tasks than workers that are started for them.',
  plan: { models: ['inline', 'threads', 'processes'], repeat: 3, warmup: 0 },
  workers: 'cores',
  trialMs: 500,
  probe: {
    name: 'break-even',
    kind: 'cpu',
    description: 'as many tasks as workers, inline, in new workers and in a warm pool',
    parameters: {
      shortest_steps: {
        description: `length of the shortest task; there are ${lengths} lengths, each ${factor} times the one before`,
        unit: 'steps of some ns',
        minimum: 100,
        maximum: 1_000_000,
        default: 5000,
        whole: true,
      },
    },
  },
  configurations,
  findings,
  problems: ({ models, workers }) => [
    ...(models.includes('inline') && models.length > 1
      ? []
      : [
          {
            path: 'models',
            message: 'there is nothing to break even with; allowed: inline and another',
          },
        ]),
    ...(workers.length === 1 && (workers[0] as number) > 1
      ? []
      : [{ path: 'workers', message: 'allowed: one number of workers, 2 or more' }]),
  ],
}

export default breakEven

function configurations(plan: Plan): PlannedConfiguration[] {
  const shortest = plan.parameters.shortest_steps as number
  const [workers = 1] = plan.workers
  return Array.from({ length: lengths }, (_, index) => shortest * factor ** index).flatMap(
    (steps) =>
      // Inline does as many tasks as there are workers elsewhere.
      configurationsOfWays({ ...plan, parameters: { steps } }, ways).map((each) => ({
        ...each,
        workers,
      })),
  )
}

function findings(run: ExperimentRun): Findings {
  const seen = observedIn(run).filter(({ trials }) => trials > 0)
  const tasks = run.plan.workers[0] as number
  const inline = seen.filter(({ configuration }) => configuration.model === 'inline')
  /** How long one task takes, by its steps: as it was measured inline. */
  const lengthOf = new Map(
    inline.flatMap((each) => {
      const elapsed = each.median('elapsed_ms')
      return elapsed === null ? [] : [[each.configuration.parameters.steps, elapsed / tasks]]
    }),
  )
  const series = ways.flatMap(({ model, variant, what }): CurveSeries[] => {
    const points = seen.flatMap((each) => {
      const { configuration } = each
      if (configuration.model !== model || configuration.variant !== variant) return []
      const length = lengthOf.get(configuration.parameters.steps)
      return length === undefined ? [] : (each.point('elapsed_ms', length) ?? [])
    })
    return points.length === 0 ? [] : [{ name: what, model, points, isReference: false }]
  })
  const [first, ...others] = series
  const found =
    first?.model === 'inline' && !isWaiting(run, inline)
      ? others.map((each) => ({ each, at: breakEvenOf(first, each) }))
      : []
  const named = found.flatMap(({ each, at }) => (typeof at === 'number' ? [{ each, at }] : []))
  return {
    sentences: sentencesOf(found),
    charts: [
      {
        kind: 'curves',
        title: `Until ${tasks} tasks are done`,
        x: { label: 'length of a task', unit: '', scale: 'logarithmic', quantity: 'milliseconds' },
        y: { label: 'time', unit: '', scale: 'logarithmic', quantity: 'milliseconds' },
        series,
        marks: named.map(({ each, at }) => ({ x: at, label: each.name })),
      },
    ],
    tables: [
      {
        title: 'Break-even length of a task',
        columns: ['way', 'beats inline from'],
        rows: found.map(({ each, at }) => [
          cell(each.name),
          cell(typeof at === 'number' ? about(at) : `${at}, of what was tried`),
        ]),
      },
    ],
    cautions: [],
  }
}

/** Whether the lengths that the others are measured at are not known yet. */
function isWaiting({ status }: ExperimentRun, inline: readonly Observed[]): boolean {
  return status === 'running' && inline.length < lengths
}

type BreakEven = number | 'always' | 'never'

/** Task length in ms beyond which the other is done sooner for good. */
function breakEvenOf(inline: CurveSeries, other: CurveSeries): BreakEven {
  if (isBelow(other.points, inline.points)) return 'always'
  return crossing(other.points, inline.points) ?? 'never'
}

const starts = [
  { kept: true, words: 'From a warm pool' },
  { kept: false, words: 'Started for the tasks' },
] as const

/** A sentence for workers that are kept and one for those that are not, each with both models. */
function sentencesOf(
  found: readonly { readonly each: CurveSeries; readonly at: BreakEven }[],
): string[] {
  return starts.flatMap(({ kept, words }) => {
    const own = found.filter(({ each }) => each.name.endsWith('warm pool') === kept)
    if (own.length === 0) return []
    const parts = own.map(({ each, at }) => `${each.model} ${fromWhere(at)}`)
    return [`${words}, workers beat inline: ${parts.join('; ')}.`]
  })
}

function fromWhere(at: BreakEven): string {
  if (at === 'always') return 'at every length that was tried'
  if (at === 'never') return 'at no length that was tried'
  return `where a task takes longer than ${about(at)}`
}
