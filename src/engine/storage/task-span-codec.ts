import { deflateRawSync, inflateRawSync } from 'node:zlib'

/*
 * When each task of a worker began and ended, as one blob: for each in turn the pause before it and its
 * length, in tenths of a microsecond, as little-endian base-128 numbers; deflated. Finer than the clocks
 * of two processes agree, and a fourth of what doubles take.
 */

const unitsPerMs = 1e4

/** More than any worker's spans come to, unpacked. */
const mostBytes = 64 * 1024 * 1024

/**
 * @param starts in ms from the start of the trial; no task begins before the one before it has ended
 */
export function packTaskSpans(starts: ArrayLike<number>, ends: ArrayLike<number>): Buffer {
  const bytes: number[] = []
  const put = (value: number): void => {
    let rest = Math.max(0, value)
    while (rest >= 128) {
      bytes.push((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    bytes.push(rest)
  }
  let before = 0
  for (let at = 0; at < starts.length; at++) {
    const start = Math.max(before, Math.round((starts[at] as number) * unitsPerMs))
    const end = Math.max(start, Math.round((ends[at] as number) * unitsPerMs))
    put(start - before)
    put(end - start)
    before = end
  }
  return deflateRawSync(Buffer.from(bytes))
}

/** @throws Error where the blob is not one of `packTaskSpans` */
export function unpackTaskSpans(data: Buffer): {
  readonly starts_ms: readonly number[]
  readonly ends_ms: readonly number[]
} {
  const bytes = inflateRawSync(data, { maxOutputLength: mostBytes })
  const starts_ms: number[] = []
  const ends_ms: number[] = []
  let units = 0
  let value = 0
  let scale = 1
  let isStart = true
  for (const byte of bytes) {
    value += (byte % 128) * scale
    scale *= 128
    if (byte >= 128) continue
    units += value
    ;(isStart ? starts_ms : ends_ms).push(units / unitsPerMs)
    isStart = !isStart
    value = 0
    scale = 1
  }
  return { starts_ms, ends_ms }
}
