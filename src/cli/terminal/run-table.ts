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

/**
 * A row for each configuration, its medians over the counted trials, and after each number of workers
 * the ratio of processes to threads.
 */
export function runTable(summaries: readonly ConfigurationSummary[]): string {
  const columns = [...commonColumns, ...memoryColumns(summaries)]
  const all = summaries.map(({ configuration }) => configuration)
  const rows: string[][] = []
  for (const group of Map.groupBy(summaries, groupOf).values()) {
    for (const { configuration, counted, metrics } of group) {
      rows.push([
        printable(
          `${[...workNameParts(configuration, all), formatConfiguration(configuration)].join(', ')}${ownParameters(configuration, summaries)}`,
        ),
        String(counted.length),
        ...columns.map(({ key, format }) => {
          const summary = metrics[key]
          return summary === undefined ? absent : format(summary.median)
        }),
      ])
    }
    const processes = group.find(({ configuration }) => configuration.model === 'processes')
    const threads = group.find(({ configuration }) => configuration.model === 'threads')
    if (processes !== undefined && threads !== undefined) {
      rows.push(['  processes : threads', '', ...ratios(columns, processes, threads)])
    }
  }
  return renderTable(['median of trials', 'n', ...columns.map(({ title }) => title)], rows)
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
