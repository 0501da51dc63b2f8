import { formatBytes, formatNumber } from '../../shared/format.ts'
import { cell, type Findings, type TableCell } from '../../shared/model/findings.ts'
import type { MetricKey } from '../../shared/model/metric.ts'
import type { ConfigurationSummary } from '../../shared/model/run.ts'
import { summarizeRun, valuesOf } from '../analysis/statistics.ts'
import type { Experiment, ExperimentRun } from './experiment.ts'
import { plainConfigurations } from './plain-configurations.ts'
import { timesOf } from './times.ts'

const sharedMemory: Experiment = {
  name: 'shared-memory',
  title: 'Shared or separate memory',
  question: 'What does it take to have all workers read one data set?',
  lookFor:
    'The memory of all workers together. Threads read one copy, whatever their number; each process has its own. How fast they read it differs far less.',
  plan: { workload: 'scan-shared', models: ['threads', 'processes'], repeat: 5, warmup: 1 },
  workers: 'cores',
  trialMs: null,
  probe: null,
  configurations: plainConfigurations,
  findings,
}

export default sharedMemory

const measures = [
  { key: 'peak_pss_bytes', name: 'PSS' },
  { key: 'peak_uss_bytes', name: 'USS' },
  { key: 'peak_rss_bytes', name: 'RSS' },
] as const satisfies readonly { readonly key: MetricKey; readonly name: string }[]

function findings(run: ExperimentRun): Findings {
  const seen = summarizeRun(run).filter(({ counted }) => counted.length > 0)
  // The figure to compare models by, where the platform has it.
  const best = measures.find(({ key }) => seen.some(({ metrics }) => metrics[key])) ?? measures[2]
  return {
    sentences: sentencesOf(run, seen, best),
    charts: [
      {
        kind: 'bars',
        title: `Memory of host and workers together, at its peak (${best.name})`,
        value: { label: best.name, unit: '', scale: 'linear', quantity: 'bytes' },
        parts: ['peak'],
        bars: seen.map((each) => ({
          name: nameOf(each),
          model: each.configuration.model,
          values: [each.metrics[best.key]?.median ?? null],
        })),
      },
    ],
    tables: [
      {
        title: 'Memory, and what is read with it',
        columns: ['workers', 'trials', ...measures.map(({ name }) => `peak ${name}`), 'throughput'],
        rows: seen.map(row),
      },
    ],
    cautions:
      best.key === 'peak_rss_bytes' && seen.length > 0
        ? ['This system tells RSS alone, which counts a shared page once for each process.']
        : [],
  }
}

function row(each: ConfigurationSummary): TableCell[] {
  const { metrics, counted } = each
  const throughput = metrics.throughput_per_s
  return [
    cell(nameOf(each)),
    cell(String(counted.length)),
    ...measures.map(({ key }) => {
      const bytes = metrics[key]?.median
      return cell(bytes === undefined ? '–' : formatBytes(bytes))
    }),
    cell(throughput === undefined ? '–' : `${formatNumber(throughput.median)}/s`),
  ]
}

function nameOf({ configuration: { model, workers } }: ConfigurationSummary): string {
  return model === 'inline' ? 'inline' : `${workers} ${model}`
}

function sentencesOf(
  { plan }: ExperimentRun,
  seen: readonly ConfigurationSummary[],
  { key, name }: (typeof measures)[number],
): string[] {
  const size = plan.parameters.size_mib
  const data = size === undefined ? 'the data' : `a data set of ${size} MiB`
  return seen.flatMap((each) => {
    const { model, workers } = each.configuration
    if (model !== 'threads') return []
    const other = seen.find(
      ({ configuration }) =>
        configuration.model === 'processes' && configuration.workers === workers,
    )
    const [shared, apart] = [each.metrics[key]?.median, other?.metrics[key]?.median]
    if (shared === undefined || apart === undefined || other === undefined) return []
    const times = (of: MetricKey, what: string) =>
      timesOf(valuesOf(each.counted, of), valuesOf(other.counted, of), plan.seed, what)
    const [more, faster] = [
      times(key, 'much'),
      times('throughput_per_s', `fast as the ${workers} threads`),
    ]
    return [
      `To read ${data}, ${workers} threads take ${formatBytes(shared)} in all (${name}), ${workers} processes ${formatBytes(apart)}${more === null ? '' : `: ${more}`}.`,
      ...(faster === null ? [] : [`The ${workers} processes read it ${faster}.`]),
    ]
  })
}
