import { Readable } from 'node:stream'
import type { ExportForm } from '../../shared/contract.ts'
import type { Comparison } from '../../shared/model/comparison.ts'
import type { Findings } from '../../shared/model/findings.ts'
import type { ConfigurationSummary, Run } from '../../shared/model/run.ts'
import type { Sample } from '../../shared/model/sample.ts'
import { csvStream, csvTables } from './csv.ts'
import { runDocument } from './run-document.ts'

/** A run in one of its forms, as a stream of text. */
export function exportStream(
  run: Run,
  summaries: readonly ConfigurationSummary[],
  comparison: Comparison,
  findings: Findings | null,
  samplesOf: (trialId: number) => Iterable<Sample>,
  form: ExportForm,
): Readable {
  if (form === 'run.json') {
    return Readable.from([
      `${JSON.stringify(runDocument(run, summaries, comparison, findings), null, 2)}\n`,
    ])
  }
  const table = csvTables(run, samplesOf).find(({ name }) => name === form)
  return csvStream(table as NonNullable<typeof table>)
}
