import { describe, expect, it } from 'vitest'
import { compareModels } from '../../src/engine/analysis/comparison.ts'
import { estimateTime } from '../../src/engine/session/estimate.ts'
import { disturbanceWarnings } from '../../src/engine/session/run-warnings.ts'
import { formatInterval, formatProbability, formatRatio } from '../../src/shared/format.ts'
import type { Environment } from '../../src/shared/model/environment.ts'
import type { Run, Trial } from '../../src/shared/model/run.ts'
import { comparedRun, type Throughputs, uneven } from '../support/example-comparison.ts'
import { exampleRun } from '../support/example-run.ts'

const pairs = (run: Run) =>
  compareModels(run)
    .comparisons.filter(({ metric }) => metric === 'throughput_per_s')
    .map(({ a, b, ratio }) => [a, b, ratio])

describe('models beside each other', () => {
  it('are medians over medians, each model against the one before it', () => {
    const run = comparedRun(
      ['inline', 1, 10, 12, 11],
      ['threads', 2, 22, 20, 21],
      ['processes', 2, 42],
    )
    expect(pairs(run)).toEqual([
      [0, 1, 21 / 11],
      [1, 2, 2],
    ])
  })

  it('are compared at equal numbers of workers, but for inline, which has one', () => {
    const run = comparedRun(
      ['inline', 1, 1],
      ['threads', 2, 2],
      ['threads', 4, 4],
      ['processes', 2, 3],
      ['processes', 8, 5],
    )
    expect(pairs(run)).toEqual([
      [0, 1, 2],
      [0, 2, 4],
      [1, 3, 1.5],
    ])
  })

  it('say nothing before there is a trial of both that counts', () => {
    expect(compareModels(comparedRun(['threads', 2, 5], ['processes', 2]))).toEqual({
      comparisons: [],
      sentences: [],
    })
    const voided = comparedRun(['threads', 2, 5], ['processes', 2, 5])
    const trials = voided.trials.map((trial) => ({ ...trial, status: 'void' as const }))
    expect(compareModels({ ...voided, trials }).comparisons).toEqual([])
  })

  it('are ratios alone while the run goes on: no interval, no p, no verdict, no sentence', () => {
    const ended = comparedRun(
      ['threads', 2, 1, 2, 3, 4, 5, 6],
      ['processes', 2, 11, 12, 13, 14, 15, 16],
    )
    expect(compareModels(ended).comparisons[0]?.verdict).toBe('b')
    const { comparisons, sentences } = compareModels({ ...ended, status: 'running' })
    expect(sentences).toEqual([])
    expect(comparisons).toHaveLength(2)
    for (const { ci95, p, cliffs_delta, verdict, ratio } of comparisons) {
      expect([ci95, p, cliffs_delta, verdict]).toEqual([null, null, null, null])
      expect(ratio).toBeGreaterThan(1)
    }
  })

  it('are the same each time, and differ a little by the seed of the plan', () => {
    const run = comparedRun(['threads', 2, ...uneven(100)], ['processes', 2, ...uneven(101)])
    const at = (seed: number) => compareModels({ ...run, plan: { ...run.plan, seed } })
    expect(at(3)).toEqual(at(3))
    expect(at(3).comparisons[0]?.ci95).not.toEqual(at(4).comparisons[0]?.ci95)
  })

  it('count of each figure the trials that have it', () => {
    const run = comparedRun(['threads', 2, 1, 2, 3, 4, 5, 6], ['processes', 2, 1, 2, 3, 4, 5, 6])
    const [first, ...rest] = run.trials as [Trial, ...Trial[]]
    const without = { ...first, metrics: { ...first.metrics, peak_rss_bytes: null } }
    const { comparisons } = compareModels({ ...run, trials: [without, ...rest] })
    expect(comparisons.map(({ metric, trials }) => [metric, trials])).toEqual([
      ['throughput_per_s', [6, 6]],
      ['peak_rss_bytes', [5, 6]],
    ])
  })

  it('have no memory per worker where one side has it from RSS and the other from PSS', () => {
    const compared = (basis: 'rss' | 'pss') => {
      const run = comparedRun(['threads', 2, 1], ['processes', 2, 1])
      const trials = run.trials.map((trial, at) => ({
        ...trial,
        memory_basis: at === 0 ? basis : ('pss' as const),
        metrics: { ...trial.metrics, memory_per_worker_bytes: 5 },
      }))
      return compareModels({ ...run, trials }).comparisons.map(({ metric }) => metric)
    }
    expect(compared('pss')).toContain('memory_per_worker_bytes')
    expect(compared('rss')).not.toContain('memory_per_worker_bytes')
  })
})

