import { describe, expect, it } from 'vitest'
import { UtilizationMeter } from '../../src/engine/analysis/utilization.ts'
import type { RawSample } from '../../src/engine/sampling/sampler.ts'
import {
  type ObserverReading,
  sharesBetween,
  totalBetween,
} from '../../src/engine/session/observer.ts'
import { WindowFigures } from '../../src/engine/session/window-figures.ts'
import type { Sample } from '../../src/shared/model/sample.ts'
import { rowOf } from '../../src/shared/sample-row.ts'

function sample(
  stream: RawSample['stream'],
  at: number,
  dt_ms: number,
  values: Sample['values'],
): RawSample {
  return { stream, at, dt_ms, ...rowOf(values) }
}

const nothing = { rssBytes: null, pssBytes: null, ussBytes: null }

describe('the memory of a trial', () => {
  it('at its baseline is what was read last before the first worker was started', () => {
    const window = new WindowFigures(1, 4)
    window.add(sample('processes', 10, 0, { 'tree.rss_bytes': 90 }))
    window.add(sample('processes', 20, 10, { 'tree.rss_bytes': 50 }))
    window.add(sample('memory', 21, 0, { 'tree.pss_bytes': 30, 'tree.uss_bytes': 20 }))
    window.beginSpawn()
    window.add(sample('processes', 30, 10, { 'tree.rss_bytes': 120 }))
    window.add(sample('memory', 31, 0, { 'tree.pss_bytes': 60, 'tree.uss_bytes': 40 }))
    expect(window.figures(null).baseline).toEqual({ rssBytes: 50, pssBytes: 30, ussBytes: 20 })
  })

  it('at its peak is the largest of each, in whatever sample and phase', () => {
    const window = new WindowFigures(1, 4)
    window.beginSpawn()
    window.add(sample('processes', 1, 0, { 'tree.rss_bytes': 300 }))
    window.add(sample('reports', 2, 0, { 'tree.rss_bytes': 310, 'host.rss_bytes': 900 }))
    window.beginWork(10)
    window.add(sample('memory', 20, 0, { 'tree.pss_bytes': 100, 'tree.uss_bytes': 40 }))
    window.endWork(30)
    window.add(sample('memory', 40, 0, { 'tree.pss_bytes': 90, 'tree.uss_bytes': 60 }))
    expect(window.figures(null).peak).toEqual({ rssBytes: 310, pssBytes: 100, ussBytes: 60 })
  })

  it('is never less at its peak than at its baseline', () => {
    const window = new WindowFigures(1, 4)
    window.add(sample('processes', 1, 0, { 'tree.rss_bytes': 300 }))
    window.beginSpawn()
    window.add(sample('processes', 2, 1, { 'tree.rss_bytes': 200 }))
    expect(window.figures(null).peak.rssBytes).toBe(300)
  })

  it('has no peak where nothing was read of host and workers, rather than that of the host', () => {
    const window = new WindowFigures(2, 4)
    window.add(sample('memory', 1, 0, { 'tree.pss_bytes': 30, 'tree.uss_bytes': 20 }))
    window.beginSpawn()
    expect(window.figures(null).baseline).toMatchObject({ pssBytes: 30, ussBytes: 20 })
    expect(window.figures(null).peak).toEqual(nothing)
  })

  it('is null, and not 0, where nothing was read at all', () => {
    const { peak, baseline, utilization, memoryOf } = new WindowFigures(2, 4).figures(null)
    expect([peak, baseline, utilization]).toEqual([nothing, nothing, null])
    expect(memoryOf.size).toBe(0)
  })

  it('of a process is what was read of it last', () => {
    const window = new WindowFigures(1, 4)
    const of = (pss: number, uss: number): Sample['values'] => ({
      'process.7.pss_bytes': pss,
      'process.7.uss_bytes': uss,
    })
    window.add(sample('memory', 1, 0, of(5, 4)))
    window.add(sample('memory', 2, 0, of(3, 2)))
    expect([...window.figures(null).memoryOf]).toEqual([[7, { pss: 3, uss: 2 }]])
  })
})

