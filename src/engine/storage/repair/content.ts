import { inflateRawSync } from 'node:zlib'
import { unpackSamples } from '../sample-codec.ts'
import type { Row } from './readable-rows.ts'

/** Columns that hold JSON, whatever the table. */
const jsonColumns = ['plan', 'parameters', 'document', 'observations']

const mostOverviewBytes = 256 * 1024 * 1024

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
    if (table === 'overviews') {
      const plain = inflateRawSync(row.data as Buffer, { maxOutputLength: mostOverviewBytes })
      JSON.parse(plain.toString('utf8'))
    }
    return true
  } catch {
    return false
  }
}
