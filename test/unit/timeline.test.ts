import { describe, expect, it } from 'vitest'
import { LiveRun } from '../../src/shared/live-run.ts'
import type { LiveReading, RunEvent } from '../../src/shared/model/progress.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import { exampleRun } from '../support/example-run.ts'

function reading(t_ms: number, change: Partial<LiveReading> = {}): LiveReading {
  return {
    t_ms,
    workersBusy: [],
    busy: [0.5, 1],
    treePssBytes: null,
    treeUssBytes: null,
    treeRssBytes: 100,
    hostRssBytes: 40,
    treeCpuShare: 1,
    tasksDone: t_ms,
    tasksAt_ms: t_ms,
    workers: [
      {
        processId: 1,
        threadId: 0,
        state: 'working',
        tasks: t_ms,
        cpuShare: 0.5,
        rssBytes: null,
        heapUsedBytes: 7,
        lastCore: null,
      },
    ],
    observer: null,
    ...change,
  }
}

describe('a timeline', () => {
  it('holds each reading while there is room', () => {
    const timeline = new Timeline(2, 1, 4)
    for (const t of [0, 10, 20]) timeline.add(reading(t))
    expect(timeline.length).toBe(3)
    expect([...timeline.t.subarray(0, 3)]).toEqual([0, 10, 20])
    expect(timeline.busyCores[1]).toBe(1.5)
    expect([...timeline.coreBusy.subarray(2, 4)]).toEqual([0.5, 1])
    expect(timeline.workerMemory[0]).toBe(7)
  })

  it('merges neighbours when it is full: means, the larger memory, the later tasks, both extremes', () => {
    const timeline = new Timeline(2, 1, 4)
    const busy = [
      [0, 0],
      [1, 1],
      [0.2, 0.4],
      [0.4, 0.2],
    ]
    busy.forEach((each, t) => {
      timeline.add(reading(t, { busy: each, treeRssBytes: t === 0 ? 900 : 100 }))
    })
    timeline.add(reading(4))
    expect(timeline.length).toBe(3)
    expect(timeline.slotReadings).toBe(2)
    expect([...timeline.t.subarray(0, 3)]).toEqual([1, 3, 4])
    expect([...timeline.coreBusy.subarray(0, 2)]).toEqual([0.5, 0.5])
    expect(timeline.busyCores[0]).toBe(1)
    expect([timeline.busyCoresLow[0], timeline.busyCoresHigh[0]]).toEqual([0, 2])
    expect(timeline.treeRss[0]).toBe(900)
    expect(timeline.tasks[0]).toBe(1)
    // The slot that was begun takes one more before the next is begun.
    timeline.add(reading(5))
    expect(timeline.length).toBe(3)
    timeline.add(reading(6))
    expect(timeline.length).toBe(4)
  })

  it('keeps least and largest of every line, however long the trial and wherever they were', () => {
    const timeline = new Timeline(2, 1, 16)
    const readings = 1000
    for (let t = 0; t < readings; t++) {
      const value = t === 333 ? 9e9 : t === 77 ? 1e3 : 1e6 + t
      timeline.add(
        reading(t, {
          ...{ busy: [value / 1e10, 0], treeCpuShare: value / 1e9, hostRssBytes: value },
          ...{ treeRssBytes: value + 1, treePssBytes: value + 2, treeUssBytes: value + 3 },
        }),
      )
    }
    const { length } = timeline
    expect(length).toBeLessThanOrEqual(16)
    const least = (values: Float32Array | Float64Array) => Math.min(...values.subarray(0, length))
    const most = (values: Float32Array | Float64Array) => Math.max(...values.subarray(0, length))
    expect(most(timeline.busyCoresHigh)).toBeCloseTo(0.9, 6)
    expect(least(timeline.busyCoresLow)).toBeCloseTo(1e-7, 9)
    expect(most(timeline.treeCpuHigh)).toBeCloseTo(9, 5)
    expect(least(timeline.treeCpuLow)).toBeCloseTo(1e-6, 8)
    const { hostRss, treeRss, treePss, treeUss } = timeline
    expect([hostRss, treeRss, treePss, treeUss].map(most)).toEqual([9e9, 9e9 + 1, 9e9 + 2, 9e9 + 3])
    const { hostRssLow, treeRssLow, treePssLow, treeUssLow } = timeline
    expect([hostRssLow, treeRssLow, treePssLow, treeUssLow].map(least)).toEqual([
      1000, 1001, 1002, 1003,
    ])
  })

  it('keeps the whole of a long trial in its room, evenly', () => {
    const timeline = new Timeline(2, 1, 16)
    for (let t = 0; t < 1000; t++) timeline.add(reading(t))
    expect(timeline.length).toBeLessThanOrEqual(16)
    expect(timeline.slotReadings).toBe(64)
    expect(timeline.t[0]).toBe(63)
    expect(timeline.t[timeline.length - 1]).toBe(999)
  })

  it('tells what was not read from 0', () => {
    const timeline = new Timeline(2, 2, 4)
    timeline.add(reading(0, { busy: [], treeRssBytes: null }))
    expect(timeline.busyCores[0]).toBeNaN()
    expect(timeline.treeRss[0]).toBeNaN()
    expect(timeline.workerCpu[1]).toBeNaN()
    expect(timeline.toData()).toMatchObject({ busyCores: [null], coreBusy: [null, null] })
    // What was read counts alone where it is merged with what was not.
    const merged = new Timeline(1, 0, 2)
    for (const busy of [[], [0.8], []]) merged.add(reading(0, { busy }))
    expect(merged.coreBusy[0]).toBeCloseTo(0.8, 6)
  })

  it('is the same after a journey as JSON, and goes on where it was', () => {
    const one = new Timeline(2, 1, 4)
    for (let t = 0; t < 7; t++) one.add(reading(t))
    const other = Timeline.from(JSON.parse(JSON.stringify(one.toData())), 4)
    expect(other.capacity).toBe(4)
    for (let t = 7; t < 23; t++) {
      one.add(reading(t))
      other.add(reading(t))
    }
    expect(other.toData()).toEqual(one.toData())
  })

  it('has fewer slots where there are very many workers', () => {
    expect(Timeline.within(8192, 64, 64).capacity).toBe(8192)
    const { capacity } = Timeline.within(8192, 64, 4096)
    expect(capacity * (64 + 3 * 4096)).toBeLessThan(5e6)
    expect(capacity % 2).toBe(0)
  })

  it('finds the slot of a time', () => {
    const timeline = new Timeline(2, 1, 4)
    for (const t of [0, 10, 20]) timeline.add(reading(t))
    expect([-1, 0, 9, 10, 25].map((t) => timeline.slotAt(t))).toEqual([-1, 0, 0, 1, 2])
  })
})

