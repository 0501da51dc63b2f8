import { median } from 'simple-statistics'
import { metricAxis } from '../../../shared/metric-axis.ts'
import type { CurveSeries } from '../../../shared/model/chart.ts'
import type { Difference } from '../../../shared/model/comparison.ts'
import type { MetricKey } from '../../../shared/model/metric.ts'
import type { Configuration, MemoryBasis, RunSummary } from '../../../shared/model/run.ts'
import type { NamedChart } from '../../../shared/model/run-comparison.ts'
import type { Trend, TrendPoint } from '../../../shared/model/trend.ts'
import { type Subject, whyNotComparable } from '../comparability.ts'
import { differenceBetween } from '../difference.ts'
import { intervalOfMedian } from '../dots.ts'
import { betterFor } from '../metric-difference.ts'
import { chartName } from './charts.ts'
import { configurationKey, nameAmong, wayOf } from './way.ts'

/** A run that did the workload of a trend, by one of its configurations. */
export interface Candidate extends Subject {
  readonly run: Subject['run'] & {
    readonly id: number
    readonly label: string
    readonly status: RunSummary['status']
    /** ms since the epoch. */
    readonly startedAt: number
    readonly importedAt: number | null
    readonly machine: string | null
    readonly seed: number
  }
}

/** What a trend is asked for. */
export interface TrendQuestion {
  readonly chosen: Candidate
  readonly metric: MetricKey
  readonly acrossMachines: boolean
  /** The run that was marked; null where none is. */
  readonly baseline: number | null
}

/** Runs of a trend, before their figures are read. */
export interface TrendMembers {
  /** The oldest first. */
  readonly members: readonly Candidate[]
  readonly leftOut: Trend['leftOut']
}

/** Trials' values of the figure. */
export type Figures = readonly {
  readonly value: number
  readonly memoryBasis: MemoryBasis | null
}[]

/** Points beyond which nothing more is seen; the newest are taken. */
export const mostPoints = 200

/** Which runs a trend is made of, and why the others are not in it. */
export function trendMembers(
  { chosen, acrossMachines, baseline }: TrendQuestion,
  candidates: readonly Candidate[],
): TrendMembers {
  const byRun = [...Map.groupBy(candidates, ({ run }) => run.id).values()]
  const found = byRun.map((ofRun) => memberOf(ofRun, chosen, acrossMachines))
  const fitting = found.flatMap(({ member }) => member ?? [])
  const from = fitting.length - mostPoints
  const isTaken = ({ run }: Candidate, at: number) =>
    at >= from || run.id === baseline || run.id === chosen.run.id
  return {
    members: fitting.filter(isTaken),
    leftOut: [
      ...found.flatMap(({ run, reasons }) => (reasons.length > 0 ? [{ run, reasons }] : [])),
      ...fitting
        .filter((member, at) => !isTaken(member, at))
        .map(({ run }) => ({ run: run.id, reasons: [`older than the newest ${mostPoints}`] })),
    ],
  }
}

interface Found {
  readonly run: number
  readonly member: Candidate | null
  readonly reasons: readonly string[]
}

/** @param ofRun its configurations that did the workload */
function memberOf(ofRun: readonly Candidate[], chosen: Candidate, acrossMachines: boolean): Found {
  const { run } = ofRun[0] as Candidate
  const out = (...reasons: string[]): Found => ({ run: run.id, member: null, reasons })
  if (run.status === 'running') return out('still running')
  const sameWay = ofRun.filter(
    ({ configuration }) => wayOf(configuration) === wayOf(chosen.configuration),
  )
  const key = configurationKey(chosen.configuration)
  const same =
    run.id === chosen.run.id
      ? chosen
      : sameWay.find(({ configuration }) => configurationKey(configuration) === key)
  const nearest = same ?? sameWay[0]
  if (nearest === undefined) return out(`it has no ${nameOf(chosen.configuration)}`)
  const reasons = whyNotComparable(chosen, nearest, acrossMachines)
  return reasons.length > 0 ? out(...reasons) : { run: run.id, member: nearest, reasons: [] }
}

function nameOf(configuration: Configuration): string {
  return `${nameAmong(configuration, [configuration])}, ${configuration.scheduling}`
}

