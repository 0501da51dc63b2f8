import { deflateRawSync, inflateRawSync } from 'node:zlib'
import {
  type SeriesName,
  type TimelineData,
  timelineSeries,
  widthOf,
} from '../../shared/timeline-series.ts'
import { ByteReader, ByteWriter } from './byte-stream.ts'
import { readNumbers, writeNumbers } from './number-codec.ts'

/*
 * A trial over time as one blob:
 *
 *   version | deflate( cores | workers | readings of a slot | of the last slot | slots | number of series
 *                      | for each: length of its name, name, values of a slot, a block of numbers )
 *
 * Those of before there were versions are deflated JSON.
 */

/** No deflated blob begins with it (see sample-codec.ts). */
const version2 = (2 << 3) | 6

/** More than any overview of ours comes to, unpacked. */
const mostBytes = 256 * 1024 * 1024

export function packOverview(overview: TimelineData): Buffer {
  const to = new ByteWriter()
  const slots = overview.t.length
  const { cores, workers, slotReadings, inLastSlot } = overview
  for (const number of [cores, workers, slotReadings, inLastSlot, slots]) to.varint(number)
  const kept = timelineSeries.filter(({ name }) => overview[name] !== undefined)
  to.varint(kept.length)
  for (const series of kept) {
    const width = widthOf(series, overview)
    const name = Buffer.from(series.name)
    to.varint(name.length)
    for (const byte of name) to.byte(byte)
    to.varint(width)
    writeNumbers(to, asColumns(overview[series.name], slots, width), slots, series.digits)
  }
  return Buffer.concat([Buffer.of(version2), deflateRawSync(to.finished())])
}

/** @throws Error where the blob is not one of `packOverview`, of today or of before */
export function unpackOverview(data: Buffer): TimelineData {
  const inflated = (bytes: Buffer) => inflateRawSync(bytes, { maxOutputLength: mostBytes })
  if (data[0] !== version2) return JSON.parse(inflated(data).toString('utf8'))
  const from = new ByteReader(inflated(data.subarray(1)))
  const [cores, workers, slotReadings, inLastSlot] = [0, 1, 2, 3].map(() => from.varint()) as [
    number,
    number,
    number,
    number,
  ]
  const slots = from.varint()
  const series: Partial<Record<SeriesName, (number | null)[]>> = {}
  for (let left = from.varint(); left > 0; left--) {
    const length = from.varint()
    const at = from.take(length)
    const name = from.bytes.toString('latin1', at, at + length) as SeriesName
    const width = from.varint()
    if (slots * width > mostBytes / 8) throw new Error('it is larger than any overview can be')
    series[name] = asSlots(readNumbers(from, slots * width, slots), slots, width)
  }
  return {
    ...(series as Record<SeriesName, (number | null)[]>),
    cores,
    workers,
    slotReadings,
    inLastSlot,
  }
}

/** Slot after slot as core after core, or worker after worker: neighbours in time differ least. */
function asColumns(values: readonly (number | null)[], slots: number, width: number): Float64Array {
  const columns = new Float64Array(slots * width)
  for (let slot = 0, at = 0; slot < slots; slot++) {
    for (let column = 0; column < width; column++, at++) {
      columns[column * slots + slot] = values[at] ?? Number.NaN
    }
  }
  return columns
}

function asSlots(columns: Float64Array, slots: number, width: number): (number | null)[] {
  const values = new Array<number | null>(slots * width)
  for (let slot = 0, at = 0; slot < slots; slot++) {
    for (let column = 0; column < width; column++, at++) {
      const value = columns[column * slots + slot] as number
      values[at] = Number.isNaN(value) ? null : value
    }
  }
  return values
}
