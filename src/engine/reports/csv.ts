import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { metricKeys } from '../../shared/model/metric.ts'
import type { Configuration, Run, Trial } from '../../shared/model/run.ts'
import {
  parseSeries,
  type Sample,
  type SampleSeries,
  sampleVariables,
} from '../../shared/model/sample.ts'
import { makeFolder } from '../folder.ts'
import { writeWhole } from './whole-file.ts'

type Cell = string | number | boolean | null
type Row = Readonly<Record<string, Cell>>

export interface CsvTable {
  /** Name of the file. */
  readonly name: string
  readonly columns: readonly string[]
  /** There is nothing in it: not written where all are. */
  readonly isLeftOut?: boolean
  rows(): Iterable<Row>
}

/**
 * A run as tidy tables: trials, workers, what probes observed, and samples, one observation a row
 * (docs/formats.md).
 *
 * @param samplesOf the samples of a trial, `t_ms` from the release of the barrier
 */
export function csvTables(
  run: Run,
  samplesOf: (trialId: number) => Iterable<Sample>,
): readonly CsvTable[] {
  const configurations = new Map(run.configurations.map((each) => [each.id, each]))
  const origin = (trial: Trial): Row => ({
    run_id: run.id,
    ...configurationCells(configurations.get(trial.configuration_id) as Configuration),
    trial_index: trial.index,
    warm_up: trial.warm_up,
    trial_status: trial.status,
  })
  return [
    {
      name: 'trials.csv',
      columns: [
        ...originColumns,
        'parameters',
        'runtime',
        'run_label',
        'ordinal',
        'started_at',
        'reason',
        'tasks_done',
        'memory_basis',
        ...metricKeys,
      ],
      *rows() {
        for (const trial of run.trials) {
          const configuration = configurations.get(trial.configuration_id) as Configuration
          yield {
            ...origin(trial),
            parameters: parametersCell(configuration),
            runtime: configuration.runtime,
            run_label: run.label,
            ordinal: trial.ordinal,
            started_at: trial.started_at,
            reason: trial.reason,
            tasks_done: trial.tasks_done,
            memory_basis: trial.memory_basis,
            ...trial.metrics,
          }
        }
      },
    },
    {
      name: 'workers.csv',
      columns: [...originColumns, ...workerColumns],
      *rows() {
        for (const trial of run.trials) {
          for (const { index, ...worker } of trial.workers) {
            yield { ...origin(trial), worker: index, ...worker }
          }
        }
      },
    },
    {
      name: 'observations.csv',
      isLeftOut: run.trials.every(({ observations }) => observations === null),
      columns: [...originColumns, 'parameters', 'observation', 'value'],
      *rows() {
        for (const trial of run.trials) {
          const configuration = configurations.get(trial.configuration_id) as Configuration
          const cells = { ...origin(trial), parameters: parametersCell(configuration) }
          for (const [observation, value] of Object.entries(trial.observations ?? {})) {
            yield { ...cells, observation, value }
          }
        }
      },
    },
    {
      name: 'samples.csv',
      columns: [
        ...originColumns,
        't_ms',
        'dt_ms',
        'source',
        'subject',
        'subject_id',
        ...sampleVariables,
      ],
      *rows() {
        for (const trial of run.trials) {
          const cells = origin(trial)
          for (const sample of samplesOf(trial.id)) yield* sampleRows(sample, cells)
        }
      },
    },
  ]
}

const originColumns = [
  'run_id',
  'configuration_id',
  'workload',
  'model',
  'workers',
  'scheduling',
  'variant',
  'trial_index',
  'warm_up',
  'trial_status',
] as const

const workerColumns = [
  'worker',
  'process_id',
  'thread_id',
  'os_thread_id',
  'tasks',
  'busy_ms',
  'cpu_ms',
  'spawn_ms',
  'teardown_ms',
  'rss_bytes',
  'pss_bytes',
  'uss_bytes',
  'heap_used_bytes',
  'voluntary_switches',
  'involuntary_switches',
  'migrations',
] as const

function configurationCells(configuration: Configuration): Row {
  const { id, workload, model, workers, scheduling, variant } = configuration
  return { configuration_id: id, workload, model, workers, scheduling, variant }
}

function parametersCell({ parameters }: Configuration): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

/** One row for each subject that the sample has something of. */
function* sampleRows(sample: Sample, cells: Row): Generator<Row> {
  const rows = new Map<string, Record<string, Cell>>()
  for (const [series, value] of Object.entries(sample.values)) {
    if (value === undefined) continue
    const { subject, number, variable } = parseSeries(series as SampleSeries)
    const key = `${subject} ${number}`
    let row = rows.get(key)
    if (row === undefined) {
      row = {
        ...cells,
        t_ms: rounded(sample.t_ms),
        dt_ms: rounded(sample.dt_ms),
        source: sample.stream,
        subject,
        subject_id: number,
      }
      rows.set(key, row)
    }
    row[variable] = variable.endsWith('_bytes') ? value : rounded(value)
  }
  yield* rows.values()
}

/** To a millionth: below what any of our clocks and counters resolve. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6
}

/** A table as text: RFC 4180 (CRLF, quotes where needed), UTF-8. */
export function csvStream({ columns, rows }: CsvTable): Readable {
  const text = stringify({
    header: true,
    columns: [...columns],
    record_delimiter: '\r\n',
    // Everything at which a reader or a spreadsheet may begin a new cell.
    quoted_match: /[\r\n\t;]/,
    cast: { string: harmless, boolean: String },
  })
  // Whoever reads sees the error of what is read from, and ends that by going away.
  return pipeline(Readable.from(rows()), text, () => {})
}

/**
 * Writes tables into a folder, made where there is none. Each file takes its name only when it is
 * whole.
 *
 * @throws Error of the file system
 */
export async function writeCsv(tables: readonly CsvTable[], folder: string): Promise<string[]> {
  makeFolder(folder)
  const written: string[] = []
  for (const table of tables) {
    if (table.isLeftOut) continue
    const path = join(folder, table.name)
    await writeWhole(csvStream(table), path)
    written.push(path)
  }
  return written
}

/**
 * A text that a spreadsheet would take for a formula, with an apostrophe before it, as OWASP's "CSV
 * Injection" advises. Numbers are not texts and stay as they are.
 */
function harmless(text: string): string {
  return text
    .replace(/(^|[\r\n;\t])(?=[=+\-@\uff0b\uff0d\uff1d\uff20])/g, "$1'")
    .replace(/^[\t\r\n]/, "'$&")
}
