import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Sample, SampleSeries } from '../../shared/model/sample.ts'
import type { TimedRow } from '../../shared/sample-row.ts'
import { ByteReader, ByteWriter } from './byte-stream.ts'
import { readNumbers, writeNumbers } from './number-codec.ts'
import { unpackOldSamples } from './old-sample-codec.ts'
import type { SampleColumns } from './sample-columns.ts'
import { arranged, readArrangement, writeArrangement } from './series-codec.ts'

/*
 * Some samples of one stream as one blob (docs/decisions/0018):
 *
 *   version | deflate( number of samples | series | t_ms | dt_ms | a block of numbers for each variable )
 *
 * Series are told by variable (series-codec.ts), numbers as differences in whole multiples of what their
 * variable can resolve (number-codec.ts).
 */

/** No deflated blob begins with it: bits 1 and 2 of that name a kind of block, and there is none of 3. */
const version2 = (2 << 3) | 6

/** Times are kept in µs. */
const timeDigits = 3

/** The lowest level: the higher ones take three times as long for a tenth less. */
const forMuch = { level: 1 }
/** What is small needs no tables of 256 KiB: to clear them took longer than to pack. */
const forLittle = { level: 1, windowBits: 12, memLevel: 5, chunkSize: 8192 }
const smallBytes = 16_384

/** More than any chunk of ours comes to, unpacked. */
const mostBytes = 256 * 1024 * 1024

/**
 * The times are taken as they are given: relative to whatever the caller has chosen.
 *
 * @param isExact nothing is rounded: for samples of elsewhere, which may have been kept in full
 */
export function packSamples(samples: readonly TimedRow[], isExact = false): Buffer {
  const rows = samples.length
  const series = seriesOf(samples)
  const { groups, places } = arranged(series)
  const values = valuesOf(samples, series, places)
  const to = new ByteWriter()
  to.varint(rows)
  writeArrangement(to, groups)
  writeNumbers(
    to,
    Float64Array.from(samples, ({ t_ms }) => t_ms),
    rows,
    timeDigits,
    isExact,
  )
  writeNumbers(
    to,
    Float64Array.from(samples, ({ dt_ms }) => dt_ms),
    rows,
    timeDigits,
    isExact,
  )
  let from = 0
  for (const { numbers, digits } of groups) {
    const end = from + numbers.length * rows
    writeNumbers(to, values.subarray(from, end), rows, digits, isExact)
    from = end
  }
  const plain = to.finished()
  const packed = deflateRawSync(plain, plain.length > smallBytes ? forMuch : forLittle)
  return Buffer.concat([Buffer.of(version2), packed])
}

/** @throws Error where the blob is not one of `packSamples`, of today or of before */
export function unpackColumns(data: Buffer): SampleColumns {
  if (data[0] !== version2) return unpackOldSamples(data, mostBytes)
  const from = new ByteReader(inflateRawSync(data.subarray(1), { maxOutputLength: mostBytes }))
  const rows = from.varint()
  const groups = readArrangement(from)
  const width = groups.reduce((sum, { series }) => sum + series.length, 2)
  if (rows * width > mostBytes / 8) throw new Error('it is larger than any chunk can be')
  const t_ms = readNumbers(from, rows, rows)
  const dt_ms = readNumbers(from, rows, rows)
  const columns = groups.flatMap(({ series }) => {
    const values = readNumbers(from, series.length * rows, rows)
    return series.map((_, column) => values.subarray(column * rows, (column + 1) * rows))
  })
  return { t_ms, dt_ms, series: groups.flatMap(({ series }) => series), columns }
}

/** @throws Error where the blob is not one of `packSamples`, of today or of before */
export function unpackRows(data: Buffer): TimedRow[] {
  const { t_ms, dt_ms, series, columns } = unpackColumns(data)
  const rows = Array.from(t_ms, (t, row) => ({
    t_ms: t,
    dt_ms: dt_ms[row] as number,
    series,
    values: new Float64Array(series.length),
  }))
  columns.forEach((column, at) => {
    for (let row = 0; row < column.length; row++) {
      ;(rows[row] as (typeof rows)[number]).values[at] = column[row] as number
    }
  })
  return rows
}

/** @throws Error where the blob is not one of `packSamples`, of today or of before */
export function unpackSamples(data: Buffer): Omit<Sample, 'stream'>[] {
  const { t_ms, dt_ms, series, columns } = unpackColumns(data)
  return Array.from(t_ms, (t, row) => {
    const values: Partial<Record<SampleSeries, number>> = {}
    for (let at = 0; at < series.length; at++) {
      const value = (columns[at] as Float64Array)[row] as number
      if (!Number.isNaN(value)) values[series[at] as SampleSeries] = value
    }
    return { t_ms: t, dt_ms: dt_ms[row] as number, values }
  })
}

/** A time as a chunk gives it back; null for none. */
export function keptTime(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 10 ** timeDigits) / 10 ** timeDigits
}

/** Mostly all samples have the same list. */
function seriesOf(samples: readonly TimedRow[]): readonly SampleSeries[] {
  const lists = new Set(samples.map(({ series }) => series))
  const [only] = lists
  return lists.size === 1 && only !== undefined
    ? only
    : [...new Set([...lists].flatMap((list) => [...list]))]
}

/** Column after column, in the order in which they are arranged. */
function valuesOf(
  samples: readonly TimedRow[],
  series: readonly SampleSeries[],
  places: Int32Array,
): Float64Array {
  const rows = samples.length
  const values = new Float64Array(series.length * rows).fill(Number.NaN)
  let placeOf: Map<SampleSeries, number> | undefined
  samples.forEach((sample, row) => {
    const isWhole = sample.series === series
    if (!isWhole) placeOf ??= new Map(series.map((name, at) => [name, places[at] as number]))
    for (let at = 0; at < sample.series.length; at++) {
      const column = isWhole
        ? (places[at] as number)
        : (placeOf?.get(sample.series[at] as SampleSeries) as number)
      values[column * rows + row] = sample.values[at] as number
    }
  })
  return values
}
