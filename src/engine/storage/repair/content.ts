import { unpackOverview } from '../overview-codec.ts'
import { unpackSamples } from '../sample-codec.ts'
import { unpackTaskSpans } from '../task-span-codec.ts'
import type { Row } from './readable-rows.ts'

/** Columns that hold JSON, whatever the table. */
const jsonColumns = ['plan', 'parameters', 'document', 'observations']

/**
 * Whether what a row holds can be read. SQLite finds a page that has lost its form, but not one that
 * holds a piece of a long value, of which only the content is wrong.
 */
export function isContentReadable(table: string, row: Row): boolean {
  try {
    for (const name of jsonColumns) {
      const text = row[name]
      if (typeof text === 'string') JSON.parse(text)
    }
    if (table === 'sample_chunks') return unpackSamples(row.data as Buffer).length === row.samples
    if (table === 'overviews') unpackOverview(row.data as Buffer)
    if (table === 'task_spans') unpackTaskSpans(row.data as Buffer)
    return true
  } catch {
    return false
  }
}