describe('migrations', () => {
  const onCores = (at: number, ...cores: readonly number[]) =>
    sample(
      'processes',
      at,
      10,
      Object.fromEntries(cores.map((core, worker) => [`worker.${worker}.last_core`, core])),
    )

  it('are changes of core from one sample to the next, by worker', () => {
    const window = new WindowFigures(2, 4)
    window.beginWork(0)
    window.endWork(100)
    for (const [at, core] of [0, 1, 1, 0, 1].entries()) window.add(onCores(10 * at, core, 3))
    expect(window.figures(null).migrations).toEqual([3, 0])
  })

  it('are counted only between samples inside the window', () => {
    const window = new WindowFigures(1, 4)
    window.add(onCores(-5, 1))
    window.beginWork(0)
    // It reaches from before the release into the window, and what it shows may be of before.
    window.add(onCores(5, 2))
    window.add(onCores(15, 2))
    window.endWork(20)
    window.add(onCores(25, 3))
    window.add(onCores(35, 0))
    expect(window.figures(null).migrations).toEqual([0])
  })

  it('are counted from where the worker was as the window began', () => {
    const window = new WindowFigures(1, 4)
    window.beginWork(0)
    window.add(onCores(5, 2))
    window.add(onCores(15, 3))
    expect(window.figures(null).migrations).toEqual([1])
  })

  it('are null, and not 0, of a worker that was not seen in the window', () => {
    const window = new WindowFigures(3, 4)
    window.add(onCores(-20, 1, 1))
    window.beginWork(0)
    window.add(onCores(10, 1))
    expect(window.figures(null).migrations).toEqual([0, null, null])
    // The first reading of a stream says nothing of what was before it.
    window.add({ ...onCores(20, 1, 1), dt_ms: 0 })
    expect(window.figures(null).migrations).toEqual([0, null, null])
  })
})

describe('utilisation', () => {
  it.each([
    ...([
      ['idle', 0],
      ['idle', 0.08],
      ['poor', 0.09],
      ['poor', 2],
      ['ok', 2.01],
      ['ok', 3.4],
      ['ideal', 3.41],
      ['ideal', 4.4],
      ['over', 4.41],
      ['over', 64],
    ] as const),
  ])('is %s with %d of 4 cores in use', (name, cores) => {
    const meter = new UtilizationMeter(4)
    meter.add(cores, 250)
    const none = { idle: 0, poor: 0, ok: 0, ideal: 0, over: 0 }
    expect(meter.utilization).toEqual({ ...none, [name]: 1 })
  })

  it('is by time, not by samples, and together 1', () => {
    const meter = new UtilizationMeter(1)
    meter.add(0, 300)
    meter.add(1, 100)
    expect(meter.utilization).toEqual({ idle: 0.75, poor: 0, ok: 0, ideal: 0.25, over: 0 })
  })

  const seen = (at: number, ...shares: readonly number[]) =>
    sample(
      'processes',
      at,
      10,
      Object.fromEntries(shares.map((share, worker) => [`worker.${worker}.cpu_share`, share])),
    )
  const told = (at: number, share: number) =>
    sample('reports', at, 10, { 'tree.cpu_share': share, 'worker.0.cpu_share': share })
  const openWindow = (workers: number, usableCores: number) => {
    const window = new WindowFigures(workers, usableCores)
    window.beginWork(0)
    window.endWork(100)
    return window
  }

  it('is held against the workers, or the usable cores where they are fewer', () => {
    for (const [workers, cores] of [
      [2, 8],
      [8, 2],
    ] as const) {
      const window = openWindow(workers, cores)
      window.add(seen(10, ...new Array<number>(workers).fill(2 / workers)))
      expect(window.figures(null).utilization?.ideal).toBe(1)
    }
  })

  it('is that of samples that lie in the window with their whole interval', () => {
    const window = openWindow(1, 4)
    window.add(seen(5, 0))
    window.add(seen(10, 1))
    window.add(seen(100, 1))
    window.add(seen(101, 0))
    window.add({ ...seen(50, 0), dt_ms: 0 })
    expect(window.figures(null).utilization).toMatchObject({ ideal: 1, idle: 0 })
  })

  it('is not made of a sample in which a worker is missing', () => {
    const window = openWindow(2, 4)
    window.add(seen(10, 1))
    expect(window.figures(null).utilization).toBeNull()
  })

  it('is what the workers tell where they cannot be seen, and only there', () => {
    const window = openWindow(1, 4)
    window.add(told(20, 0.6))
    expect(window.figures(1).utilization).toMatchObject({ ok: 1 })
    window.add(seen(30, 1))
    expect(window.figures(0).utilization).toMatchObject({ ideal: 1, ok: 0 })
  })

  it('of a window that held no whole interval is that of the window as a whole', () => {
    const window = openWindow(2, 4)
    expect(window.figures(0.5).utilization).toMatchObject({ poor: 1 })
    expect(openWindow(2, 4).figures(null).utilization).toBeNull()
  })

  it('has neither threads nor migrations in it where the platform shows none', () => {
    const window = openWindow(2, 4)
    window.beginSpawn()
    window.add(sample('processes', 50, 10, { 'tree.rss_bytes': 100, 'tree.cpu_share': 2 }))
    const figures = window.figures(null)
    expect(figures.migrations).toEqual([null, null])
    expect(figures.utilization).toBeNull()
    expect(figures.peak).toEqual({ rssBytes: 100, pssBytes: null, ussBytes: null })
  })
})

