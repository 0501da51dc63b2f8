import { join } from 'node:path'
import type { Comparison } from '../../shared/model/comparison.ts'
import { metricKeys } from '../../shared/model/metric.ts'
import type { Configuration, ConfigurationSummary, Run, Trial } from '../../shared/model/run.ts'
import type { RecordedSamples } from '../../shared/recorded.ts'
import { makeFolder } from '../folder.ts'
import { comparisonColumns, runComparisonRows } from './comparison-csv.ts'
import { originCells, originColumns, parametersCell } from './csv-cells.ts'
import { cellText, lineEnd, type Row, rowText } from './csv-text.ts'
import { sampleColumns, samplesText } from './samples-csv.ts'
import { textStream } from './text-stream.ts'
import { writeAllWhole } from './whole-file.ts'

export interface CsvTable {
  /** Name of the file. */
  readonly name: string
  readonly columns: readonly string[]
  /** There is nothing in it: not written where all are. */
  readonly isLeftOut?: boolean
  /** Its rows as they are written, some at a time. */
  lines(): Iterable<string>
}

/** What a run's tables are made of beside the run. */
export interface TableSources {
  readonly summaries: readonly ConfigurationSummary[]
  readonly comparison: Comparison
  /** Samples of a trial, times from its start. */
  samples(trialId: number): Iterable<RecordedSamples>
}

/**
 * A run as tidy tables: trials, workers, what probes observed, samples, and the models beside each
 * other, one observation a row (docs/formats.md).
 */
export function csvTables(
  run: Run,
  { summaries, comparison, samples }: TableSources,
): readonly CsvTable[] {
  const configurations = new Map(run.configurations.map((each) => [each.id, each]))
  const configurationOf = (trial: Trial) =>
    configurations.get(trial.configuration_id) as Configuration
  const origin = (trial: Trial): Row => originCells(run, configurationOf(trial), trial)
  return [
    table('trials.csv', trialColumns, function* () {
      for (const trial of run.trials) {
        const configuration = configurationOf(trial)
        yield {
          ...origin(trial),
          parameters: parametersCell(configuration),
          run_label: run.label,
          ordinal: trial.ordinal,
          started_at: trial.started_at,
          reason: trial.reason,
          tasks_done: trial.tasks_done,
          memory_basis: trial.memory_basis,
          ...trial.metrics,
        }
      }
    }),
    table('workers.csv', [...originColumns, ...workerColumns], function* () {
      for (const trial of run.trials) {
        for (const { index, ...worker } of trial.workers) {
          yield { ...origin(trial), worker: index, ...worker }
        }
      }
    }),
    {
      ...table('observations.csv', observationColumns, function* () {
        for (const trial of run.trials) {
          const cells = { ...origin(trial), parameters: parametersCell(configurationOf(trial)) }
          for (const [observation, value] of Object.entries(trial.observations ?? {})) {
            yield { ...cells, observation, value }
          }
        }
      }),
      isLeftOut: run.trials.every(({ observations }) => observations === null),
    },
    {
      ...table('comparison.csv', comparisonColumns, () =>
        runComparisonRows(run, summaries, comparison),
      ),
      isLeftOut: comparison.comparisons.length === 0,
    },
    {
      name: 'samples.csv',
      columns: [...originColumns, ...sampleColumns],
      *lines() {
        for (const trial of run.trials) {
          const cells = origin(trial)
          const text = originColumns.map((column) => cellText(cells[column])).join(',')
          for (const chunk of samples(trial.id)) {
            yield* samplesText(chunk, text, trial.released_ms ?? 0)
          }
        }
      },
    },
  ]
}

/** A table of few rows, each by the names of its cells. */
export function table(
  name: string,
  columns: readonly string[],
  rows: () => Iterable<Row>,
): CsvTable {
  return {
    name,
    columns,
    *lines() {
      for (const row of rows()) yield rowText(row, columns)
    },
  }
}

const trialColumns = [
  ...originColumns,
  'parameters',
  'run_label',
  'ordinal',
  'started_at',
  'reason',
  'tasks_done',
  'memory_basis',
  ...metricKeys,
]

const observationColumns = [...originColumns, 'parameters', 'observation', 'value']

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

/** A table as text: RFC 4180 (CRLF, quotes where needed), UTF-8. */
export function* csvText({ columns, lines }: CsvTable): Generator<string> {
  yield columns.join(',') + lineEnd
  yield* lines()
}

/**
 * Writes tables into a folder, made where there is none. The files take their names together, when the
 * last of them is whole.
 *
 * @throws Error of the file system, or where the signal is aborted
 */
export async function writeCsv(
  tables: readonly CsvTable[],
  folder: string,
  signal?: AbortSignal,
): Promise<string[]> {
  makeFolder(folder)
  const files = tables
    .filter(({ isLeftOut }) => !isLeftOut)
    .map((each) => ({ each, path: join(folder, each.name) }))
  await writeAllWhole(
    files.map(({ each, path }) => () => ({ path, source: textStream(csvText(each)) })),
    signal,
  )
  return files.map(({ path }) => path)
}
