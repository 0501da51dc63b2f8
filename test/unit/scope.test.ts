import { describe, expect, it } from 'vitest'
import { timeStep } from '../../src/renderer/charts/line-chart.ts'
import { lastOf, meanOf, PointSeries } from '../../src/renderer/charts/series.ts'
import { niceAbove, Scope, throughputAt } from '../../src/renderer/scope/scope.ts'
import { originOf, type ShownTrial, workersAt } from '../../src/renderer/scope/shown-trial.ts'
import { hashOf, parseRoute } from '../../src/renderer/state/route.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import { exampleRun } from '../support/example-run.ts'

function trialOf(times: readonly number[], releasedMs: number | null): ShownTrial {
  const [configuration] = exampleRun.configurations
  if (configuration === undefined) throw new Error('no example')
  const timeline = new Timeline(1, 1, 64)
  for (const t_ms of times) {
    timeline.add({
      t_ms,
      workersBusy: [],
      busy: [t_ms / 1000],
      treePssBytes: null,
      treeUssBytes: null,
      treeRssBytes: t_ms * 1e6,
      hostRssBytes: null,
      treeCpuShare: null,
      tasksDone: Math.max(0, t_ms - 100),
      tasksAt_ms: t_ms,
      workers: [],
      observer: null,
    })
  }
  const rest = { ordinal: 0, index: 0, warmUp: false, ended: null, reading: null } as const
  return { ...rest, configuration, phase: 'work', timeline, releasedMs }
}

describe('the time axis', () => {
  it('has its 0 at the release of the barrier, and at the present before that', () => {
    expect(originOf(trialOf([0, 100, 200], 100))).toBe(100)
    expect(originOf(trialOf([0, 100, 200], null))).toBe(200)
  })

  it('holds all trials, and fits them exactly when nothing more will come', () => {
    const scope = new Scope()
    scope.begin(1, { duration_s: 1 })
    scope.show([trialOf([0, 100, 700], 100), trialOf([0, 400, 2000], 400)])
    expect(scope.full.from).toBeLessThanOrEqual(-400)
    expect(scope.full.to).toBeGreaterThanOrEqual(1600)
    scope.show(scope.trials, true)
    expect(scope.full).toEqual({ from: -400, to: 1600 })
    expect(scope.axes.memoryBytes).toBeGreaterThanOrEqual(2000 * 1e6)
  })

  it('is zoomed around what is pointed at, and never beyond what there is', () => {
    const scope = new Scope()
    scope.begin(1, null)
    scope.show([trialOf([0, 1000], 0)], true)
    scope.point(250)
    scope.zoomBy(0.5)
    expect(scope.visible).toEqual({ from: 125, to: 625 })
    scope.zoomBy(4)
    expect(scope.isZoomed).toBe(false)
    scope.zoom({ from: 10, to: 12 })
    expect(scope.isZoomed).toBe(false)
  })

  it('paused, draws the trial that was going on no further, and others whole', () => {
    const scope = new Scope()
    scope.begin(1, null)
    const going = trialOf([0, 500], 0)
    const over: ShownTrial = { ...trialOf([0, 900], 0), phase: null }
    scope.show([over, going])
    scope.pause(true)
    going.timeline.add({ ...workless, t_ms: 800 })
    expect(scope.endOf(going)).toBe(500)
    expect(scope.endOf(over)).toBe(Number.POSITIVE_INFINITY)
    scope.pause(false)
    expect(scope.endOf(going)).toBe(Number.POSITIVE_INFINITY)
  })

  it('is marked at round times', () => {
    expect(timeStep(2400, 400)).toBe(1000)
    expect(timeStep(700_000, 800)).toBe(120_000)
  })
})

const workless = {
  workersBusy: [],
  busy: [],
  treePssBytes: null,
  treeUssBytes: null,
  treeRssBytes: null,
  hostRssBytes: null,
  treeCpuShare: null,
  tasksDone: 0,
  tasksAt_ms: null,
  workers: [],
  observer: null,
}

describe('what is drawn of a series', () => {
  const visible = { from: 0, to: 1000 }

  it('is every slot where there are pixels for it, in ms from the release', () => {
    const trial = trialOf([0, 100, 200, 300], 100)
    const points = new PointSeries().points(trial, trial.timeline.tasks, lastOf, visible, 100, 1e9)
    expect(points.map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [100, 100],
      [200, 200],
    ])
  })

  it('is one point for several slots where there are not', () => {
    const trial = trialOf([0, 100, 200, 300], 0)
    const points = new PointSeries().points(
      trial,
      trial.timeline.busyCores,
      meanOf,
      visible,
      2,
      1e9,
    )
    expect(points.map(({ x }) => x)).toEqual([100, 300])
    expect(points[1]?.y).toBeCloseTo(0.25, 6)
  })

  it('ends where the drawing is paused', () => {
    const trial = trialOf([0, 100, 200, 300], 0)
    const points = new PointSeries().points(trial, trial.timeline.tasks, lastOf, visible, 100, 200)
    expect(points.at(-1)?.x).toBe(200)
  })
})

describe('figures at a time', () => {
  it('throughput is tasks over the time since the release, as of when it was told', () => {
    const trial = trialOf([0, 100, 300, 600], 100)
    expect(throughputAt(trial, 1)).toBeNull()
    expect(throughputAt(trial, 2)).toBe(1000)
    trial.timeline.add({ ...workless, t_ms: 900, tasksDone: 500, tasksAt_ms: 600 })
    expect(throughputAt(trial, 4)).toBe(1000)
    expect(throughputAt(trialOf([0, 100], null), 1)).toBeNull()
  })

  it('of an ended trial’s workers are what was kept of them', () => {
    const [ended] = exampleRun.trials
    if (ended === undefined) throw new Error('no example')
    const worker = {
      ...{ index: 0, process_id: 5, thread_id: 1, tasks: 9, busy_ms: 1, cpu_ms: 500 },
      ...{ spawn_ms: 1, teardown_ms: 1, rss_bytes: null, heap_used_bytes: 77 },
      ...{ os_thread_id: null, pss_bytes: null, uss_bytes: null },
      ...{ voluntary_switches: 3, involuntary_switches: 4, migrations: null },
    }
    const trial = { ...trialOf([0, 100], 0), ended: { ...ended, workers: [worker] } }
    expect(workersAt(trial, null)).toEqual([
      {
        ...{ processId: 5, threadId: 1, state: 'done', tasks: 9, cpuShare: 0.5, memoryBytes: 77 },
        ...{ pssBytes: null, lastCore: null, switches: 7, migrations: null },
      },
    ])
  })

  it('axes end at a round number with some room', () => {
    expect([0.9, 84, 161, 9.9].map((value) => niceAbove(value, 1))).toEqual([1, 100, 200, 15])
  })
})

describe('where the user is', () => {
  it('stands in the address and is found again', () => {
    for (const route of [{ view: 'lab' }, { view: 'runs' }, { view: 'run', id: 12 }] as const) {
      expect(parseRoute(hashOf(route))).toEqual(route)
    }
    expect(parseRoute('#/runs/0')).toEqual({ view: 'lab' })
    expect(parseRoute('#/nowhere')).toEqual({ view: 'lab' })
  })
})