describe('what watching costs', () => {
  const zero: ObserverReading = {
    ...{ at: 0, processMs: 100, childrenMs: 0, samplerMs: 40, recordingMs: 7 },
  }
  const later = (more: Partial<ObserverReading>): ObserverReading => ({
    ...zero,
    at: 1000,
    ...more,
  })

  it('is split into parts that add up to all of it', () => {
    const shares = sharesBetween(
      zero,
      later({ processMs: 120, childrenMs: 10, samplerMs: 45, recordingMs: 11 }),
    )
    expect(shares?.total).toBeCloseTo(0.03)
    // The programs that the sampler starts are part of its cost.
    expect(shares?.sampling).toBeCloseTo(0.015)
    expect(shares?.recording).toBeCloseTo(0.004)
    expect(shares?.shell).toBeCloseTo(0.011)
  })

  it.each([
    ['recording took longer by the clock than this process had', { recordingMs: 500 }],
    ['the sampler’s clock is ahead of the process’s', { samplerMs: 90 }],
    ['both', { samplerMs: 90, recordingMs: 500 }],
  ])('has no part below 0 or beyond the total where %s', (_, more) => {
    const shares = sharesBetween(zero, later({ processMs: 120, ...more }))
    const { total = 0, sampling = -1, recording = -1, shell = -1 } = shares ?? {}
    expect(total).toBeCloseTo(0.02)
    expect(sampling + recording + shell).toBeCloseTo(total, 9)
    for (const part of [sampling, recording, shell]) expect(part).toBeGreaterThanOrEqual(0)
  })

  it('is not known by part where the runtime does not tell of the sampler’s thread', () => {
    const to = later({ processMs: 120, samplerMs: null })
    expect(sharesBetween(zero, to)).toBeNull()
    expect(sharesBetween({ ...zero, samplerMs: null }, later({}))).toBeNull()
    expect(totalBetween(zero, to)).toBeCloseTo(0.02)
  })

  it('is not known where no time has passed', () => {
    expect(totalBetween(zero, { ...zero, processMs: 110 })).toBeNull()
    expect(sharesBetween(zero, { ...zero, at: -1 })).toBeNull()
  })
})
