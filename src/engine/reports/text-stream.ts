import { Readable } from 'node:stream'

/** Characters that go out together: a piece alone costs more to hand on than to make. */
const batchLength = 128 * 1024

/**
 * Pieces of a text as a stream; no more is made than is taken. Whatever ends the stream ends the making of
 * pieces before it closes, so that what they are read from can be closed then.
 */
export function textStream(pieces: Iterable<string>): Readable {
  const batches = batchesOf(pieces)
  let isMaking = false
  let whenMade: (() => void) | null = null
  return new Readable({
    highWaterMark: 2 * batchLength,
    read() {
      isMaking = true
      try {
        const { value, done } = batches.next()
        this.push(done ? null : value)
      } catch (error) {
        this.destroy(error as Error)
      } finally {
        isMaking = false
        whenMade?.()
      }
    },
    destroy(error, closed) {
      const end = () => {
        batches.return(undefined)
        closed(error)
      }
      // Ended by one who was told in the middle of a piece.
      if (isMaking) whenMade = end
      else end()
    },
  })
}

function* batchesOf(pieces: Iterable<string>): Generator<Buffer, undefined, undefined> {
  let batch = ''
  for (const piece of pieces) {
    batch += piece
    if (batch.length < batchLength) continue
    yield Buffer.from(batch)
    batch = ''
  }
  if (batch !== '') yield Buffer.from(batch)
  return undefined
}
