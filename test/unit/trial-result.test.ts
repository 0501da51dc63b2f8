import { describe, expect, it } from 'vitest'
import type { HostResult, HostWorker, TrialSpec } from '../../src/engine/execution/protocol.ts'
import { endedTrial, type WatchedWindow } from '../../src/engine/session/trial-result.ts'
import { WindowFigures } from '../../src/engine/session/window-figures.ts'
import type { Model } from '../../src/shared/model/execution-model.ts'

/*
 * What a trial is kept as where workers are no processes of their own of this machine: on Dask several may be
 * threads of one process, or all of them elsewhere.
 */

const mebibyte = 2 ** 20

/** @param processIds of the workers; the first of a process tells its memory */
function kept(model: Model, processIds: readonly number[]) {
  const worker = (processId: number, index: number): HostWorker => ({
    ...{ processId, threadId: index + 1, osThreadId: null, spans: null },
    ...{ startCalledAt: 20, readyAt: 30, endCalledAt: 200, exitedAt: 210 },
    summary: {
      ...{ startedAt: 100, endedAt: 190, tasks: 1, wrong: 0, firstWrong: null, indexSum: index },
      ...{ busyMs: 80, cpuMs: 70, voluntarySwitches: 1, involuntarySwitches: 1 },
      ...{ heapUsedBytes: null, times: [] },
      rssBytes: processIds.indexOf(processId) === index ? 50 * mebibyte : null,
    },
  })
  const result: HostResult = {
    ...{ baselineFrom: 0, baselineTo: 10, allReadyAt: 40, releasedAt: 100 },
    ...{ baselineRssBytes: 40 * mebibyte, hostRssBytes: 60 * mebibyte, hostDelayP99Ms: 1 },
    ...{ hostCpuMs: 5, hostVoluntarySwitches: 1, hostInvoluntarySwitches: 1 },
    workers: processIds.map(worker),
  }
  const spec = { model, tasks: processIds.length, workers: processIds.length } as TrialSpec
  const window = new WindowFigures(processIds.length, 2)
  const read = { rssBytes: 900 * mebibyte, pssBytes: 800 * mebibyte, ussBytes: 700 * mebibyte }
  const of = (processId: number) => [processId, { pss: 12 * mebibyte, uss: 9 * mebibyte }] as const
  const figures = window.figures(1)
  window.figures = () => ({ ...figures, peak: read, memoryOf: new Map(processIds.map(of)) })
  const seen: WatchedWindow = {
    ...{ saturation: 1, observerCpuShare: 0, observerParts: null, punctuality: null },
    ...{ switches: [], window },
  }
  return endedTrial(result, spec, seen, 0)
}

describe('the memory of a trial', () => {
  it('of workers that are elsewhere is what they tell, not what was read of the tree of the host', () => {
    const { metrics } = kept('cluster', [7, 8])
    expect(metrics.peak_rss_bytes).toBe(160 * mebibyte)
    expect([metrics.peak_pss_bytes, metrics.peak_uss_bytes]).toEqual([null, null])
    expect(kept('processes', [7, 8]).metrics.peak_pss_bytes).toBe(800 * mebibyte)
  })

  it('of several workers in one process stands with the first of them', () => {
    const { workers } = kept('processes', [7, 7, 8, 8])
    expect(workers.map((each) => each.pss_bytes)).toEqual([
      12 * mebibyte,
      null,
      12 * mebibyte,
      null,
    ])
    expect(workers.map((each) => each.uss_bytes)).toEqual([9 * mebibyte, null, 9 * mebibyte, null])
    expect(workers.map((each) => each.rss_bytes)).toEqual([
      50 * mebibyte,
      null,
      50 * mebibyte,
      null,
    ])
  })
})
