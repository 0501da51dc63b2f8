import { formatPercent } from '../../shared/format.ts'
import { cell, type Findings, type TableCell } from '../../shared/model/findings.ts'
import type { Experiment, ExperimentRun } from './experiment.ts'
import { type Observed, observedIn } from './observed.ts'
import { configurationsOfWays } from './ways.ts'
import { duration } from './wording.ts'

const ways = [
  { model: 'inline', variant: 'in one piece', what: 'inline, in one piece' },
  { model: 'inline', variant: 'task by task', what: 'inline, task by task' },
  { model: 'threads', variant: null, what: 'in threads' },
  { model: 'processes', variant: null, what: 'in processes' },
] as const

const responsiveness: Experiment = {
  name: 'responsiveness',
  title: 'Blocked or fluent',
  question: 'How long does a user interface stand still while work is done?',
  lookFor:
    'The longest time in which the loop could not draw. Inline it is as long as a task, or as all the work; with workers it is what the system and their messages take from it.',
  plan: { models: ['inline', 'threads', 'processes'], repeat: 5, warmup: 0 },
  workers: 'cores',
  trialMs: 1200,
  probe: {
    name: 'responsiveness',
    kind: 'cpu',
    description: 'a loop that draws 60 frames a second, while work is done in it or beside it',
    parameters: {
      tasks: {
        description: 'tasks that are done meanwhile',
        unit: 'tasks',
        minimum: 1,
        maximum: 10_000,
        default: 20,
        whole: true,
      },
      steps: {
        description: 'length of a task',
        unit: 'steps of some ns',
        minimum: 1000,
        maximum: 1_000_000_000,
        default: 20_000_000,
        whole: true,
      },
      result_kib: {
        description: 'size of a result, which a worker sends',
        unit: 'KiB',
        minimum: 0,
        maximum: 65_536,
        default: 64,
        whole: true,
      },
    },
  },
  configurations: (plan) => configurationsOfWays(plan, ways, 'dynamic'),
  findings,
}

export default responsiveness

function findings(run: ExperimentRun): Findings {
  const seen = observedIn(run).filter(({ trials }) => trials > 0)
  return {
    sentences: sentencesOf(seen),
    charts: [
      {
        kind: 'bars',
        title: 'Longest time in which nothing could be drawn',
        value: { label: 'time', unit: '', scale: 'logarithmic', quantity: 'milliseconds' },
        parts: ['longest block'],
        bars: seen.map((each) => ({
          name: nameOf(each),
          model: each.configuration.model,
          values: [each.median('longest_block_ms')],
        })),
      },
    ],
    tables: [
      {
        title: 'The loop while the work was done',
        columns: ['work', 'took', 'longest block', 'block p99', 'frames missed', 'of all frames'],
        rows: seen.map(row),
      },
    ],
    cautions: [],
  }
}

function row(each: Observed): TableCell[] {
  const time = (key: string) => cell(duration(each.median(key) ?? 0))
  const missed = each.median('missed_frames_percent') ?? 0
  return [
    cell(nameOf(each)),
    time('work_ms'),
    { ...time('longest_block_ms'), tone: missed > seenShare ? 'bad' : 'good' },
    time('block_p99_ms'),
    cell(Math.round(each.median('missed_frames') ?? 0).toLocaleString('en-US')),
    cell(formatPercent(missed / 100), missed > seenShare ? 'bad' : 'good'),
  ]
}

/** Per cent of the frames, of which a viewer sees that they are missing. */
const seenShare = 5

function nameOf({ configuration: { model, variant, workers } }: Observed): string {
  const way = ways.find((each) => each.model === model && each.variant === variant)
  return model === 'inline' ? `${way?.what}` : `${way?.what.replace('in ', `in ${workers} `)}`
}

/** The ways side by side, the longest that each stands still; then what each does to the frames. */
function sentencesOf(seen: readonly Observed[]): string[] {
  const told = seen.flatMap((each) => {
    const longest = each.median('longest_block_ms')
    const missed = each.median('missed_frames_percent')
    const took = each.median('work_ms')
    if (longest === null || missed === null || took === null) return []
    const way = nameOf(each)
    return [
      {
        still: `${duration(longest)} (${way})`,
        frames: `Done ${way}, the work takes ${duration(took)}, and ${formatPercent(missed / 100)} of the frames are missing.`,
      },
    ]
  })
  if (told.length === 0) return []
  return [
    `The interface stands still for up to ${new Intl.ListFormat('en').format(told.map(({ still }) => still))}.`,
    ...told.map(({ frames }) => frames),
  ]
}
