import type { ExportForm } from '../../shared/contract.ts'
import type { Comparison } from '../../shared/model/comparison.ts'
import type { Findings } from '../../shared/model/findings.ts'
import type { ConfigurationSummary, Run } from '../../shared/model/run.ts'
import type { RunComparison } from '../../shared/model/run-comparison.ts'
import { comparisonColumns, comparisonRows } from './comparison-csv.ts'
import { csvTables, csvText, table } from './csv.ts'
import { hyperfineDocument } from './hyperfine.ts'
import { jsonText } from './json-text.ts'
import { type RecordedOf, runDocument, wholeDocument } from './run-document.ts'
import { traceDocument } from './trace.ts'

/** A run, and what follows from its trials. */
export interface ExportedRun {
  readonly run: Run
  readonly summaries: readonly ConfigurationSummary[]
  readonly comparison: Comparison
  readonly findings: Findings | null
}

/** A run in one of the forms that are texts of figures, piece by piece; null where it is none of these. */
export function exportPieces(
  { run, summaries, comparison, findings }: ExportedRun,
  form: ExportForm,
  recorded: RecordedOf,
): Iterable<string> | null {
  switch (form) {
    case 'run.json': {
      const document = runDocument(run, summaries, comparison, findings)
      return withLineEnd(jsonText(wholeDocument(document, run, recorded)))
    }
    case 'trace.json':
      return withLineEnd(jsonText(traceDocument(run, recorded)))
    case 'hyperfine.json':
      return withLineEnd(jsonText(hyperfineDocument(run)))
    default: {
      const tables = csvTables(run, { summaries, comparison, samples: recorded.samples })
      const table = tables.find(({ name }) => name === form)
      return table === undefined ? null : csvText(table)
    }
  }
}

/** A comparison of saved configurations in one of these forms; null where it is none of them. */
export function comparisonPieces(
  comparison: RunComparison,
  form: ExportForm,
): Iterable<string> | null {
  switch (form) {
    case 'comparison.csv':
      return csvText(table(form, comparisonColumns, () => comparisonRows(comparison)))
    case 'comparison.json':
      return withLineEnd(jsonText({ format: 'corescope-comparison', version: 1, ...comparison }))
    default:
      return null
  }
}

function* withLineEnd(pieces: Iterable<string>): Generator<string> {
  yield* pieces
  yield '\n'
}
