import { describe, expect, it } from 'vitest'
import { outlierPlaces } from '../../src/engine/analysis/outliers.ts'
import { summarize, summarizeRun } from '../../src/engine/analysis/statistics.ts'
import {
  busyFraction,
  efficiency,
  type MeasuredTrial,
  type ObservedTrial,
  trialMetrics,
} from '../../src/engine/analysis/trial-metrics.ts'
import type { Run } from '../../src/shared/model/run.ts'
import { exampleRun } from '../support/example-run.ts'

const worker = {
  startCalledAt: 1000,
  readyAt: 1040,
  endCalledAt: 3000,
  exitedAt: 3005,
  lastTaskEndedAt: 2500,
  tasks: 30,
  wrong: 0,
  busyMs: 900,
  cpuMs: 800,
  switches: { voluntary: 3, involuntary: 2 },
}

const trial: MeasuredTrial = {
  model: 'processes',
  releasedAt: 1500,
  baselineRssBytes: 50_000,
  finalRssBytes: 120_000,
  hostCpuMs: 100,
  hostSwitches: { voluntary: 10, involuntary: 5 },
  hostDelayP99Ms: 0.5,
  workers: [worker, { ...worker, readyAt: 1060, tasks: 10, busyMs: 300, lastTaskEndedAt: 2400 }],
  taskMs: [20, 30, 40],
}

const nothingRead = { rssBytes: null, pssBytes: null, ussBytes: null }

const observed: ObservedTrial = {
  peak: { rssBytes: 150_000, pssBytes: 90_000, ussBytes: 80_000 },
  baseline: { rssBytes: 40_000, pssBytes: 30_000, ussBytes: 20_000 },
  saturation: 0.9,
  observerCpuShare: 0.01,
  observerParts: { total: 0.01, sampling: 0.006, recording: 0.003, shell: 0.001 },
  punctuality: { p50Ms: 0.1, p99Ms: 2, missed: 1 },
  utilization: { idle: 0, poor: 0.1, ok: 0.2, ideal: 0.7, over: 0 },
  migrations: [2, 3],
  hasSwitches: true,
}

describe('the figures of a trial', () => {
  it('follow from its parts as docs/metrics.md says', () => {
    expect(trialMetrics(trial, observed)).toEqual({
      wall_ms: 1000,
      throughput_per_s: 40,
      task_p50_ms: 20,
      task_p95_ms: 30,
      task_p99_ms: 40,
      spawn_p50_ms: 50,
      spawn_max_ms: 60,
      spawn_total_ms: 60,
      teardown_p50_ms: 5,
      teardown_total_ms: 5,
      cpu_ms: 1700,
      cpu_per_task_ms: 42.5,
      cores_used: 1.7,
      saturation: 0.9,
      utilization_idle: 0,
      utilization_poor: 0.1,
      utilization_ok: 0.2,
      utilization_ideal: 0.7,
      utilization_over: 0,
      efficiency: null,
      baseline_rss_bytes: 50_000,
      baseline_pss_bytes: 30_000,
      baseline_uss_bytes: 20_000,
      peak_rss_bytes: 150_000,
      peak_pss_bytes: 90_000,
      peak_uss_bytes: 80_000,
      memory_per_worker_bytes: 30_000,
      voluntary_switches: 16,
      involuntary_switches: 9,
      migrations: 5,
      host_delay_p99_ms: 0.5,
      imbalance: (900 - 600) / 900,
      checksum_ok: true,
      observer_cpu_share: 0.01,
      observer_sampling_share: 0.006,
      observer_recording_share: 0.003,
      observer_shell_share: 0.001,
      sampler_lateness_p50_ms: 0.1,
      sampler_lateness_p99_ms: 2,
      samples_missed: 1,
    })
  })

  it('count the CPU time of threads once, in their host', () => {
    const { cpu_ms, voluntary_switches } = trialMetrics({ ...trial, model: 'threads' }, observed)
    expect([cpu_ms, voluntary_switches]).toEqual([100, 10])
  })

  it('have no spawn and no teardown inline', () => {
    const inline = trialMetrics({ ...trial, model: 'inline' }, observed)
    expect([inline.spawn_p50_ms, inline.spawn_total_ms, inline.teardown_p50_ms]).toEqual([
      null,
      null,
      null,
    ])
  })

  it('are null, never 0, where nothing could be seen', () => {
    const unseen = trialMetrics(trial, {
      peak: nothingRead,
      baseline: nothingRead,
      saturation: null,
      observerCpuShare: null,
      observerParts: null,
      punctuality: null,
      utilization: null,
      migrations: [null, null],
      hasSwitches: false,
    })
    expect(unseen.saturation).toBeNull()
    expect(unseen.observer_cpu_share).toBeNull()
    expect(unseen.voluntary_switches).toBeNull()
    expect(unseen.peak_rss_bytes).toBe(120_000)
    expect(unseen.peak_pss_bytes).toBeNull()
    expect(unseen.migrations).toBeNull()
    expect(unseen.samples_missed).toBeNull()
    // From the resident set then, and marked so.
    expect(unseen.memory_per_worker_bytes).toBe((120_000 - 50_000) / 2)
  })

  it('are void where a task is wrong', () => {
    const wrong = { ...trial, workers: [{ ...worker, wrong: 1 }] }
    expect(trialMetrics(wrong, observed).checksum_ok).toBe(false)
  })

  it('end with the last task: a worker that had none has no say', () => {
    const idle = { ...worker, tasks: 0, busyMs: 0, lastTaskEndedAt: 9000 }
    expect(trialMetrics({ ...trial, workers: [worker, idle] }, observed).wall_ms).toBe(1000)
  })

  it('do not divide by a window of no length', () => {
    const instant = { ...trial, workers: [{ ...worker, lastTaskEndedAt: 1500, tasks: 0 }] }
    const { throughput_per_s, cpu_per_task_ms, cores_used } = trialMetrics(instant, observed)
    expect([throughput_per_s, cpu_per_task_ms, cores_used]).toEqual([null, null, null])
  })
})

