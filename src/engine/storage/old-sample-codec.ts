import { inflateRawSync } from 'node:zlib'
import type { SampleSeries } from '../../shared/model/sample.ts'
import type { SampleColumns } from './sample-columns.ts'

/*
 * How samples were packed before there were versions:
 *
 *   deflate( u32 length of header | header | bytes 0 of all values, bytes 1 of all values … )
 *
 * The header is JSON: { samples, series }. The values are little-endian doubles, column by column:
 * first t_ms, then dt_ms, then the series in the header's order. NaN stands for "not read".
 */

/** @throws Error where the blob is none of these */
export function unpackOldSamples(data: Buffer, maxOutputLength: number): SampleColumns {
  const bytes = inflateRawSync(data, { maxOutputLength })
  const headerEnd = 4 + bytes.readUInt32LE(0)
  const { samples, series } = JSON.parse(bytes.toString('utf8', 4, headerEnd)) as {
    readonly samples: number
    readonly series: readonly SampleSeries[]
  }
  const planes = bytes.subarray(headerEnd)
  const count = samples * (series.length + 2)
  if (planes.length !== 8 * count) throw new Error('it is not as long as its header says')
  const values = Buffer.allocUnsafe(planes.length)
  for (let plane = 0, from = 0; plane < 8; plane++) {
    for (let at = plane; at < values.length; at += 8, from++) values[at] = planes[from] as number
  }
  const column = (index: number) =>
    Float64Array.from({ length: samples }, (_, row) =>
      values.readDoubleLE(8 * (index * samples + row)),
    )
  return {
    t_ms: column(0),
    dt_ms: column(1),
    series,
    columns: series.map((_, index) => column(index + 2)),
  }
}