/** Values about a middle, none of them twice. */
function noisy(count: number, middle: number): number[] {
  return Array.from(
    { length: count },
    (_, at) => middle * (1 + (((at * 7) % count) - count / 2) / 400),
  )
}

describe('what a run says in words', () => {
  const sentences = (...sides: readonly Throughputs[]) =>
    compareModels(comparedRun(...sides)).sentences

  it('names a winner with the interval and p', () => {
    const [sentence] = sentences(
      ['threads', 2, ...noisy(10, 100)],
      ['processes', 2, ...noisy(10, 150)],
    )
    expect(sentence).toMatch(
      /^2 processes completed 1\.50× the tasks per second of 2 threads \(95 % interval 1\.4\d to 1\.5\d, p < 0\.0001\): processes are faster\. /,
    )
  })

  it('says the faster one first, and turns its interval with it', () => {
    const [sentence] = sentences(['inline', 1, ...noisy(6, 300)], ['threads', 1, ...noisy(6, 200)])
    expect(sentence).toMatch(
      /^inline work completed 1\.50× the tasks per second of 1 thread \(95 % interval 1\.4\d to 1\.5\d, p = 0\.0022\): inline work is faster\. /,
    )
  })

  it('says that no difference is shown, of a ratio near to 1 and of one that may be chance', () => {
    const [near] = sentences(['threads', 2, ...noisy(10, 100)], ['processes', 2, ...noisy(10, 101)])
    expect(near).toMatch(
      /^2 processes completed about as many tasks per second as 2 threads, 1\.01× \(95 % interval [\d.]+ to [\d.]+, p = [\d.]+\): no difference shown\. /,
    )
    const [wide] = sentences(
      ['threads', 2, 100, 101, 102, 103, 150],
      ['processes', 2, 99, 100.5, 120, 121, 122],
    )
    expect(wide).toMatch(/^2 processes completed 1\.18× .*: no difference shown\. /)
  })

  it('says that few trials are too few, and how many it takes', () => {
    expect(sentences(['threads', 2, 10, 11], ['processes', 2, 20, 22])).toEqual([
      '2 processes completed 2.00× the tasks per second of 2 threads: too few trials to say (2 a side; 5 at least). The processes peaked at 2.00× the resident memory of the threads, which counts shared pages once for each process.',
    ])
    const [uneven] = sentences(['threads', 2, 10, 11], ['processes', 2, 20, 22, 21, 23, 24])
    expect(uneven).toContain('too few trials to say (2 and 5; 5 a side at least)')
  })

  it('speaks of memory by PSS where it is known, with a verdict', () => {
    const run = comparedRun(['threads', 2, 1, 2, 3, 4, 5], ['processes', 2, 1, 2, 3, 4, 5])
    const weights = [50, 51, 52, 53, 54, 60, 61, 62, 63, 64]
    const trials = run.trials.map((trial, at) => ({
      ...trial,
      metrics: { ...trial.metrics, peak_pss_bytes: weights[at] as number },
    }))
    const [sentence] = compareModels({ ...run, trials }).sentences
    expect(sentence).toMatch(
      / The processes peaked at 1\.19× the memory of the threads \(PSS; 95 % interval 1\.1\d to 1\.2\d, p = 0\.0079\): threads take less\.$/,
    )
    expect(sentence).not.toContain('resident')
  })

  it('draws no verdict from resident memory where there are several processes', () => {
    const five = [1, 2, 3, 4, 5] as const
    const [shared] = sentences(['threads', 2, ...five], ['processes', 2, ...five])
    expect(shared).toMatch(/2\.00× the resident memory of the threads, which counts [\w ]+\.$/)
    const [alone] = sentences(['inline', 1, ...five], ['threads', 2, ...five])
    expect(alone).toMatch(
      / The threads peaked at 2\.00× the memory of inline work \(RSS; .*\): inline work takes less\.$/,
    )
  })

  it('does not write a ratio as 0 that is not 0', () => {
    const ratios = [0, 0.00035, 0.0017, 0.027, 0.35, 1.94].map(formatRatio)
    expect(ratios).toEqual(['0.000×', '0.00035×', '0.0017×', '0.027×', '0.35×', '1.94×'])
  })

  it('does not write a bound as 1 that is not 1', () => {
    expect(formatInterval([1.0031, 1.05])).toBe('1.0031 to 1.05')
    expect(formatInterval([0.5, 1])).toBe('0.50 to 1.00')
    expect([0.00009, 0.0002, 0.04996, 0.35].map(formatProbability)).toEqual([
      '< 0.0001',
      '0.0002',
      '0.0500',
      '0.35',
    ])
  })
})

