import { configurationNames } from '../../../shared/chart-names.ts'
import { daskTableOf } from '../../../shared/dask-figures.ts'
import { formatParameters, formatSpan } from '../../../shared/format.ts'
import type { Comparison } from '../../../shared/model/comparison.ts'
import type { Findings, FindingTable } from '../../../shared/model/findings.ts'
import { type MetricKey, metricKeys } from '../../../shared/model/metric.ts'
import { type ConfigurationSummary, type Run, ranProbe } from '../../../shared/model/run.ts'
import type { NamedChart } from '../../../shared/model/run-comparison.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { definitions } from './definitions.ts'
import {
  type Fact,
  type ReportBlock,
  type ReportDocument,
  said,
  sectionOf,
  tableOf,
} from './document.ts'
import { differenceCells, differenceColumns, formatFigure, summaryTables } from './figures.ts'
import { machineFacts } from './machine-facts.ts'
import { zonedTime } from './time.ts'
import { trialsTable, uncounted } from './trials.ts'

/** A run, and what follows from its trials. */
export interface ReportedRun {
  readonly run: Run
  readonly summaries: readonly ConfigurationSummary[]
  readonly comparison: Comparison
  readonly findings: Findings | null
  readonly charts: readonly NamedChart[]
}

/** A saved run as a report, in the order in which its view shows it. */
export function runReport(reported: ReportedRun): ReportDocument {
  const { run, summaries, comparison, findings, charts } = reported
  const isProbe = ranProbe(run)
  const names = configurationNames(run.configurations)
  const dask = isProbe ? null : daskTableOf(summaries)
  const found = charts.filter(({ name }) => name.startsWith('finding-'))
  const others = charts.filter(({ name }) => !name.startsWith('finding-'))
  const shown = new Set(
    metricKeys.filter((key) => summaries.some(({ metrics }) => metrics[key] !== undefined)),
  )
  return {
    title: run.label.trim() === '' ? `Run ${run.id}` : run.label,
    about: aboutRun(run),
    sections: [
      ...sectionOf(null, headBlocks(run)),
      ...sectionOf('What the run says', saying(reported)),
      ...sectionOf('What was found', findings === null ? [] : findingBlocks(findings, found)),
      ...sectionOf('Differences', isProbe ? [] : differenceTables(run, comparison)),
      ...sectionOf(
        'Figures',
        isProbe
          ? []
          : summaryTables(
              summaries.map(({ configuration, counted, metrics }) => ({
                name: names.get(configuration.id) ?? '',
                trials: counted.length,
                metrics,
              })),
              formatFigure,
            ),
      ),
      ...sectionOf('What Dask tells of itself', [
        dask === null ? null : tableOf(null, dask.columns, dask.rows),
      ]),
      ...sectionOf(
        'Charts',
        others.map((named) => ({ kind: 'chart', named })),
      ),
      ...sectionOf('What did not count, and what is unusual', uncounted(run, summaries)),
      ...sectionOf('Trials', isProbe ? [] : [trialsTable(run)]),
      ...sectionOf('The plan', [{ kind: 'facts', facts: planFacts(run) }]),
      ...sectionOf('The machine', machineBlocks(run)),
      ...sectionOf('How the figures were found', [
        { kind: 'list', items: definitions(isProbe ? new Set<MetricKey>() : shown) },
      ]),
    ],
    closing: `Run ${run.uid}, reported by Corescope.`,
  }
}

function aboutRun(run: Run): string {
  const { plan, started_at, ended_at, status, reason } = run
  const took =
    ended_at === null ? '' : ` · took ${formatSpan(Date.parse(ended_at) - Date.parse(started_at))}`
  const parameters = formatParameters(plan.parameters)
  const what = [plan.experiment, workloadName(plan.workload)].filter((each) => each !== null)
  return `run ${run.id} · ${what.join(': ')}${parameters === '' ? '' : ` · ${parameters}`} · ${zonedTime(started_at)}${took} · ${status}${reason === null ? '' : `: ${reason}`}`
}

