import {
  configurationNames,
  coresNames,
  findingName,
  groupsOverTime,
  type OverTime,
  overTime,
} from '../../shared/chart-names.ts'
import { metricAxis } from '../../shared/metric-axis.ts'
import { metricNames } from '../../shared/metric-names.ts'
import type { Axis } from '../../shared/model/chart.ts'
import { type ComparedMetric, comparedMetrics } from '../../shared/model/comparison.ts'
import type { Findings } from '../../shared/model/findings.ts'
import {
  type ConfigurationSummary,
  type Run,
  ranProbe,
  type Trial,
} from '../../shared/model/run.ts'
import type { NamedChart } from '../../shared/model/run-comparison.ts'
import {
  busyCoresLine,
  coreRows,
  type LineShape,
  memoryLine,
  type ReleasedTimeline,
  throughputLine,
} from '../../shared/timeline-lines.ts'
import { dotGroup } from './dots.ts'
import { shownTrial } from './shown-trial.ts'

export const timeAxis: Axis = {
  label: 'Time since the release of the barrier',
  unit: 'ms',
  scale: 'linear',
  quantity: 'milliseconds',
}

interface LineKind {
  readonly title: string
  readonly y: Axis
  line(timeline: ReleasedTimeline): LineShape
}

const number = { scale: 'linear', quantity: 'number' } as const
const bytes = { scale: 'linear', quantity: 'bytes' } as const

/** @param isProportional all have proportional memory; that of one beside resident memory of another would mislead */
function lineKind(what: OverTime, isProportional: boolean): LineKind {
  switch (what) {
    case 'busy-cores':
      return {
        title: 'Busy cores',
        y: { label: 'Busy cores of the machine', unit: '', ...number },
        line: busyCoresLine,
      }
    case 'memory':
      return {
        title: `Memory of host and workers (${isProportional ? 'PSS' : 'RSS'})`,
        y: { label: isProportional ? 'PSS' : 'RSS', unit: '', ...bytes },
        line: (each) =>
          memoryLine(
            isProportional ? each : { ...each, timeline: { ...each.timeline, treePss: [] } },
          ),
      }
    case 'throughput':
      return {
        title: 'Throughput so far',
        y: { label: 'Throughput since the release', unit: 'tasks/s', ...number },
        line: throughputLine,
      }
  }
}

export interface ChartedRun {
  readonly run: Run
  readonly summaries: readonly ConfigurationSummary[]
  readonly findings: Findings | null
}

/** The trials whose samples the charts of a run are drawn from: one for each configuration that has one. */
export function shownTrials(summaries: readonly ConfigurationSummary[]): Trial[] {
  return summaries.flatMap(({ counted }) => shownTrial(counted) ?? [])
}

/**
 * The charts of a run, each under its name (shared/chart-names.ts), in the order in which a report shows
 * them: what an experiment found, each figure trial by trial, then the shown trials over time.
 *
 * @param timelines of the shown trials, by their numbers; a trial whose samples are gone is left out
 */
export function chartsOfRun(
  { run, summaries, findings }: ChartedRun,
  timelines: ReadonlyMap<number, ReleasedTimeline>,
): readonly NamedChart[] {
  const found = (findings?.charts ?? []).map((chart, at) => ({ name: findingName(at), chart }))
  const names = configurationNames(run.configurations)
  const nameOf = (id: number) => names.get(id) ?? ''
  const shown = summaries.flatMap(({ configuration, counted }) => {
    const trial = shownTrial(counted)
    const timeline = trial === null ? undefined : timelines.get(trial.id)
    const isSampled = timeline !== undefined && timeline.timeline.t.length > 0
    return trial === null || !isSampled ? [] : [{ configuration, trial, timeline }]
  })
  const cores = coresNames(run.configurations)
  const heats = shown.map(
    ({ configuration, trial, timeline }): NamedChart => ({
      name: cores.get(configuration.id) ?? 'cores',
      chart: {
        kind: 'heat',
        title: `Cores, ${nameOf(configuration.id)} (trial ${trial.index + 1})`,
        x: timeAxis,
        ...coreRows(timeline),
      },
    }),
  )
  // What a probe sees is no metric, and what it takes of time and memory is no answer.
  if (ranProbe(run)) return [...found, ...heats]
  const isProportional = shown.every(
    ({ timeline: { timeline } }) => timeline.treePss?.some((each) => each !== null) ?? false,
  )
  const dots = comparedMetrics.flatMap((metric) => dotsOf(metric, summaries, nameOf, run) ?? [])
  const lines = overTime.flatMap((what) =>
    groupsOverTime(run.configurations).flatMap(({ suffix, configurations }): NamedChart[] => {
      const { title, y, line } = lineKind(what, isProportional)
      const own = shown
        .filter(({ configuration }) => configurations.some(({ id }) => id === configuration.id))
        .map(({ configuration: { id, model }, timeline }) => ({
          name: nameOf(id),
          ...{ model, side: null },
          ...line(timeline),
        }))
        .filter((each) => each.y.some((value) => value !== null))
      if (own.length === 0) return []
      return [
        { name: `${what}${suffix}`, chart: { kind: 'lines', title, x: timeAxis, y, lines: own } },
      ]
    }),
  )
  return [...found, ...dots, ...lines, ...heats]
}

/** A figure, trial by trial; null where no trial has it. */
function dotsOf(
  metric: ComparedMetric,
  summaries: readonly ConfigurationSummary[],
  nameOf: (id: number) => string,
  { plan }: Run,
): NamedChart | null {
  const groups = summaries.map(({ configuration, counted }) =>
    dotGroup(metric, {
      ...{ name: nameOf(configuration.id), configuration, counted },
      ...{ side: null, seed: plan.seed },
    }),
  )
  if (groups.every(({ dots }) => dots.length === 0)) return null
  const label = metricNames[metric]
  return {
    name: `trials-${metric.replaceAll('_', '-')}`,
    chart: {
      kind: 'dots',
      title: `${label}, trial by trial`,
      value: { ...metricAxis(metric), label },
      groups,
    },
  }
}