describe('the busy fraction of the machine', () => {
  it('is the mean of its cores over the time measured', () => {
    const from = { at: 0, busyMs: [100, 500] }
    expect(busyFraction(from, { at: 1000, busyMs: [1100, 500] })).toBe(0.5)
  })

  it('is unknown where the number of cores changed, or no time passed', () => {
    const from = { at: 0, busyMs: [0, 0] }
    expect(busyFraction(from, { at: 1000, busyMs: [1] })).toBeNull()
    expect(busyFraction(from, from)).toBeNull()
  })

  it('is unknown over so short a time that the ticks of the system decide it', () => {
    expect(busyFraction({ at: 0, busyMs: [0] }, { at: 20, busyMs: [10] })).toBeNull()
  })
})

describe('efficiency', () => {
  it('is the throughput of a worker against the median inline', () => {
    expect(efficiency(150, 2, [90, 100, 5000])).toBe(0.75)
  })

  it('is unknown without an inline baseline', () => {
    expect(efficiency(150, 2, [])).toBeNull()
  })
})

describe('a summary', () => {
  // Values and their median absolute deviation as in Wikipedia's "Median absolute deviation".
  it('gives median and MAD of a known set', () => {
    expect(summarize([1, 1, 2, 2, 4, 6, 9], 'ms')).toMatchObject({ median: 2, mad: 1, unit: 'ms' })
  })

  it('gives percentiles as R does by default: quantile(1:10, c(0.05, 0.95)) is 1.45, 9.55', () => {
    const { p5, p95 } = summarize([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], '') ?? {}
    expect(p5).toBeCloseTo(1.45, 12)
    expect(p95).toBeCloseTo(9.55, 12)
  })

  it('of one value is that value', () => {
    expect(summarize([5], 'ms')).toEqual({
      ...{ median: 5, mad: 0, p5: 5, p95: 5 },
      outliers: [],
      unit: 'ms',
    })
  })

  it('of nothing is nothing', () => {
    expect(summarize([], 'ms')).toBeNull()
  })

  it('names the trials that lie far from the others, and keeps them', () => {
    const run = runOf([10, 11, 10.5, 40, 10.2, 10.8])
    const [summary] = summarizeRun(run)
    expect(summary?.metrics.throughput_per_s).toMatchObject({
      median: summarize([10, 11, 10.5, 40, 10.2, 10.8], '')?.median,
      outliers: [13],
    })
  })

  it('names them by their numbers where others have no such figure', () => {
    const run = runOf([null, 10, 11, 10.5, 40, 10.2, 10.8])
    expect(summarizeRun(run)[0]?.metrics.throughput_per_s?.outliers).toEqual([14])
  })
})

/** Trials with the given throughputs, numbered from 10. */
function runOf(throughputs: readonly (number | null)[]): Run {
  const [trial] = exampleRun.trials
  if (trial === undefined) throw new Error('no example')
  const trials = throughputs.map((throughput_per_s, at) => ({
    ...trial,
    index: 10 + at,
    metrics: { ...trial.metrics, throughput_per_s },
  }))
  return { ...exampleRun, trials }
}

describe('memory per worker', () => {
  it('is summed up from PSS alone where some trials have it from RSS', () => {
    const [trial] = exampleRun.trials
    if (trial === undefined) throw new Error('no example')
    const of = (memory_basis: 'pss' | 'rss', memory_per_worker_bytes: number) => ({
      ...trial,
      memory_basis,
      metrics: { ...trial.metrics, memory_per_worker_bytes },
    })
    const trials = [of('pss', 10), of('rss', 90), of('rss', 90)]
    const median = (kept: typeof trials) =>
      summarizeRun({ ...exampleRun, trials: kept })[0]?.metrics.memory_per_worker_bytes?.median
    expect(median(trials)).toBe(10)
    expect(median(trials.slice(1))).toBe(90)
  })
})

describe('an outlier', () => {
  // Modified z = 0.6745 (x - median) / MAD, flagged above 3.5 (Iglewicz & Hoaglin, 1993): here the
  // median is 10 and the MAD 1, so that the bound lies 5.189 from the median.
  it('has a modified z above 3.5', () => {
    expect(outlierPlaces([8, 9, 10, 11, 15.18])).toEqual([])
    expect(outlierPlaces([8, 9, 10, 11, 15.2])).toEqual([4])
    expect(outlierPlaces([4.8, 9, 10, 11, 12])).toEqual([0])
    expect(outlierPlaces([4.82, 9, 10, 11, 12])).toEqual([])
  })

  // The mean deviation times 1.253314 in place of the median one: 3.99 for one of five, 3.19 of four.
  it('is found among values that are equal for the most part', () => {
    expect(outlierPlaces([7, 7, 7, 7, 9])).toEqual([4])
    expect(outlierPlaces([7, 7, 7, 7, 7])).toEqual([])
    expect(outlierPlaces([7, 7, 7, 7, 7, 9, 9])).toEqual([])
  })

  it('is not looked for among fewer than five', () => {
    expect(outlierPlaces([1, 1.001, 1.002, 50])).toEqual([])
    expect(outlierPlaces([])).toEqual([])
  })
})