describe('a run as its watchers know it', () => {
  const [configuration] = exampleRun.configurations
  const [trial] = exampleRun.trials
  if (configuration === undefined || trial === undefined) throw new Error('no example')
  const start = {
    runId: 3,
    plan: exampleRun.plan,
    configurations: [configuration],
    trialsPlanned: 2,
    cores: 2,
  }
  const { trials: _, ...ended } = exampleRun
  const events: readonly RunEvent[] = [
    { type: 'preparing', what: 'reading' },
    { type: 'warned', warnings: [{ code: 'battery', message: 'on battery' }] },
    { type: 'trial-started', ordinal: 0, index: 0, warmUp: true, configuration },
    { type: 'phase', name: 'spawn', t_ms: 1 },
    { type: 'live', live: reading(2) },
    { type: 'phase', name: 'work', t_ms: 3 },
    { type: 'live', live: reading(4) },
    { type: 'trial-ended', trial, configuration },
    { type: 'trial-started', ordinal: 1, index: 0, warmUp: false, configuration },
    { type: 'live', live: reading(1) },
    { type: 'compared', comparison: { comparisons: [], sentences: ['so'] } },
    { type: 'trial-ended', trial, configuration },
    { type: 'run-ended', run: ended },
  ]

  it('knows at its end how many trials it came to', () => {
    const run = new LiveRun({ ...start, trialsPlanned: 60 }, 4)
    for (const event of events.slice(0, -1)) run.hear(event)
    expect(run.trialsPlanned).toBe(60)
    run.hear({ type: 'run-ended', run: { ...ended, trials_planned: 14 } })
    expect(run.trialsPlanned).toBe(14)
    expect(LiveRun.from(run.toData(), 4).trialsPlanned).toBe(14)
  })

  it('is the same for one who came late, whenever that was', () => {
    const first = new LiveRun(start, 4)
    for (const event of events) first.hear(event)
    for (let late = 0; late <= events.length; late++) {
      const before = new LiveRun(start, 4)
      for (const event of events.slice(0, late)) before.hear(event)
      const other = LiveRun.from(JSON.parse(JSON.stringify(before.toData())), 4)
      expect([other.warnings, other.tallies]).toEqual([before.warnings, before.tallies])
      for (const event of events.slice(late)) other.hear(event)
      expect(other.toData()).toEqual(first.toData())
    }
  })

  it('knows the release of the barrier, the trial that goes on, and the latest of each model', () => {
    const run = new LiveRun(start, 4)
    for (const event of events.slice(0, 7)) run.hear(event)
    expect(run.warnings).toHaveLength(1)
    expect(run.current).toMatchObject({ phase: 'work', releasedMs: 3, warmUp: true })
    for (const event of events.slice(7, 9)) run.hear(event)
    expect(run.current).toMatchObject({ phase: 'starting', releasedMs: null, ordinal: 1 })
    expect(run.latest.size).toBe(1)
    expect(run.ended).toMatchObject({ count: 1, done: 1 })
    expect(run.tallies.get(configuration.id)).toMatchObject({ ended: 1, uncounted: [] })
    for (const event of events.slice(9)) run.hear(event)
    expect(run.current).toBeNull()
    expect(run.run?.status).toBe('done')
  })
})
