import { workNameParts } from '../../shared/executor-names.ts'
import { formatBytes, formatConfiguration, formatMs, formatNumber } from '../../shared/format.ts'
import { kernelOf } from '../../shared/model/execution-model.ts'
import type { MetricKey } from '../../shared/model/metric.ts'
import { printable } from '../../shared/model/problem.ts'
import type { Configuration, ConfigurationSummary } from '../../shared/model/run.ts'
import { renderTable } from './table.ts'

interface Column {
  readonly key: MetricKey
  readonly title: string
  format(value: number): string
}

const commonColumns: readonly Column[] = [
  { key: 'wall_ms', title: 'wall', format: formatMs },
  { key: 'throughput_per_s', title: 'throughput', format: (value) => `${formatNumber(value)}/s` },
  { key: 'spawn_p50_ms', title: 'spawn', format: formatMs },
  { key: 'cpu_ms', title: 'CPU', format: formatMs },
  { key: 'cores_used', title: 'cores used', format: formatNumber },
]

/** By PSS, the figure to compare models by, where the system gives it. */
function memoryColumns(summaries: readonly ConfigurationSummary[]): readonly Column[] {
  const hasPss = summaries.some(({ metrics }) => metrics.peak_pss_bytes !== undefined)
  const bases = summaries.flatMap(({ counted }) => counted.map((trial) => trial.memory_basis))
  const basis = bases.includes('pss') ? 'PSS' : 'RSS'
  return [
    hasPss
      ? { key: 'peak_pss_bytes', title: 'peak PSS', format: formatBytes }
      : { key: 'peak_rss_bytes', title: 'peak RSS', format: formatBytes },
    { key: 'memory_per_worker_bytes', title: `${basis}/worker`, format: formatBytes },
  ]
}

const absent = '–'

/** What is left out first where the terminal is too narrow for all. */
const leastWanted: readonly MetricKey[] = ['cpu_ms', 'wall_ms', 'memory_per_worker_bytes']

/**
 * A row for each configuration, its medians over the counted trials, and after each number of workers
 * the ratio of processes to threads.
 *
 * @param width of the terminal in characters; left out where there is none, and everything fits
 */
export function runTable(summaries: readonly ConfigurationSummary[], width?: number): string {
  let columns: readonly Column[] = [...commonColumns, ...memoryColumns(summaries)]
  const left: string[] = []
  for (const key of leastWanted) {
    if (fits(tableOf(summaries, columns), width)) break
    left.push(...columns.filter((each) => each.key === key).map(({ title }) => title))
    columns = columns.filter((each) => each.key !== key)
  }
  const table = tableOf(summaries, columns)
  return left.length === 0 ? table : `${table}\nin a wider terminal also: ${left.join(', ')}`
}

function fits(text: string, width: number | undefined): boolean {
  return width === undefined || text.split('\n').every((line) => line.length <= width)
}

function tableOf(summaries: readonly ConfigurationSummary[], columns: readonly Column[]): string {
  const all = summaries.map(({ configuration }) => configuration)
  const rows: { readonly work: string; readonly cells: readonly string[] }[] = []
  for (const group of Map.groupBy(summaries, groupOf).values()) {
    const [first] = group
    const work = first === undefined ? '' : workNameParts(first.configuration, all).join(', ')
    const indent = work === '' ? '' : '  '
    for (const { configuration, counted, metrics } of group) {
      const name = `${formatConfiguration(configuration)}${ownParameters(configuration, summaries)}`
      const cells = columns.map(({ key, format }) => {
        const summary = metrics[key]
        return summary === undefined ? absent : format(summary.median)
      })
      rows.push({ work, cells: [printable(`${indent}${name}`), String(counted.length), ...cells] })
    }
    const processes = group.find(({ configuration }) => configuration.model === 'processes')
    const threads = group.find(({ configuration }) => configuration.model === 'threads')
    if (processes !== undefined && threads !== undefined) {
      const cells = ratios(columns, processes, threads)
      rows.push({ work, cells: [`${indent}  processes : threads`, '', ...cells] })
    }
  }
  const [head, ...lines] = renderTable(
    ['median of trials', 'n', ...columns.map(({ title }) => title)],
    rows.map(({ cells }) => cells),
  ).split('\n')
  // Who executes it and what it does stands above the rows, not in a cell that would widen all of them.
  const body = rows.flatMap(({ work }, at) =>
    work === '' || work === rows[at - 1]?.work ? [lines[at]] : [printable(work), lines[at]],
  )
  return [head, ...body].join('\n')
}

function groupOf({ configuration }: ConfigurationSummary): string {
  const { model, workers, workload, parameters, runtime, interpreter, variant } = configuration
  const work = [runtime, interpreter?.path, workload, kernelOf(variant)]
  return JSON.stringify(model === 'inline' ? work : [...work, workers, parameters])
}

/** The parameters in which the configurations of a run differ, as they do in a self-test. */
function ownParameters(
  { workload, parameters }: Configuration,
  summaries: readonly ConfigurationSummary[],
): string {
  return Object.entries(parameters)
    .filter(([name, value]) =>
      summaries.some(
        ({ configuration }) =>
          configuration.workload === workload && configuration.parameters[name] !== value,
      ),
    )
    .map(([name, value]) => ` ${name}=${value}`)
    .join('')
}

function ratios(
  columns: readonly Column[],
  a: ConfigurationSummary,
  b: ConfigurationSummary,
): string[] {
  return columns.map(({ key }) => {
    const above = a.metrics[key]?.median
    const below = b.metrics[key]?.median
    if (above === undefined || below === undefined || below === 0) return absent
    return (above / below).toFixed(2)
  })
}
