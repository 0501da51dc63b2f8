import { describe, expect, it } from 'vitest'
import { CoreShares, putWorkersByCore } from '../../src/engine/sampling/core-shares.ts'
import type { ThreadReading } from '../../src/engine/sampling/provider.ts'
import { RowBuilder, type SampleRow } from '../../src/shared/sample-row.ts'

const valuesOf = ({ series, values }: SampleRow) =>
  Object.fromEntries(series.map((name, at) => [name, values[at]]))

/** What one reading after the other puts into a row: the time between them, and the values. */
function watchCores() {
  const shares = new CoreShares()
  return (at: number, ...busyMs: readonly number[]) => {
    const row = new RowBuilder()
    const dt = shares.put({ at, busyMs, memoryUsedBytes: null }, row)
    return { dt, values: valuesOf(row.take()) }
  }
}

describe('how busy the cores were', () => {
  it('is known from the second reading on, by the time that was measured', () => {
    const read = watchCores()
    expect(read(1000, 500, 0)).toEqual({ dt: 0, values: {} })
    expect(read(1125, 600, 25)).toEqual({
      dt: 125,
      values: { 'core.0.busy': 0.8, 'core.1.busy': 0.2 },
    })
  })

  it('is at most 1, and what is over is in the next, so that the sum over time is right', () => {
    const read = watchCores()
    read(0, 0)
    // 110 and 90 ms are what ticks of 10 ms make of twice 100.
    const busy = [read(100, 110), read(200, 200), read(300, 260)]
    expect(busy.map(({ values }) => values['core.0.busy'])).toEqual([1, 1, 0.6])
    const sum = busy.reduce((total, { dt, values }) => total + dt * (values['core.0.busy'] ?? 0), 0)
    expect(sum).toBeCloseTo(260, 9)
  })

  it('is not known over an interval in which the number of cores changed', () => {
    const read = watchCores()
    read(0, 0, 0)
    // What was over goes with the cores it was of.
    read(100, 110, 110)
    expect(read(200, 200)).toEqual({ dt: 100, values: {} })
    expect(read(300, 250)).toEqual({ dt: 100, values: { 'core.0.busy': 0.5 } })
    expect(read(400, 300, 300).values).toEqual({})
    expect(read(500).values).toEqual({})
  })

  it('is not known where the clock has stood still or gone back', () => {
    const read = watchCores()
    read(1000, 0)
    expect(read(1000, 50)).toEqual({ dt: 0, values: {} })
    expect(read(900, 60)).toEqual({ dt: 0, values: {} })
    expect(read(1000, 110)).toEqual({ dt: 100, values: { 'core.0.busy': 0.5 } })
  })

  it('is between 0 and 1 whatever the counter does, and right again soon after it', () => {
    const read = watchCores()
    read(0, 1e6)
    const leaps = [0, 1e9, 5, 50, 1e15, 1e15 + 50, 1e15 + 100, 1e15 + 150, 1e15 + 200]
    const shares = leaps.map((busy, index) => read(100 * (index + 1), busy).values['core.0.busy'])
    for (const share of shares) {
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThanOrEqual(1)
    }
    expect(shares.slice(-2)).toEqual([0.5, 0.5])
  })
})

describe('whose work a core did', () => {
  const share = (threads: readonly (ThreadReading | null)[], cores: number) => {
    const row = new RowBuilder()
    putWorkersByCore(threads, cores, row)
    return valuesOf(row.take())
  }

  it('is that of the workers seen on it; of one that has moved, half on each', () => {
    const threads = [
      { cpuShare: 0.5, core: 0, spentOn: [0] },
      { cpuShare: 0.4, core: 0, spentOn: [2, 0] },
      // Its time is not known, and of another its core was not read.
      { cpuShare: null, core: 1, spentOn: [1] },
      null,
    ]
    expect(share(threads, 3)).toEqual({
      'core.0.workers_busy': 0.7,
      'core.1.workers_busy': 0,
      'core.2.workers_busy': 0.2,
    })
  })

  it('is never more than there is', () => {
    const threads = Array.from({ length: 3 }, () => ({ cpuShare: 0.9, core: null, spentOn: [0] }))
    expect(share(threads, 1)).toEqual({ 'core.0.workers_busy': 1 })
  })

  it('leaves out a core that is not among those that are read', () => {
    expect(share([{ cpuShare: 0.8, core: 7, spentOn: [1, 7] }], 2)).toEqual({
      'core.0.workers_busy': 0,
      'core.1.workers_busy': 0.4,
    })
  })
})
