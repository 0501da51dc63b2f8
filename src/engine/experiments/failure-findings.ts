import { formatBytes } from '../../shared/format.ts'
import type { BarChart } from '../../shared/model/chart.ts'
import type { Model } from '../../shared/model/execution-model.ts'
import { failures as kinds } from '../../shared/model/failure.ts'
import {
  cell,
  type Findings,
  type FindingTable,
  type TableCell,
} from '../../shared/model/findings.ts'
import type { ExperimentRun } from './experiment.ts'
import { failureSentences } from './failure-sentences.ts'
import { type SeenFailure, seenFailures } from './seen-failure.ts'
import { duration } from './wording.ts'

/** Of the trials that have ended: a matrix of outcomes, and what recovery took. */
export function failureFindings(run: ExperimentRun): Findings {
  const seen = seenFailures(run)
  const counts = [...new Set(seen.map(({ workers }) => workers))].sort((a, b) => a - b)
  return {
    sentences: counts.flatMap((count) =>
      failureSentences(seen.filter(({ workers }) => workers === count)),
    ),
    charts: seen.length === 0 ? [] : [recoveryChart(seen, counts.length > 1)],
    tables: counts.flatMap((count) =>
      tablesOf(
        seen.filter(({ workers }) => workers === count),
        count,
      ),
    ),
    cautions: cautionsOf(run),
  }
}

function tablesOf(seen: readonly SeenFailure[], workers: number): FindingTable[] {
  const failures = kinds.filter((kind) => seen.some(({ failure }) => failure === kind))
  const models = (['threads', 'processes'] as const).filter((model) =>
    seen.some((each) => each.model === model),
  )
  const of = (failure: string, model: Model) =>
    seen.find((each) => each.failure === failure && each.model === model)
  const columns = (...names: readonly string[]) =>
    models.flatMap((model) => names.map((name) => `${model}: ${name}`))
  const leaks = seen.filter(({ failure }) => failure === 'leak')
  return [
    {
      title: `What one failing worker of ${workers} takes with it`,
      columns: ['failure', ...columns('siblings', 'program', 'recovery')],
      rows: failures.map((failure) => [
        cell(failure),
        ...models.flatMap((model) => around(of(failure, model))),
      ]),
    },
    {
      title: 'How the failing worker ends',
      columns: ['failure', ...columns('the worker')],
      rows: failures.map((failure) => [
        cell(failure),
        ...models.map((model) => outcomeCell(of(failure, model), 'worker_outcome', null)),
      ]),
    },
    ...(leaks.length === 0 ? [] : [leakTable(leaks)]),
  ]
}

/** Siblings, program and recovery. */
function around(seen: SeenFailure | undefined): TableCell[] {
  const recovery = seen?.observed.median('recovery_ms') ?? null
  return [
    outcomeCell(seen, 'siblings_outcome', 'went on'),
    outcomeCell(seen, 'host_outcome', 'survived'),
    cell(recovery === null ? '–' : duration(recovery)),
  ]
}

/**
 * What was seen; where trials differ, how many of them saw it.
 *
 * @param good the outcome that is; null where none is better than another
 */
function outcomeCell(seen: SeenFailure | undefined, key: string, good: string | null): TableCell {
  if (seen === undefined) return cell('–')
  const outcomes = seen.outcomes(key)
  const isGood = outcomes.every(([outcome]) => outcome === good)
  const tone = good === null ? 'plain' : isGood ? 'good' : 'bad'
  if (outcomes.length === 1) return cell(outcomes[0]?.[0] ?? '–', tone)
  const { trials } = seen.observed
  return cell(outcomes.map(([what, count]) => `${what} (${count} of ${trials})`).join(', '), tone)
}

function leakTable(leaks: readonly SeenFailure[]): FindingTable {
  return {
    title: 'Whose memory a leak is, and what is given back when its worker ends',
    columns: [
      'workers',
      ...['before', 'at its height', 'grown in the main process', 'grown in a process of its own'],
      ...['after', 'given back', 'given back after'],
    ],
    rows: leaks.map(({ model, workers, observed }) => {
      const bytes = (key: string) => {
        const value = observed.median(key)
        return cell(value === null ? '–' : formatBytes(value))
      }
      const back = observed.median('given_back_ms')
      return [
        cell(`${workers} ${model}`),
        ...[bytes('before_bytes'), bytes('peak_bytes')],
        ...[bytes('grown_in_host_bytes'), bytes('grown_in_worker_bytes')],
        ...[bytes('after_bytes'), bytes('given_back_bytes')],
        cell(back === null ? 'not within the trial' : duration(back)),
      ]
    }),
  }
}

function recoveryChart(seen: readonly SeenFailure[], withCount: boolean): BarChart {
  return {
    kind: 'bars',
    title: 'Recovery: from the failure until as many workers as before are ready',
    value: { label: 'time', unit: '', scale: 'logarithmic', quantity: 'milliseconds' },
    parts: ['recovery'],
    bars: seen.map(({ failure, model, workers, observed }) => ({
      name: `${failure}: ${withCount ? `${workers} ` : ''}${model}`,
      model,
      values: [observed.median('recovery_ms')],
    })),
  }
}

/** Trials that say nothing, and why. */
function cautionsOf({ configurations, trials }: ExperimentRun): string[] {
  return configurations.flatMap(({ id, model, variant }) => {
    const own = trials.filter((trial) => trial.configuration_id === id && !trial.warm_up)
    const failed = own.filter(({ status }) => status === 'failed')
    const reason = failed[0]?.reason ?? ''
    return failed.length === 0
      ? []
      : [
          `${model}, ${variant}: ${failed.length} of ${own.length} trials could not be observed: ${reason}`,
        ]
  })
}
