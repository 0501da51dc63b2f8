import { configurationNames } from './chart-names.ts'
import type { Observations } from './model/experiment.ts'
import { cell, type FindingTable } from './model/findings.ts'
import type { Configuration, ConfigurationSummary } from './model/run.ts'
import { formatQuantity } from './quantity.ts'

/*
 * What Dask tells of itself beside the metrics of its trials: a row for each configuration that has any,
 * so that terminal, reports and screen show the same.
 */

/** A configuration, and what was observed in its trials that count. */
export interface DaskSide {
  readonly configuration: Configuration
  readonly observed: readonly Observations[]
}

const prefix = 'dask_'

/** As they are called at the head of a column; others go by their keys. */
const titles: Readonly<Record<string, string>> = {
  dask_tasks_count: 'Dask tasks',
  dask_transfer_count: 'transfers',
  dask_transfer_bytes: 'transferred',
  dask_transfer_ms: 'transfers took',
  dask_worker_memory_max_bytes: 'largest worker, RSS',
  dask_worker_cpu_max_percent: 'busiest worker, CPU',
  dask_scheduler_cpu_ms: 'scheduler, CPU',
  dask_scheduler_rss_bytes: 'scheduler, RSS',
  dask_clock_error_ms: 'clock error',
}

/** The table of a saved run. */
export function daskTableOf(summaries: readonly ConfigurationSummary[]): FindingTable | null {
  return daskTable(
    summaries.map(({ configuration, counted }) => ({
      configuration,
      observed: counted.flatMap(({ observations }) =>
        observations === null ? [] : [observations],
      ),
    })),
  )
}

/** Medians over the trials that have a figure; null where none has one. */
export function daskTable(sides: readonly DaskSide[]): FindingTable | null {
  const told = sides.filter(({ observed }) => keysOf(observed).length > 0)
  if (told.length === 0) return null
  const names = configurationNames(sides.map(({ configuration }) => configuration))
  const having = new Set(told.flatMap(({ observed }) => keysOf(observed)))
  const known = Object.keys(titles).filter((key) => having.has(key))
  const keys = [...known, ...[...having].filter((key) => !known.includes(key))]
  return {
    title: 'What Dask tells of itself',
    columns: ['median of trials', ...keys.map((key) => titles[key] ?? plainName(key))],
    rows: told.map(({ configuration, observed }) =>
      [names.get(configuration.id) ?? '', ...keys.map((key) => figure(key, observed))].map((text) =>
        cell(text),
      ),
    ),
  }
}

function keysOf(observed: readonly Observations[]): string[] {
  const keys = observed.flatMap((each) =>
    Object.keys(each).filter((key) => key.startsWith(prefix) && numberOf(each, key) !== null),
  )
  return [...new Set(keys)]
}

function numberOf(observed: Observations, key: string): number | null {
  const value = Object.hasOwn(observed, key) ? observed[key] : null
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function figure(key: string, observed: readonly Observations[]): string {
  const values = observed.flatMap((each) => numberOf(each, key) ?? []).sort((a, b) => a - b)
  const [low, high] = [values[(values.length - 1) >> 1], values[values.length >> 1]]
  if (low === undefined || high === undefined) return '–'
  const median = (low + high) / 2
  switch (unitOf(key)) {
    case 'bytes':
      return formatQuantity(median, { quantity: 'bytes', unit: '' })
    case 'ms':
      return formatQuantity(median, { quantity: 'milliseconds', unit: '' })
    case 'percent':
      return formatQuantity(median, { quantity: 'percent', unit: '' })
    default:
      return formatQuantity(median, { quantity: 'number', unit: '' })
  }
}

/** A key ends in its unit. */
function unitOf(key: string): string {
  return key.slice(key.lastIndexOf('_') + 1)
}

function plainName(key: string): string {
  return key.slice(prefix.length, -1 - unitOf(key).length).replaceAll('_', ' ')
}
