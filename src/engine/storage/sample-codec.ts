import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Sample, SampleSeries } from '../../shared/model/sample.ts'
import type { SampleColumns } from '../../shared/sample-columns.ts'
import type { TimedRow } from '../../shared/sample-row.ts'

/*
 * Some samples of one stream as one blob. Neighbouring samples differ little, so that columns of
 * doubles, their bytes sorted by significance, deflate well:
 *
 *   deflate( u32 length of header | header | bytes 0 of all values, bytes 1 of all values … )
 *
 * The header is JSON: { samples, series }. The values are little-endian doubles, column by column:
 * first t_ms, then dt_ms, then the series in the header's order. NaN stands for "not read".
 */

/** The lowest level: the higher ones take three times as long for a tenth less. */
const forMuch = { level: 1 }
/** What is small needs no tables of 256 KiB: to clear them took longer than to pack. */
const forLittle = { level: 1, windowBits: 12, memLevel: 5, chunkSize: 8192 }
const smallBytes = 16_384

/** The times are taken as they are given: relative to whatever the caller has chosen. */
export function packSamples(samples: readonly TimedRow[]): Buffer {
  const series = seriesOf(samples)
  const columns = [
    samples.map(({ t_ms }) => t_ms),
    samples.map(({ dt_ms }) => dt_ms),
    ...columnsOf(samples, series),
  ]
  const header = Buffer.from(JSON.stringify({ samples: samples.length, series }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(header.length)
  const values = Buffer.from(Float64Array.from(columns.flat()).buffer)
  const plain = Buffer.concat([length, header, transposed(values, 8)])
  return deflateRawSync(plain, plain.length > smallBytes ? forMuch : forLittle)
}

/** Mostly all samples have the same list. */
function seriesOf(samples: readonly TimedRow[]): readonly SampleSeries[] {
  const lists = new Set(samples.map(({ series }) => series))
  const [only] = lists
  return lists.size === 1 && only !== undefined
    ? only
    : [...new Set([...lists].flatMap((list) => [...list]))]
}

function columnsOf(samples: readonly TimedRow[], series: readonly SampleSeries[]): number[][] {
  const columns = series.map(() => new Array<number>(samples.length).fill(Number.NaN))
  const place = new Map(series.map((name, at) => [name, at]))
  samples.forEach((sample, row) => {
    sample.series.forEach((name, at) => {
      const column = sample.series === series ? at : (place.get(name) as number)
      ;(columns[column] as number[])[row] = sample.values[at] as number
    })
  })
  return columns
}

/** More than any chunk of ours comes to, unpacked. */
const mostBytes = 256 * 1024 * 1024

/** @throws Error where the blob is not one of `packSamples` */
export function unpackSamples(data: Buffer): Omit<Sample, 'stream'>[] {
  const { t_ms, dt_ms, series, values } = unpackColumns(data)
  return Array.from({ length: t_ms.length }, (_, row) => {
    const read: Partial<Record<SampleSeries, number>> = {}
    series.forEach((name, index) => {
      const value = values[index]?.[row] as number
      if (!Number.isNaN(value)) read[name] = value
    })
    return { t_ms: t_ms[row] as number, dt_ms: dt_ms[row] as number, values: read }
  })
}

/** @throws Error where the blob is not one of `packSamples` */
export function unpackColumns(data: Buffer): Omit<SampleColumns, 'stream'> {
  const bytes = inflateRawSync(data, { maxOutputLength: mostBytes })
  const headerEnd = 4 + bytes.readUInt32LE(0)
  const header = JSON.parse(bytes.toString('utf8', 4, headerEnd)) as {
    samples: number
    series: SampleSeries[]
  }
  const shuffled = bytes.subarray(headerEnd)
  const plain = transposed(shuffled, shuffled.length / 8)
  const column = (index: number) =>
    Float64Array.from({ length: header.samples }, (_, row) =>
      plain.readDoubleLE(8 * (index * header.samples + row)),
    )
  return {
    t_ms: column(0),
    dt_ms: column(1),
    series: header.series,
    values: header.series.map((_, index) => column(index + 2)),
  }
}

/** Bytes read as rows of `width`, written column after column. */
function transposed(bytes: Buffer, width: number): Buffer {
  const result = Buffer.allocUnsafe(bytes.length)
  const height = bytes.length / width
  for (let row = 0, from = 0; row < height; row++) {
    for (let column = 0; column < width; column++, from++) {
      result[column * height + row] = bytes[from] as number
    }
  }
  return result
}
