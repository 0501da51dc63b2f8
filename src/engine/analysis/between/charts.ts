import { metricAxis } from '../../../shared/metric-axis.ts'
import type { Axis, Line, LineChart } from '../../../shared/model/chart.ts'
import { type MetricKey, metricKeys } from '../../../shared/model/metric.ts'
import type { NamedChart } from '../../../shared/model/run-comparison.ts'
import {
  busyCoresLine,
  type LineShape,
  memoryLine,
  type ReleasedTimeline,
  throughputLine,
} from '../../../shared/timeline-lines.ts'
import { dotGroup } from '../dots.ts'
import type { SavedSide } from './sides.ts'

/** A side that is compared, its place among the sides, and its shown trial over time. */
export interface DrawnSide {
  readonly side: SavedSide
  readonly place: number
  /** Null where no trial counts. */
  readonly timeline: ReleasedTimeline | null
}

/** Overlays from the release of the barrier, then the distribution of each figure that has one. */
export function comparisonCharts(drawn: readonly DrawnSide[]): NamedChart[] {
  const dots = metricKeys.flatMap((metric) => dotsOf(metric, drawn) ?? [])
  return [...overlays(drawn), ...dots]
}

const sinceRelease: Axis = {
  label: 'time from the release of the barrier',
  unit: '',
  scale: 'linear',
  quantity: 'milliseconds',
}

function overlays(drawn: readonly DrawnSide[]): NamedChart[] {
  const isProportional = drawn.every(
    ({ timeline }) => timeline === null || hasProportional(timeline),
  )
  const number = { scale: 'linear', quantity: 'number' } as const
  const bytes = { scale: 'linear', quantity: 'bytes' } as const
  const basis = isProportional ? 'PSS' : 'RSS'
  return [
    overlay(
      'cores',
      'Busy cores',
      { label: 'busy cores', unit: 'cores', ...number },
      drawn,
      busyCoresLine,
    ),
    overlay(
      'memory',
      `Memory of host and workers (${basis})`,
      { label: basis, unit: '', ...bytes },
      drawn,
      isProportional ? memoryLine : residentLine,
    ),
    overlay(
      'throughput',
      'Throughput since the release',
      { label: 'throughput', unit: 'tasks/s', ...number },
      drawn,
      throughputLine,
    ),
  ].filter((chart) => chart !== null)
}

/** All sides by the same measure: proportional memory of one beside resident memory of another would mislead. */
function residentLine(released: ReleasedTimeline): LineShape {
  return memoryLine({ ...released, timeline: { ...released.timeline, treePss: [] } })
}

function hasProportional({ timeline }: ReleasedTimeline): boolean {
  return timeline.treePss?.some((bytes) => bytes !== null) ?? false
}

function overlay(
  name: string,
  title: string,
  y: Axis,
  drawn: readonly DrawnSide[],
  lineOf: (released: ReleasedTimeline) => LineShape,
): NamedChart | null {
  const lines = drawn.flatMap(({ side, place, timeline }): Line[] => {
    // What was never released has no common zero with the others.
    if (timeline === null || timeline.releasedMs === null) return []
    const line = lineOf(timeline)
    if (line.y.every((value) => value === null)) return []
    return [{ name: labelOf(side), model: side.configuration.model, side: place, ...line }]
  })
  if (lines.length === 0) return null
  const chart: LineChart = { kind: 'lines', title, x: sinceRelease, y, lines }
  return { name: `overlay-${name}`, chart }
}

function dotsOf(metric: MetricKey, drawn: readonly DrawnSide[]): NamedChart | null {
  const groups = drawn.map(({ side, place }) => {
    const { configuration, counted, run } = side
    const { seed } = run.plan
    return dotGroup(metric, { name: labelOf(side), configuration, counted, side: place, seed })
  })
  if (groups.every(({ dots }) => dots.length === 0)) return null
  const value = metricAxis(metric)
  const title = `${value.label.charAt(0).toUpperCase()}${value.label.slice(1)} of each trial`
  return { name: chartName('dots', metric), chart: { kind: 'dots', title, value, groups } }
}

export function chartName(kind: string, metric: MetricKey): string {
  return `${kind}-${metric.replaceAll('_', '-')}`
}

function labelOf({ letter, name }: SavedSide): string {
  return `${letter}: ${name}`
}
