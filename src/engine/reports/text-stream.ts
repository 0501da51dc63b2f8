import { Readable } from 'node:stream'

/** Characters that go out together: a piece alone costs more to hand on than to make. */
const batchLength = 128 * 1024

/** Pieces of a text as a stream; no more is made than is taken. */
export function textStream(pieces: Iterable<string>): Readable {
  return Readable.from(batches(pieces), { highWaterMark: 2 })
}

function* batches(pieces: Iterable<string>): Generator<Buffer> {
  let batch = ''
  for (const piece of pieces) {
    batch += piece
    if (batch.length < batchLength) continue
    yield Buffer.from(batch)
    batch = ''
  }
  if (batch !== '') yield Buffer.from(batch)
}
