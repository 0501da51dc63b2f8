import { describe, expect, it } from 'vitest'
import { isOwnerAlive, thisOwner } from '../../src/engine/storage/liveness.ts'
import { packSamples, unpackSamples } from '../../src/engine/storage/sample-codec.ts'
import type { SampleSeries } from '../../src/shared/model/sample.ts'
import { randomNumbers } from '../../src/shared/random.ts'
import { timedRows } from '../support/timed-rows.ts'

describe('packed samples', () => {
  it('come back to the last digit, gaps included', () => {
    const samples = [
      { t_ms: -12.345678, dt_ms: 0, values: { 'machine.memory_used_bytes': 123_456_789_012 } },
      { t_ms: 250.1, dt_ms: 262.4, values: { 'core.0.busy': 1 / 3, 'core.1.busy': 0 } },
      { t_ms: 500, dt_ms: 249.9, values: {} },
    ] as const
    expect(unpackSamples(packSamples(timedRows(samples)))).toEqual(samples)
  })

  it('may be none', () => {
    expect(unpackSamples(packSamples([]))).toEqual([])
  })

  it('of 64 cores and 64 workers at 10 Hz take less than 80 MB an hour', () => {
    const next = randomNumbers(1)
    const second = Array.from({ length: 10 }, (_, tick) => {
      const values: Partial<Record<SampleSeries, number>> = {}
      for (let core = 0; core < 64; core++) {
        values[`core.${core}.busy`] = Math.round((next() / 2 ** 32) * 10) / 10.037
      }
      for (let worker = 0; worker < 64; worker++) {
        values[`worker.${worker}.tasks_done`] = tick * 17 + (next() % 20)
        values[`worker.${worker}.cpu_share`] = 0.9 + next() / 2 ** 36
        values[`worker.${worker}.rss_bytes`] = 50_000_000 + 4096 * (next() % 100)
        values[`worker.${worker}.heap_used_bytes`] = 5_000_000 + 8 * (next() % 100_000)
      }
      return { t_ms: tick * 100.017, dt_ms: 100.017, values }
    })
    expect(packSamples(timedRows(second)).length * 3600).toBeLessThan(80e6)
  })
})

describe('the owner of a run', () => {
  const now = 1_000_000

  it('is alive while its process is, however long it has been silent', () => {
    expect(isOwnerAlive(thisOwner(), 0, now)).toBe(true)
  })

  it('is gone when its process is, however lately it was heard of', () => {
    const owner = { ...thisOwner(), processId: 2 ** 22 + 1 }
    expect(isOwnerAlive(owner, now, now)).toBe(false)
  })

  it.runIf(process.platform === 'linux')('is gone when its number is somebody else’s now', () => {
    const owner = { ...thisOwner(), birth: 'another boot 1' }
    expect(isOwnerAlive(owner, now, now)).toBe(false)
  })

  it('of another machine is believed while it gives signs of life', () => {
    const owner = { processId: 1, birth: null, hostname: 'elsewhere' }
    expect(isOwnerAlive(owner, now - 1000, now)).toBe(true)
    expect(isOwnerAlive(owner, now - 3_600_000, now)).toBe(false)
  })
})
