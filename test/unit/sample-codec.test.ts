import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { packSamples, unpackColumns, unpackSamples } from '../../src/engine/storage/sample-codec.ts'
import {
  parseSeries,
  type Sample,
  type SampleSeries,
  sampleVariables,
} from '../../src/shared/model/sample.ts'
import { randomNumbers } from '../../src/shared/random.ts'
import { RowBuilder, type TimedRow } from '../../src/shared/sample-row.ts'
import { oldChunk } from '../support/old-chunk.ts'
import { timedRows } from '../support/timed-rows.ts'

type Unpacked = Omit<Sample, 'stream'>

const shares = ['busy', 'workers_busy', 'cpu_share']
/** Half of what is kept of a share, and of a time in ms; a little more for the digits of a double. */
const shareError = 0.5e-4 * 1.000001
const timeError = 0.5e-3 * 1.000001

const packed = (samples: readonly Unpacked[]) => unpackSamples(packSamples(timedRows(samples)))

/** Rows of every variable there is, of some subjects, each value sometimes not read and sometimes not told of. */
function randomRows(seed: number): TimedRow[] {
  const next = randomNumbers(seed)
  const chance = (of: number) => next() % of === 0
  const firstProcess = next() % 4_000_000
  const names = sampleVariables.flatMap((variable): SampleSeries[] => [
    `tree.${variable}`,
    ...[0, 1, 2, 3, 7].map((core) => `core.${core}.${variable}` as const),
    ...[9, 0, 5].map((gap) => `process.${firstProcess + gap}.${variable}` as const),
  ])
  const builder = new RowBuilder()
  const isEven = chance(2)
  return Array.from({ length: next() % 30 }, (_, row) => {
    for (const name of names) {
      if (!isEven && chance(5)) continue
      const isShare = shares.includes(parseSeries(name).variable)
      const whole = (next() % 2 ** 21) * (chance(3) ? 2 ** 20 : 4096)
      const value = isShare ? (next() / 2 ** 32) * (chance(9) ? 64 : 1) : whole
      builder.put(name, chance(7) ? Number.NaN : value)
    }
    const t_ms = 100 * row + next() / 2 ** 32 - 300
    return { t_ms, dt_ms: next() / 2 ** 25, ...builder.take() }
  })
}

/** By how much a row differs from what came back of it, and how many values were lost or made up. */
function errorsOf(row: TimedRow, back: Unpacked) {
  const errors = { time: 0, share: 0, whole: 0, untold: 0 }
  const differs = (kind: keyof typeof errors, by: number) => {
    // Not a number is no agreement.
    errors[kind] = Math.max(errors[kind], Number.isNaN(by) ? Infinity : Math.abs(by))
  }
  differs('time', row.t_ms - back.t_ms)
  differs('time', row.dt_ms - back.dt_ms)
  let told = 0
  row.series.forEach((name, at) => {
    const value = row.values[at] as number
    if (Number.isNaN(value)) return
    told++
    const isShare = shares.includes(parseSeries(name).variable)
    differs(isShare ? 'share' : 'whole', value - (back.values[name] ?? Number.NaN))
  })
  differs('untold', Object.keys(back.values).length - told)
  return errors
}

describe('packed samples', () => {
  it('come back as they were, whatever they are: integers exactly, shares to 1e-4, times to 1 µs', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const rows = randomRows(seed)
      const back = unpackSamples(packSamples(rows))
      expect(back.length).toBe(rows.length)
      const errors = rows.map((row, index) => errorsOf(row, back[index] as Unpacked))
      const worst = (kind: keyof (typeof errors)[number]) =>
        Math.max(0, ...errors.map((each) => each[kind]))
      expect([worst('whole'), worst('untold')]).toEqual([0, 0])
      expect(worst('share')).toBeLessThan(shareError)
      expect(worst('time')).toBeLessThan(timeError)
      // What has come back once comes back the same again: a copy of a copy loses nothing.
      expect(packed(back)).toEqual(back)
    }
  })

  it('of elsewhere come back to the last digit', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const rows = randomRows(seed)
      const back = unpackSamples(packSamples(rows, true))
      const errors = rows.map((row, index) => errorsOf(row, back[index] as Unpacked))
      expect(errors).toEqual(rows.map(() => ({ time: 0, share: 0, whole: 0, untold: 0 })))
    }
  })

  it('are exact where a value is none of those that are usual', () => {
    const samples: Unpacked[] = [
      {
        t_ms: 1e300,
        dt_ms: 1 / 3,
        values: {
          'core.0.busy': 1 / 3,
          'core.1.busy': 1e200,
          'worker.0.heap_used_bytes': 0.5,
          'worker.0.rss_bytes': 12,
          'worker.1.rss_bytes': -(2 ** 53 - 1),
          'tree.cpu_share': Number.POSITIVE_INFINITY,
          'worker.0.tasks_done': -7,
          'machine.memory_used_bytes': 2 ** 49 + 1,
        },
      },
      { t_ms: 2e300, dt_ms: 0, values: { 'core.0.busy': -1e-9 } },
    ]
    const [first, second] = packed(samples)
    expect(first).toEqual({ ...samples[0], dt_ms: 0.333 })
    expect(second).toEqual(samples[1])
  })

  it('may be none, and may tell of nothing', () => {
    expect(packed([])).toEqual([])
    const silent = [{ t_ms: 1, dt_ms: 1, values: {} }]
    expect(packed(silent)).toEqual(silent)
  })

  it('keep the order of processes, of which the first is the host', () => {
    const values = {
      'process.900.rss_bytes': 1,
      'process.20.rss_bytes': 2,
      'process.21.rss_bytes': 3,
    }
    const { series } = unpackColumns(packSamples(timedRows([{ t_ms: 0, dt_ms: 0, values }])))
    expect(series).toEqual(Object.keys(values))
  })

  it('of before there were versions are read to the last digit', () => {
    const samples: Unpacked[] = [
      { t_ms: -12.345678, dt_ms: 0, values: { 'machine.memory_used_bytes': 123_456_789_012 } },
      { t_ms: 250.1, dt_ms: 262.4, values: { 'core.0.busy': 1 / 3, 'core.1.busy': 0 } },
      { t_ms: 500, dt_ms: 249.9, values: {} },
    ]
    expect(unpackSamples(oldChunk(samples))).toEqual(samples)
    expect(unpackSamples(oldChunk([]))).toEqual([])
  })

  it('that are damaged are refused, not misread for ever', () => {
    const whole = packSamples(randomRows(3))
    for (let length = 0; length < whole.length; length += 3) {
      expect(() => unpackSamples(whole.subarray(0, length))).toThrow(Error)
    }
    // Also one that is whole as a deflated stream, but holds too little.
    const plain = inflateRawSync(whole.subarray(1))
    for (let length = 0; length < plain.length; length += 11) {
      const short = deflateRawSync(plain.subarray(0, length))
      expect(() => unpackSamples(Buffer.concat([whole.subarray(0, 1), short]))).toThrow(Error)
    }
    const next = randomNumbers(5)
    for (let turn = 0; turn < 300; turn++) {
      const damaged = Buffer.from(whole)
      damaged[next() % damaged.length] = next() % 256
      try {
        unpackSamples(damaged)
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
      }
    }
  })
})
