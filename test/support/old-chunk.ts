import { deflateRawSync } from 'node:zlib'
import type { Sample, SampleSeries } from '../../src/shared/model/sample.ts'

/** Samples packed as they were before chunks had versions. */
export function oldChunk(samples: readonly Omit<Sample, 'stream'>[]): Buffer {
  const series = [
    ...new Set(samples.flatMap(({ values }) => Object.keys(values) as SampleSeries[])),
  ]
  const columns = [
    samples.map(({ t_ms }) => t_ms),
    samples.map(({ dt_ms }) => dt_ms),
    ...series.map((name) => samples.map(({ values }) => values[name] ?? Number.NaN)),
  ]
  const header = Buffer.from(JSON.stringify({ samples: samples.length, series }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(header.length)
  const values = Buffer.from(Float64Array.from(columns.flat()).buffer)
  const planes = Buffer.alloc(values.length)
  values.forEach((byte, at) => {
    planes[(at % 8) * (values.length / 8) + Math.floor(at / 8)] = byte
  })
  return deflateRawSync(Buffer.concat([length, header, planes]))
}
