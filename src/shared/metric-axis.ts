import type { Axis } from './model/chart.ts'
import { type MetricKey, metrics } from './model/metric.ts'
import { formatQuantity } from './quantity.ts'

/** A figure's name in plain words, without its unit: `peak_pss_bytes` is "peak PSS". */
export function plainMetricName(key: MetricKey): string {
  return key
    .replace(/_(ms|bytes|per_s)$/, '')
    .replaceAll('_', ' ')
    .replace(/\b([rpu]ss|cpu)\b/g, (measure) => measure.toUpperCase())
}

/** The axis that a figure is drawn on. */
export function metricAxis(key: MetricKey): Axis {
  const { unit } = metrics[key]
  const label = plainMetricName(key)
  if (unit === 'ms') return { label, unit: '', scale: 'linear', quantity: 'milliseconds' }
  if (unit === 'bytes') return { label, unit: '', scale: 'linear', quantity: 'bytes' }
  const isBare = unit === '0–1' || unit === 'count' || unit === 'bool'
  return { label, unit: isBare ? '' : unit, scale: 'linear', quantity: 'number' }
}

/** A figure with three digits, and with its unit where the name does not say it. */
export function formatMetric(key: MetricKey, value: number): string {
  const axis = metricAxis(key)
  const text = formatQuantity(value, { ...axis, unit: '' })
  return axis.unit === 'tasks/s' ? `${text}/s` : text
}
