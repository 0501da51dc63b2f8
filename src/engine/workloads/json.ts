import { crc32 } from 'node:zlib'
import { randomNumbers } from '../../shared/random.ts'
import { crc32BitByBit } from './crc32.ts'
import { defineWorkload, garbageBytes } from './workload.ts'

/** Documents that differ: what a task writes is not what it has read. */
const visits = 4

export default defineWorkload({
  name: 'json',
  kind: 'cpu',
  description: 'parses a nested document, changes it and writes it again: many small objects',
  parameters: {
    size_kib: {
      description: 'size of the document',
      unit: 'KiB',
      minimum: 1,
      maximum: 8192,
      default: 128,
      whole: true,
    },
  },
  needs: 'nothing',
  // The text, what is written, and the objects: measured with 8 MiB.
  memoryBytes: ({ size_kib }) => garbageBytes + 28 * size_kib * 1024,
  prepare({ size_kib }, { seed }) {
    const text = writtenDocument(size_kib * 1024, seed, -1)
    return {
      task(index) {
        const document = JSON.parse(text) as { visit: number }
        document.visit = index % visits
        return crc32(JSON.stringify(document))
      },
    }
  },
  /** The text is made up as it must come out, letter by letter, and neither parsed nor stringified. */
  expected: ({ size_kib }, seed) =>
    Array.from({ length: visits }, (_, visit) =>
      crc32BitByBit(Buffer.from(writtenDocument(size_kib * 1024, seed, visit))),
    ),
})

/** Words as JSON writes them, among them all that it has to escape. */
const words = ['core', 'thread', 'a \\"quoted\\" one', 'back\\\\slash', 'line\\nend', 'é', '→', '']
const literals = ['true', 'false', 'null', '0', '-17', '3.5', '-0.125', '1e+21', '1234567890123']

/**
 * A document of records that hold one another, in the form that `JSON.stringify` gives.
 *
 * @param size least length in characters; the last record is not cut
 */
export function writtenDocument(size: number, seed: number, visit: number): string {
  const next = randomNumbers(seed)
  const oneOf = (list: readonly string[]) => list[next() % list.length] as string
  const value = (depth: number): string => {
    const kind = next() % 8
    if (kind < 3) return `"${oneOf(words)}"`
    if (kind < 6 || depth === 0) return oneOf(literals)
    if (kind === 6) return `[${value(depth - 1)},${value(depth - 1)},[]]`
    return `{"of":${value(depth - 1)},"${oneOf(words)}":${value(depth - 1)},"none":{}}`
  }
  const records: string[] = []
  for (let length = 0; length < size; ) {
    const record = `{"id":${records.length},"name":"${oneOf(words)}","value":${value(5)}}`
    records.push(record)
    length += record.length + 1
  }
  return `{"visit":${visit},"records":[${records.join(',')}]}`
}
