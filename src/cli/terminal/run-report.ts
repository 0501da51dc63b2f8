import { configurationNames } from '../../shared/chart-names.ts'
import { daskTableOf } from '../../shared/dask-figures.ts'
import { executorWords } from '../../shared/executor-names.ts'
import { formatText, formatTime } from '../../shared/format.ts'
import type { Comparison } from '../../shared/model/comparison.ts'
import type { Findings } from '../../shared/model/findings.ts'
import { printable } from '../../shared/model/problem.ts'
import { type ConfigurationSummary, type Run, ranProbe } from '../../shared/model/run.ts'
import { comparisonTable } from './comparison-table.ts'
import { findingsReport, tableReport } from './findings-report.ts'
import { outlierLines } from './outlier-lines.ts'
import { runTable } from './run-table.ts'

/**
 * A run on some lines: what it was, its table, and what went wrong or makes it less sure.
 *
 * @param columns of the terminal that it is read in; left out where there is none
 */
export function runReport(
  run: Run,
  summaries: readonly ConfigurationSummary[],
  comparison: Comparison,
  findings: Findings | null,
  columns?: number,
): string {
  const { plan, environment } = run
  const amount = plan.tasks === null ? `${plan.duration_s} s` : `${plan.tasks} tasks`
  const parameters = Object.entries(plan.parameters).map(([name, value]) =>
    printable(`${name}=${value}`),
  )
  const isProbe = ranProbe(run)
  const lines = [
    `run ${run.id} · ${formatText(run.label)} · ${run.status} · ${formatTime(run.started_at)}`,
    isProbe
      ? `experiment ${[formatText(plan.workload, 1000), ...parameters].join(' ')} · seed ${plan.seed}`
      : `${[formatText(plan.workload, 1000), ...parameters].join(' ')} · ${amount} a trial · ${plan.scheduling} scheduling · seed ${plan.seed}`,
  ]
  if (run.notes !== '') lines.push(formatText(run.notes, 1000))
  if (environment !== null) {
    const executors = executorWords(run.configurations)
    const executedBy = executors === '' ? '' : ` · run by ${executors}`
    lines.push(
      printable(
        `${environment.cpu_model ?? 'unknown processor'} · ${environment.usable_cores} usable cores · Node ${environment.node_version}${executedBy}`,
      ),
    )
  }
  if (findings !== null) lines.push('', findingsReport(findings, columns))
  const names = configurationNames(run.configurations)
  if (!isProbe) lines.push('', runTable(summaries, columns))
  const dask = isProbe ? null : daskTableOf(summaries)
  if (dask !== null) lines.push('', tableReport(dask, columns))
  lines.push('', ...comparisonLines(run, comparison))

  const isTold = run.trials.some(({ reason }) => reason === run.reason)
  if (run.reason !== null && !isTold) lines.push(`${run.status}: ${formatText(run.reason, 400)}`)
  for (const trial of run.trials) {
    if (trial.status === 'done' || trial.status === 'running') continue
    const name = printable(names.get(trial.configuration_id) ?? '')
    lines.push(
      `${trial.status}: trial ${trial.ordinal + 1}, ${name}: ${formatText(trial.reason ?? '', 400)}`,
    )
    const stack = trial.observations?.stack
    if (typeof stack === 'string')
      lines.push(...stack.split('\n').map((frame) => `    ${formatText(frame, 400)}`))
  }
  lines.push(...outlierLines(summaries).map(printable))
  for (const { message } of run.warnings) lines.push(`note: ${printable(message)}`)
  if (run.status !== 'done') {
    const kept = `${run.trials_done} of ${run.trials_planned} trials, warm-ups included,`
    lines.push(`${kept} were measured and are kept${run.status === 'running' ? ' so far' : ''}`)
  }
  return `${lines.join('\n').trimEnd()}\n`
}

/** Of more pairs than a terminal can show at once, how to see any two of them. */
const mostPairs = 12

function comparisonLines(run: Run, { comparisons, sentences }: Comparison): string[] {
  const pairs = new Set(comparisons.map(({ a, b }) => `${a} ${b}`)).size
  if (pairs > mostPairs) {
    return [
      `${pairs} pairs of configurations were compared: "corescope show ${run.id} --json" has all, "corescope compare ${run.id}:1 ${run.id}:2" any two by their places`,
    ]
  }
  return [
    ...(pairs === 0 ? [] : [comparisonTable(run.configurations, comparisons), '']),
    ...sentences.map(printable),
  ]
}