function headBlocks(run: Run): ReportBlock[] {
  const { tags, notes, is_baseline, imported_at, thinned_at, machine, environment } = run
  const facts: Fact[] = []
  if (tags.length > 0) facts.push(['tags', tags.join(', ')])
  const where = machine ?? environment?.hostname ?? null
  if (where !== null) facts.push(['machine', where])
  if (is_baseline) facts.push(['baseline', 'other runs of its workload are held against it'])
  if (imported_at !== null) {
    facts.push(['origin', `from another database, imported ${zonedTime(imported_at)}`])
  }
  if (thinned_at !== null) {
    facts.push(['samples', `thinned to an overview ${zonedTime(thinned_at)}; results are whole`])
  }
  return [
    { kind: 'prose', text: notes },
    { kind: 'facts', facts },
  ]
}

function saying({ run, comparison }: ReportedRun): ReportBlock[] {
  const { status, reason, warnings, plan, trials_done, trials_planned } = run
  const { sentences } = comparison
  const kept = `${trials_done} of ${trials_planned} trials, warm-ups included, were measured and are kept`
  const isNothing = sentences.length === 0 && status !== 'failed' && plan.experiment === null
  return [
    ...(status === 'failed'
      ? [said(`The run failed: ${reason}. What was measured before is kept.`, 'problem')]
      : []),
    ...sentences.map((sentence) => said(sentence)),
    ...(isNothing
      ? [said('There is nothing to compare: it takes a counted trial of two models.')]
      : []),
    ...(status === 'done' ? [] : [said(`${kept}${status === 'running' ? ' so far' : ''}.`)]),
    ...warnings.map(({ message }) => said(message, 'caution')),
  ]
}

/** In words, what was lost, drawn, other tables, and what makes it less sure: as the screen has it. */
function findingBlocks(
  { sentences, tables, cautions }: Findings,
  charts: readonly NamedChart[],
): ReportBlock[] {
  const isJudging = ({ rows }: FindingTable) =>
    rows.some((row) => row.some(({ tone }) => tone !== 'plain'))
  const written = (table: FindingTable) => tableOf(table.title, table.columns, table.rows)
  return [
    ...sentences.map((sentence, at) => said(sentence, at === 0 ? 'first' : 'plain')),
    ...tables.filter(isJudging).map(written),
    ...charts.map((named): ReportBlock => ({ kind: 'chart', named })),
    ...tables.filter((table) => !isJudging(table)).map(written),
    ...cautions.map((caution) => said(caution, 'caution')),
  ]
}

/** For each pair that is compared a table: the second over the first. */
function differenceTables(run: Run, { comparisons }: Comparison): ReportBlock[] {
  const names = configurationNames(run.configurations)
  const pairs = Map.groupBy(comparisons, ({ a, b }) => `${a} ${b}`)
  return [...pairs.values()].map((own) => {
    const [first] = own
    const nameOf = (id: number | undefined) => (id === undefined ? '' : (names.get(id) ?? ''))
    const modelOf = (id: number | undefined) =>
      run.configurations.find((each) => each.id === id)?.model ?? ''
    const better = { a: `${modelOf(first?.a)} better`, b: `${modelOf(first?.b)} better` }
    return tableOf(
      `${nameOf(first?.b)} ÷ ${nameOf(first?.a)}`,
      differenceColumns,
      own.map((each) => differenceCells(each.metric, each, better)),
    )
  })
}

function planFacts({ plan, configurations }: Run): Fact[] {
  const parameters = formatParameters(plan.parameters)
  return [
    ...(plan.experiment === null ? [] : [['experiment', plan.experiment] as const]),
    ['workload', plan.workload],
    ...(parameters === '' ? [] : [['parameters', parameters] as const]),
    ['configurations', [...configurationNames(configurations).values()].join('; ')],
    ['work of a trial', plan.tasks === null ? `${plan.duration_s} s` : `${plan.tasks} tasks`],
    [
      'trials of each',
      plan.repeat === 'auto' ? `as many as it takes, to ${plan.max_repeat}` : String(plan.repeat),
    ],
    ['warm-ups of each', String(plan.warmup)],
    ['scheduling', plan.scheduling],
    ['sampled every', `${plan.interval_ms} ms`],
    ['seed', String(plan.seed)],
  ]
}

function machineBlocks({ environment }: Run): ReportBlock[] {
  if (environment === null) return [said('It was not read.')]
  return [{ kind: 'facts', facts: machineFacts(environment) }]
}
