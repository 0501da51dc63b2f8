import { formatNumber, formatPercent } from '../../shared/format.ts'
import { runtimes, schedulings } from '../../shared/model/execution-model.ts'
import { cell, type Findings, type TableCell } from '../../shared/model/findings.ts'
import type { Interpreter } from '../../shared/model/interpreter.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { ConfigurationSummary, PlannedConfiguration } from '../../shared/model/run.ts'
import { summarizeRun, valuesOf } from '../analysis/statistics.ts'
import type { Experiment, ExperimentRun } from './experiment.ts'
import { plainConfigurations } from './plain-configurations.ts'
import { timesOf } from './times.ts'
import { duration } from './wording.ts'

const balance: Experiment = {
  name: 'balance',
  title: 'Idle cores or balanced ones',
  question: 'What do equal chunks cost where tasks are of unequal length?',
  lookFor:
    'Cores that go idle before the end: static chunks are equal in number, not in length. Dynamic scheduling gives the next task to whoever is free, at the price of a message.',
  plan: { workload: 'uneven', models: ['threads', 'processes'], tasks: 960, repeat: 5, warmup: 1 },
  runtimes,
  workers: 'cores',
  trialMs: null,
  probe: null,
  configurations,
  findings,
  problems: ({ workers, tasks }) => [
    ...(workers.some((count) => count > 1)
      ? []
      : [{ path: 'workers', message: 'one worker is always in balance; allowed: 2 or more' }]),
    ...(tasks === null
      ? [{ path: 'duration_s', message: 'allowed: a number of tasks, which can be cut in chunks' }]
      : []),
  ],
}

export default balance

function configurations(plan: Plan, interpreters?: readonly Interpreter[]): PlannedConfiguration[] {
  return plainConfigurations(plan, interpreters)
    .filter(({ model }) => model !== 'inline')
    .flatMap((each) =>
      schedulings.map((scheduling) => ({
        ...each,
        scheduling,
        variant: each.variant === null ? scheduling : `${each.variant}, ${scheduling}`,
      })),
    )
}

function findings(run: ExperimentRun): Findings {
  const seen = summarizeRun(run).filter(({ counted }) => counted.length > 0)
  return {
    sentences: sentencesOf(seen, run.plan.seed),
    charts: [
      {
        kind: 'bars',
        title: 'Until the last task is done',
        value: { label: 'time', unit: '', scale: 'linear', quantity: 'milliseconds' },
        parts: ['wall'],
        bars: seen.map((each) => ({
          name: nameOf(each),
          model: each.configuration.model,
          values: [each.metrics.wall_ms?.median ?? null],
        })),
      },
    ],
    tables: [
      {
        title: 'How even the work was',
        columns: ['workers', 'trials', 'wall', 'imbalance', 'cores used', 'throughput'],
        rows: seen.map(row),
      },
    ],
    cautions: [],
  }
}

function row(each: ConfigurationSummary): TableCell[] {
  const { metrics, counted } = each
  const text = (value: number | undefined, format: (value: number) => string) =>
    cell(value === undefined ? '–' : format(value))
  return [
    cell(nameOf(each)),
    cell(String(counted.length)),
    text(metrics.wall_ms?.median, duration),
    text(metrics.imbalance?.median, formatPercent),
    text(metrics.cores_used?.median, formatNumber),
    text(metrics.throughput_per_s?.median, (value) => `${formatNumber(value)}/s`),
  ]
}

function nameOf({ configuration: { model, workers, scheduling } }: ConfigurationSummary): string {
  return `${workers} ${model}, ${scheduling}`
}

function sentencesOf(seen: readonly ConfigurationSummary[], seed: number): string[] {
  const told = seen.flatMap((each) => {
    const { model, workers, scheduling } = each.configuration
    if (scheduling !== 'static') return []
    const other = seen.find(
      ({ configuration }) =>
        configuration.model === model &&
        configuration.workers === workers &&
        configuration.scheduling === 'dynamic',
    )
    const [before, after] = [each.metrics.imbalance, other?.metrics.imbalance]
    if (other === undefined || !before || !after) return []
    const wall = ({ counted }: ConfigurationSummary) => valuesOf(counted, 'wall_ms')
    const times = timesOf(wall(other), wall(each), seed, 'long as tasks one by one')
    if (times === null) return []
    const outcome = `take ${workers} ${model} ${times}`
    return [
      {
        outcome: `Equal chunks ${outcome}.`,
        idle: `The workers’ busy time differs by ${formatPercent(before.median)} in equal chunks, by ${formatPercent(after.median)} one by one (${workers} ${model}).`,
      },
    ]
  })
  return [...told.map(({ outcome }) => outcome), ...told.map(({ idle }) => idle)]
}
