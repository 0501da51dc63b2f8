import { configurationNames } from '../../../shared/chart-names.ts'
import { comparedMetrics } from '../../../shared/model/comparison.ts'
import type { MetricKey } from '../../../shared/model/metric.ts'
import type { ConfigurationSummary, Run, Trial } from '../../../shared/model/run.ts'
import { type ReportBlock, type ReportTable, said, tableOf } from './document.ts'
import { absent, formatFigure, metricTitle } from './figures.ts'

/** Those that are told; the CSV has them all. */
const most = { trials: 500, lines: 40 }
const columns = [
  'wall_ms',
  'throughput_per_s',
  'cpu_per_task_ms',
  'peak_rss_bytes',
  'peak_pss_bytes',
] as const

/** The trials that ended otherwise than they should, and those far from the others. */
export function uncounted(run: Run, summaries: readonly ConfigurationSummary[]): ReportBlock[] {
  const names = configurationNames(run.configurations)
  const nameOf = (trial: Trial) =>
    `${trial.warm_up ? 'warm-up' : 'trial'} ${trial.index + 1} of ${names.get(trial.configuration_id) ?? ''}`
  const others = run.trials
    .filter(({ status }) => status !== 'done' && status !== 'running')
    .map((trial) => `${nameOf(trial)}: ${trial.status}: ${trial.reason ?? 'no reason is known'}`)
  const outliers = summaries.flatMap(({ counted, metrics }) =>
    comparedMetrics.flatMap((key) => {
      const summary = metrics[key]
      if (summary === undefined) return []
      return counted
        .filter(({ index }) => summary.outliers.includes(index))
        .map(
          (trial) =>
            `${nameOf(trial)}: ${metricTitle(key)} ${figure(trial, key)}, median ${formatFigure(key, summary.median)}`,
        )
    }),
  )
  return [
    ...told(others, 'Kept, not compared:'),
    ...told(outliers, 'Far from the others of their configuration; they count all the same:'),
  ]
}

function told(lines: readonly string[], head: string): ReportBlock[] {
  if (lines.length === 0) return []
  const rest = lines.length - most.lines
  return [
    said(head),
    { kind: 'list', items: lines.slice(0, most.lines) },
    ...(rest > 0 ? [said(`${rest} more are in the CSV and the JSON.`, 'quiet')] : []),
  ]
}

/** A row for each trial, in the order in which they were executed. */
export function trialsTable(run: Run): ReportTable {
  const names = configurationNames(run.configurations)
  const known = columns.filter((key) => run.trials.some(({ metrics }) => metrics[key] !== null))
  const rest = run.trials.length - most.trials
  const title = rest > 0 ? `The first ${most.trials} of ${run.trials.length} trials` : 'All trials'
  return tableOf(
    title,
    ['', 'configuration', 'trial', 'ended', ...known.map(metricTitle)],
    run.trials
      .slice(0, most.trials)
      .map((trial) => [
        String(trial.ordinal + 1),
        names.get(trial.configuration_id) ?? '',
        `${trial.warm_up ? 'warm-up ' : ''}${trial.index + 1}`,
        trial.status,
        ...known.map((key) => figure(trial, key)),
      ]),
    true,
  )
}

function figure(trial: Trial, key: MetricKey): string {
  const value = trial.metrics[key]
  return typeof value === 'number' ? formatFigure(key, value) : absent
}
