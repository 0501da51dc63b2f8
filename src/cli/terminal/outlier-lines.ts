import { configurationNames } from '../../shared/chart-names.ts'
import { formatBytes, formatMs, formatNumber } from '../../shared/format.ts'
import type { MetricKey } from '../../shared/model/metric.ts'
import type { ConfigurationSummary } from '../../shared/model/run.ts'

interface ToldFigure {
  readonly key: MetricKey
  readonly name: string
  /** Distance from the median, as a share of it, from which on an outlier is worth a line. */
  readonly from: number
  format(value: number): string
}

/** Other figures have outliers too; those are in the JSON document. */
const told: readonly ToldFigure[] = [
  {
    key: 'throughput_per_s',
    name: 'throughput',
    from: 0.02,
    format: (value) => `${formatNumber(value)}/s`,
  },
  { key: 'spawn_p50_ms', name: 'spawn', from: 0.5, format: formatMs },
  { key: 'peak_pss_bytes', name: 'peak PSS', from: 0.2, format: formatBytes },
  { key: 'peak_rss_bytes', name: 'peak RSS', from: 0.2, format: formatBytes },
]
const mostLines = 5

/** The trials that lie far from the others of their configuration, where that matters. */
export function outlierLines(summaries: readonly ConfigurationSummary[]): string[] {
  const names = configurationNames(summaries.map(({ configuration }) => configuration))
  const lines = told.flatMap(({ key, name, from, format }) =>
    summaries.flatMap(({ configuration, counted, metrics }) => {
      const summary = metrics[key]
      if (summary === undefined) return []
      const { median, outliers } = summary
      return counted.flatMap(({ index, metrics: own }) => {
        const value = Number(own[key])
        if (!outliers.includes(index) || Math.abs(value - median) < from * median) return []
        const place = `trial ${index + 1} of ${names.get(configuration.id) ?? ''}`
        return [`outlier: ${place}: ${name} ${format(value)}, median ${format(median)} (kept)`]
      })
    }),
  )
  if (lines.length <= mostLines) return lines
  const rest = lines.length - mostLines
  return [...lines.slice(0, mostLines), `outlier: ${rest} more (kept); --json has them all`]
}