/** The trend itself. @param figures by the number of a configuration */
export function trendOf(
  question: TrendQuestion,
  { members, leftOut }: TrendMembers,
  figures: ReadonlyMap<number, Figures>,
): Trend {
  const { chosen, metric } = question
  const having = members.map((member) => ({
    member,
    ...ofOneBasis(figures.get(member.configuration.id) ?? [], metric),
  }))
  const drawn = having.filter(({ values }) => values.length > 0)
  const held = drawn.find(({ member }) => member.run.id === question.baseline)
  const points = drawn.map((each): TrendPoint => {
    const { run, configuration } = each.member
    const { seed } = run
    return {
      run: {
        id: run.id,
        uid: run.uid,
        label: run.label,
        machine: run.machine,
        started_at: new Date(run.startedAt).toISOString(),
        imported_at: run.importedAt === null ? null : new Date(run.importedAt).toISOString(),
      },
      configuration: configuration.id,
      trials: each.values.length,
      median: median([...each.values]),
      ci95: intervalOfMedian(each.values, seed),
      difference: held === undefined || held === each ? null : against(held, each, metric, chosen),
    }
  })
  const without = having
    .filter(({ values }) => values.length === 0)
    .map(({ member }) => ({ run: member.run.id, reasons: [`no trial that counts has ${metric}`] }))
  const out = [...leftOut, ...without].sort((a, b) => a.run - b.run)
  return {
    configuration: chosen.configuration,
    metric,
    baseline: held?.member.run.id ?? null,
    withoutBaseline: held === undefined ? whyNone(question, out) : null,
    points,
    leftOut: out,
    chart: chartOf(question, points, held?.member.run.id ?? null),
  }
}

interface Having {
  readonly member: Candidate
  readonly values: readonly number[]
  readonly basis: MemoryBasis | null
}

/** Memory per worker is found from PSS or from RSS, which are not to be mixed. */
function ofOneBasis(figures: Figures, metric: MetricKey): Pick<Having, 'values' | 'basis'> {
  if (metric !== 'memory_per_worker_bytes') {
    return { values: figures.map(({ value }) => value), basis: null }
  }
  const basis = figures.some(({ memoryBasis }) => memoryBasis === 'pss') ? 'pss' : 'rss'
  const values = figures
    .filter(({ memoryBasis }) => memoryBasis === basis)
    .map(({ value }) => value)
  return { values, basis }
}

function against(
  held: Having,
  { values, basis }: Having,
  metric: MetricKey,
  { run: { plan } }: Candidate,
): Difference | null {
  if (held.basis !== basis) return null
  const better = betterFor(plan, metric)
  return differenceBetween(held.values, values, { better, seed: held.member.run.seed })
}

function whyNone({ baseline, chosen }: TrendQuestion, leftOut: Trend['leftOut']): string {
  const { workload } = chosen.configuration
  if (baseline === null) return `no run of ${workload} is marked as its baseline`
  const reasons = leftOut.find(({ run }) => run === baseline)?.reasons ?? ['it did other work']
  return `run ${baseline}, the baseline, is not in it: ${reasons.join('; ')}`
}

/**
 * Medians with their intervals in the order of time, and the baseline's as a dashed line. The places
 * are numbers from 1 on, and not dates: runs come in bursts, between which there are weeks.
 */
function chartOf(
  { chosen, metric }: TrendQuestion,
  points: readonly TrendPoint[],
  baseline: number | null,
): NamedChart {
  const y = metricAxis(metric)
  const { model } = chosen.configuration
  const name = nameAmong(chosen.configuration, [chosen.configuration])
  const measured: CurveSeries = {
    name,
    model,
    isReference: false,
    points: points.map(({ median: value, ci95 }, at) => ({
      x: at + 1,
      y: value,
      low: ci95?.[0] ?? null,
      high: ci95?.[1] ?? null,
    })),
  }
  const place = points.findIndex(({ run }) => run.id === baseline)
  const held = points[place]
  const line = (x: number) => ({ x, y: held?.median ?? 0, low: null, high: null })
  const reference: CurveSeries[] =
    held === undefined || points.length < 2
      ? []
      : [
          {
            name: `baseline, run ${held.run.id}`,
            model: null,
            isReference: true,
            points: [line(1), line(points.length)],
          },
        ]
  const own = points.findIndex(({ run }) => run.id === chosen.run.id)
  const mark = (x: number, label: string) => (x < 0 ? [] : [{ x: x + 1, label }])
  return {
    name: chartName('trend', metric),
    chart: {
      kind: 'curves',
      title: `${y.label.charAt(0).toUpperCase()}${y.label.slice(1)} of ${name} over ${points.length === 1 ? '1 run' : `${points.length} runs`}`,
      x: {
        label: 'runs, counted in the order of time',
        unit: '',
        scale: 'linear',
        quantity: 'number',
      },
      y,
      series: [measured, ...reference],
      marks: [
        ...mark(place, `baseline: run ${held?.run.id}`),
        ...(own === place ? [] : mark(own, `run ${chosen.run.id}`)),
      ],
    },
  }
}
