import {
  formatConfiguration,
  formatInterval,
  formatProbability,
  formatRatio,
  formatText,
  formatTime,
} from '../../shared/format.ts'
import { formatMetric } from '../../shared/metric-axis.ts'
import type { Verdict } from '../../shared/model/comparison.ts'
import type { Trend, TrendPoint } from '../../shared/model/trend.ts'
import { workloadName } from '../../shared/model/workload.ts'
import { type FittingColumn, fittingTable } from './fitting-table.ts'
import { brokenAt } from './line-breaks.ts'

const absent = '–'

/**
 * One configuration over its runs: a row for each, held against the baseline, and which are not in it.
 *
 * @param chosen number of the run that was asked for
 * @param columns of the terminal that it is read in; left out where there is none
 */
export function trendReport(trend: Trend, chosen: number, columns?: number): string {
  const { configuration, metric, baseline, withoutBaseline, points, leftOut } = trend
  const text = (line: string) => (columns === undefined ? line : brokenAt(line, columns))
  const parameters = Object.entries(configuration.parameters).map(
    ([name, value]) => `${name}=${value}`,
  )
  const lines = [
    text(
      `${metric} of ${[formatText(workloadName(configuration.workload)), ...parameters].join(' ')}, ${formatConfiguration(configuration)}, ${configuration.scheduling}`,
    ),
    '',
    points.length === 0 ? 'no run has it' : pointsTable(trend, chosen, columns),
    '',
    text(
      baseline === null
        ? `no baseline: ${withoutBaseline}`
        : `ratios are to run ${baseline}, the baseline`,
    ),
  ]
  const byReasons = Map.groupBy(leftOut, ({ reasons }) => reasons.join('; '))
  for (const [reasons, runs] of byReasons) {
    lines.push(text(`left out: ${runsOf(runs.map(({ run }) => run))}: ${formatText(reasons, 400)}`))
  }
  return `${lines.join('\n')}\n`
}

/** Runs that are named one by one. */
const mostNamed = 10

function runsOf(runs: readonly number[]): string {
  const named = runs.slice(0, mostNamed).join(', ')
  const rest = runs.length - mostNamed
  return `${runs.length === 1 ? 'run' : 'runs'} ${named}${rest > 0 ? ` and ${rest} more` : ''}`
}

function pointsTable(
  { points, metric, baseline }: Trend,
  chosen: number,
  columns: number | undefined,
): string {
  const column = (
    title: string,
    of: (point: TrendPoint) => string,
    alignment: FittingColumn['alignment'] = 'right',
  ): FittingColumn => ({ title, cells: points.map(of), alignment })
  const run = column('run', (point) => `${point.run.id === chosen ? '> ' : ''}${point.run.id}`)
  const when = column('when', (point) => formatTime(point.run.started_at), 'left')
  const label = column('label', (point) => formatText(point.run.label, 32), 'left')
  const trials = column('trials', (point) => String(point.trials))
  const median = column('median', (point) => formatMetric(metric, point.median))
  const around = column('95 % interval', ({ ci95 }) =>
    ci95 === null ? absent : ci95.map((bound) => formatMetric(metric, bound)).join(' to '),
  )
  const ratio = column('ratio', ({ difference, run: { id } }) =>
    difference === null ? (id === baseline ? 'baseline' : absent) : formatRatio(difference.ratio),
  )
  const interval = column('95 % interval', ({ difference }) =>
    difference?.ci95 ? formatInterval(difference.ci95) : absent,
  )
  const p = column('p', ({ difference }) =>
    difference?.p == null ? absent : formatProbability(difference.p),
  )
  const verdict = column(
    'verdict',
    ({ difference }) => wordsOf(difference?.verdict ?? null),
    'left',
  )
  return fittingTable(
    [
      [run, when, label, trials, median, around, ratio, interval, p, verdict],
      [run, when, trials, median, around, ratio, interval, p, verdict],
      [run, when, trials, median, ratio, interval, p, verdict],
      [run, when, median, ratio, interval, verdict],
      [run, median, ratio, interval],
    ],
    columns,
  )
}

function wordsOf(verdict: Verdict | null): string {
  switch (verdict) {
    case 'a':
      return 'worse'
    case 'b':
      return 'better'
    case 'no difference shown':
      return 'not shown'
    case 'too few trials to say':
      return 'too few'
    case null:
      return absent
  }
}
