import {
  formatBytes,
  formatMs,
  formatNumber,
  formatPercent,
  formatProbability,
  formatRange,
  formatRatio,
} from '../../../shared/format.ts'
import { plainMetricName } from '../../../shared/metric-axis.ts'
import { metricNames } from '../../../shared/metric-names.ts'
import type { Difference } from '../../../shared/model/comparison.ts'
import {
  type MetricKey,
  type MetricSummary,
  metricKeys,
  metrics,
} from '../../../shared/model/metric.ts'
import { type ReportCell, type ReportTable, tableOf } from './document.ts'

export const absent = '–'

/** A figure's name as the screen has it, or in plain words. */
export function metricTitle(key: MetricKey): string {
  const known: Readonly<Record<string, string>> = metricNames
  const plain = plainMetricName(key)
  return known[key] ?? plain[0]?.toUpperCase() + plain.slice(1)
}

/** A figure of a trial as the view of a run shows it. */
export function formatFigure(key: MetricKey, value: number): string {
  const { unit } = metrics[key]
  if (unit === 'ms') return formatMs(value)
  if (unit === 'bytes') return formatBytes(value)
  if (unit === '0–1' || unit === 'of one core') return formatPercent(value)
  if (unit !== 'count') return `${formatNumber(value)} ${unit}`
  return Number.isInteger(value) ? value.toLocaleString('en-US') : formatNumber(value)
}

/** One that is summarized: what it is of, and its figures. */
export interface Summarized {
  readonly name: string
  readonly trials: number
  readonly metrics: Readonly<Partial<Record<MetricKey, MetricSummary>>>
}

/** So many columns are read beside each other on a sheet of paper. */
const mostColumns = 4

/** Medians with what 90 % of the trials lie between, a row a figure; several tables where there are many. */
export function summaryTables(
  all: readonly Summarized[],
  format: (key: MetricKey, value: number) => string,
): ReportTable[] {
  const having = metricKeys.filter(
    (key) => metrics[key].unit !== 'bool' && all.some((each) => each.metrics[key] !== undefined),
  )
  const parts = Array.from({ length: Math.ceil(all.length / mostColumns) }, (_, part) =>
    all.slice(part * mostColumns, (part + 1) * mostColumns),
  )
  return parts.map((part) =>
    tableOf(
      null,
      ['median of the trials', ...part.map(({ name }) => name)],
      [
        ['Trials that count', ...part.map(({ trials }) => String(trials))],
        ...having.map((key) => [
          metricTitle(key),
          ...part.map((each) => summaryCell(key, each.metrics[key], format)),
        ]),
      ],
    ),
  )
}

function summaryCell(
  key: MetricKey,
  summary: MetricSummary | undefined,
  format: (key: MetricKey, value: number) => string,
): ReportCell {
  if (summary === undefined) return { text: absent }
  const { median, p5, p95 } = summary
  const text = format(key, median)
  const [low, high] = [format(key, p5), format(key, p95)]
  return low === text && high === text ? { text } : { text, note: `${low} to ${high}` }
}

export const differenceColumns = [
  'figure',
  'ratio',
  '95 % interval',
  'p',
  'Cliff’s delta',
  'trials',
  'says',
] as const

/** A row of a table of differences, in the words of the screen. */
export function differenceCells(
  metric: MetricKey,
  found: Difference & { readonly trials: readonly [number, number] },
  better: Readonly<Record<'a' | 'b', string>>,
): ReportCell[] {
  const { ratio, ci95, p, cliffs_delta: delta, verdict, trials } = found
  const isNamed = verdict === 'a' || verdict === 'b'
  return [
    metricTitle(metric),
    formatRatio(ratio),
    ci95 === null ? absent : formatRange(ci95),
    p === null ? absent : formatProbability(p),
    delta === null ? absent : delta.toFixed(2).replace('-', '−'),
    `${trials[0]}, ${trials[1]}`,
    isNamed ? better[verdict] : (verdict ?? absent),
  ].map((text, at) => (at === 6 && isNamed ? { text, tone: 'good' } : { text }))
}