describe('other programs beside the work', () => {
  const [trial] = exampleRun.trials
  if (trial === undefined) throw new Error('no example')
  const busy = (saturation: number | null, cores_used: number): Run => ({
    ...exampleRun,
    environment: { logical_cores: 2 } as Environment,
    trials: [{ ...trial, metrics: { ...trial.metrics, saturation, cores_used } }],
  })

  it('are told of where they took more than a tenth of the cores', () => {
    expect(disturbanceWarnings(busy(1, 1.9))).toEqual([])
    expect(disturbanceWarnings(busy(1, 0.9))).toEqual([
      {
        code: 'disturbed',
        message: expect.stringContaining('took up to 55 % of the cores'),
      },
    ])
  })

  it('are told of in one line where many configurations suffered, with the one that did most', () => {
    const [configuration] = exampleRun.configurations
    if (configuration === undefined) throw new Error('no example')
    const workers = [1, 2, 3, 4, 5]
    const many: Run = {
      ...busy(1, 0.9),
      configurations: workers.map((count) => ({ ...configuration, id: count, workers: count })),
      trials: workers.map((count) => ({
        ...trial,
        id: count,
        configuration_id: count,
        metrics: { ...trial.metrics, saturation: 1, cores_used: 1.5 - count / 10 },
      })),
    }
    expect(disturbanceWarnings(many)).toEqual([
      {
        code: 'disturbed',
        message: expect.stringMatching(
          /^while 5 of the 5 configurations worked, .* up to 50 % of the cores, most while threads × 5 did/,
        ),
      },
    ])
    const few = { ...many, configurations: many.configurations.slice(0, 4) }
    expect(disturbanceWarnings(few)).toHaveLength(4)
  })

  it('are not spoken of where nothing is known of them', () => {
    expect(disturbanceWarnings(busy(null, 0.9))).toEqual([])
    expect(disturbanceWarnings({ ...busy(1, 0.9), environment: null })).toEqual([])
  })
})

describe('the time a plan will take', () => {
  const plan = { ...exampleRun.plan, tasks: null, duration_s: 2, repeat: 3, warmup: 1 }

  it('is that of its trials and a little more, where they run for a time', () => {
    const { time_ms } = estimateTime({ ...plan, models: ['threads', 'processes'] }, [], 2, 'cpu')
    expect(time_ms).toBeGreaterThan(16_000)
    expect(time_ms).toBeLessThan(22_000)
  })

  it('is at most that of all repetitions, where they end when it is precise', () => {
    const timeOf = (change: object) => estimateTime({ ...plan, ...change }, [], 2, 'cpu')
    const most = timeOf({ repeat: 'auto', max_repeat: 9 })
    expect(most.time_ms).toBe(timeOf({ repeat: 9 }).time_ms)
    expect(most.timeBasis).toContain('ends earlier where it is precise earlier')
  })

  it('of a number of tasks is known from earlier runs alone', () => {
    const tasks = { ...plan, tasks: 1000, duration_s: null, workers: [2] }
    const inNode = { runtime: 'node', workers: 2, throughput_per_s: 500 } as const
    expect(estimateTime(tasks, [], 2, 'cpu')).toMatchObject({
      time_ms: null,
      timeBasis: expect.stringContaining('has not been run here yet'),
    })
    const { time_ms } = estimateTime(tasks, [inNode], 2, 'cpu')
    expect(time_ms).toBeGreaterThan(4 * 2000)
    expect(time_ms).toBeLessThan(4 * 2000 + 4000)
    const both = { ...tasks, runtimes: ['node', 'python'] as ('node' | 'python')[] }
    expect(estimateTime(both, [inNode], 2, 'cpu').time_ms).toBeNull()
    const inPython = { runtime: 'python', workers: 2, throughput_per_s: 50 } as const
    const slower = estimateTime(both, [inNode, inPython], 2, 'cpu').time_ms
    expect(slower).toBeGreaterThan(4 * (2000 + 20_000))
  })
})
