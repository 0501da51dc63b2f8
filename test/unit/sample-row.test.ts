import { describe, expect, it } from 'vitest'
import type { CrewReport, HostReport } from '../../src/engine/execution/protocol.ts'
import { putReport } from '../../src/engine/session/report-values.ts'
import type { Model } from '../../src/shared/model/execution-model.ts'
import type { SampleSeries } from '../../src/shared/model/sample.ts'
import { partsOf, RowBuilder, rowOf } from '../../src/shared/sample-row.ts'

function rowWith(builder: RowBuilder, ...series: readonly SampleSeries[]) {
  series.forEach((name, value) => {
    builder.put(name, value)
  })
  return builder.take()
}

const [a, b, c] = ['core.0.busy', 'core.1.busy', 'machine.memory_used_bytes'] as const

describe('rows that share a list of series', () => {
  it('have the very same list while its entries are the same, and values of their own', () => {
    const builder = new RowBuilder()
    const first = rowWith(builder, a, b)
    builder.put(a, 7)
    builder.put(b, 8)
    const second = builder.take()
    expect(second.series).toBe(first.series)
    expect(Array.from(first.values)).toEqual([0, 1])
    expect(Array.from(second.values)).toEqual([7, 8])
    expect(partsOf(second)).toBe(partsOf(first))
  })

  it.each([
    ['another entry', [a, c]],
    ['another first entry', [b, a]],
    ['one entry more', [a, b, c]],
    ['one entry less', [a]],
    ['none', []],
  ] as const)('have a new list with %s, and the old one stays as it was', (_, other) => {
    const builder = new RowBuilder()
    const first = rowWith(builder, a, b)
    const second = rowWith(builder, ...other)
    expect(second.series).toEqual(other)
    expect(Array.from(second.values)).toEqual(other.map((_, value) => value))
    expect(first.series).toEqual([a, b])
    const third = rowWith(builder, a, b)
    expect(third.series).toEqual([a, b])
    expect(second.series).toEqual(other)
  })

  it('may be as long as they like', () => {
    const names = Array.from({ length: 1000 }, (_, core): SampleSeries => `core.${core}.busy`)
    const row = rowWith(new RowBuilder(), ...names)
    expect(row.series).toEqual(names)
    expect(Array.from(row.values)).toEqual(names.map((_, value) => value))
  })

  it('are empty until something is put in, and after they were taken', () => {
    const builder = new RowBuilder()
    expect(builder.isEmpty).toBe(true)
    builder.put(a, 0)
    expect(builder.isEmpty).toBe(false)
    builder.take()
    expect(builder.isEmpty).toBe(true)
  })

  it('hold no series that has no value', () => {
    expect(rowOf({ 'core.0.busy': 0, 'core.1.busy': undefined as never })).toEqual({
      series: ['core.0.busy'],
      values: [0],
    })
  })
})

describe('what a host reports', () => {
  const crew = (more: Partial<CrewReport>): CrewReport => ({
    ...{ at: [100, 90], tasks: [5, 6], cpuMs: [50, 60], rssBytes: [30, 40] },
    ...{ heapUsedBytes: [3, 4], isDone: [false, false] },
    ...more,
  })
  const report = (at: number, workers: CrewReport, cpuMs = at / 2): HostReport => ({
    ...{ type: 'report', at, rssBytes: 100, cpuMs, workers },
  })
  const before = report(0, crew({ at: [0, 0], cpuMs: [0, 15], tasks: [0, 0] }))
  const put = (
    now: HostReport,
    previous: HostReport | undefined,
    { model = 'processes' as Model, areThreadsSeen = false } = {},
  ) => {
    const row = new RowBuilder()
    putReport(row, now, previous, { model, areThreadsSeen })
    const { series, values } = row.take()
    return Object.fromEntries(series.map((name, at) => [name, values[at]]))
  }

  it('is the sum of host and processes, each by the time it was measured over', () => {
    expect(put(report(100, crew({})), before)).toEqual({
      ...{ 'host.rss_bytes': 100, 'host.cpu_share': 0.5 },
      ...{ 'worker.0.tasks_done': 5, 'worker.0.cpu_share': 0.5 },
      ...{ 'worker.0.heap_used_bytes': 3, 'worker.0.rss_bytes': 30 },
      ...{ 'worker.1.tasks_done': 6, 'worker.1.cpu_share': 0.5 },
      ...{ 'worker.1.heap_used_bytes': 4, 'worker.1.rss_bytes': 40 },
      ...{ 'tree.rss_bytes': 170, 'tree.cpu_share': 1.5 },
    })
  })

  it('has no resident set of a thread: that is its process’s, and counted once', () => {
    const values = put(report(100, crew({})), before, { model: 'threads' })
    expect(Object.keys(values).filter((name) => /worker.*rss/.test(name))).toEqual([])
    expect(values).toMatchObject({ 'tree.rss_bytes': 100, 'tree.cpu_share': 0.5 })
  })

  it('has no CPU share in the first, nor one of a worker that has told nothing since', () => {
    const first = put(report(100, crew({})), undefined)
    expect(Object.keys(first).filter((name) => name.endsWith('cpu_share'))).toEqual([])
    const stale = put(report(200, crew({ at: [200, 90] })), report(100, crew({})))
    expect(stale).toHaveProperty(['worker.0.cpu_share'])
    expect(stale).not.toHaveProperty(['worker.1.cpu_share'])
    expect(stale).not.toHaveProperty(['worker.1.heap_used_bytes'])
    // Its resident set is the last it told, so that the sum is one of all.
    expect(stale).toMatchObject({ 'tree.rss_bytes': 170 })
    expect(stale).not.toHaveProperty(['tree.cpu_share'])
  })

  it('has no sums of processes while one has told nothing yet', () => {
    const early = crew({ at: [100, null], rssBytes: [30, null] })
    const values = put(report(100, early), before)
    expect(values).not.toHaveProperty(['tree.rss_bytes'])
    expect(values).not.toHaveProperty(['worker.1.tasks_done'])
    const threads = put(report(100, early), before, { model: 'threads' })
    expect(threads).toMatchObject({ 'tree.rss_bytes': 100 })
  })

  it('leaves the CPU shares of the workers to the sampler where that sees their threads', () => {
    const values = put(report(100, crew({})), before, { areThreadsSeen: true })
    expect(values).not.toHaveProperty(['worker.0.cpu_share'])
    expect(values).toMatchObject({ 'worker.0.tasks_done': 5, 'tree.cpu_share': 1.5 })
  })
})
