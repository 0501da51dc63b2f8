import { describe, expect, it } from 'vitest'
import { compareModels } from '../../src/engine/analysis/comparison.ts'
import { estimateTime } from '../../src/engine/session/estimate.ts'
import { disturbanceWarnings } from '../../src/engine/session/run-warnings.ts'
import type { Environment } from '../../src/shared/model/environment.ts'
import type { Model } from '../../src/shared/model/execution-model.ts'
import type { Run, Trial } from '../../src/shared/model/run.ts'
import { exampleRun } from '../support/example-run.ts'

type Throughputs = readonly [model: Model, workers: number, ...throughputs: number[]]

function runOf(...sides: readonly Throughputs[]): Run {
  const [configuration] = exampleRun.configurations
  const [trial] = exampleRun.trials
  if (configuration === undefined || trial === undefined) throw new Error('no example')
  return {
    ...exampleRun,
    configurations: sides.map(([model, workers], id) => ({ ...configuration, id, model, workers })),
    trials: sides.flatMap(([, , ...throughputs], id) =>
      throughputs.map(
        (throughput_per_s): Trial => ({
          ...trial,
          configuration_id: id,
          metrics: { ...trial.metrics, throughput_per_s, peak_rss_bytes: 10 * (id + 1) },
        }),
      ),
    ),
  }
}

const pairs = (run: Run) =>
  compareModels(run)
    .comparisons.filter(({ metric }) => metric === 'throughput_per_s')
    .map(({ a, b, ratio }) => [a, b, ratio])

describe('models beside each other', () => {
  it('are medians over medians, each model against the one before it', () => {
    const run = runOf(['inline', 1, 10, 12, 11], ['threads', 2, 22, 20, 21], ['processes', 2, 42])
    expect(pairs(run)).toEqual([
      [0, 1, 21 / 11],
      [1, 2, 2],
    ])
  })

  it('are compared at equal numbers of workers, but for inline, which has one', () => {
    const run = runOf(
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
    expect(compareModels(runOf(['threads', 2, 5], ['processes', 2]))).toEqual({
      comparisons: [],
      sentences: [],
    })
    const voided = runOf(['threads', 2, 5], ['processes', 2, 5])
    const trials = voided.trials.map((trial) => ({ ...trial, status: 'void' as const }))
    expect(compareModels({ ...voided, trials }).comparisons).toEqual([])
  })

  it('say that few trials are too few', () => {
    const { sentences } = compareModels(runOf(['threads', 2, 10, 11], ['processes', 2, 20, 22]))
    expect(sentences).toEqual([
      '2 processes completed 2.00× the tasks per second of 2 threads; the processes peaked at 2.00× the resident memory, which counts shared pages once for each process.',
      'With 2 trials a side that is what was seen here; it is too few trials to say more (5 at least).',
    ])
  })

  it('with enough trials say whether the single trials overlap, and never who wins', () => {
    const apart = compareModels(
      runOf(['threads', 1, 10, 10, 10, 10, 10], ['processes', 1, 20, 20, 20, 20, 20]),
    )
    expect(apart.sentences[0]).toContain('1 process completed 2.00×')
    expect(apart.sentences[1]).toContain('do not overlap')
    const mixed = compareModels(
      runOf(['threads', 2, 10, 10, 10, 10, 30], ['processes', 2, 20, 20, 20, 20, 20]),
    )
    expect(mixed.sentences[1]).toContain('may come out the other way')
    const alike = compareModels(
      runOf(['threads', 2, 100, 100, 100, 100, 100], ['processes', 2, 101, 101, 101, 101, 101]),
    )
    expect(alike.sentences[0]).toContain('about as many tasks per second')
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

  it('of a number of tasks is known from earlier runs alone', () => {
    const tasks = { ...plan, tasks: 1000, duration_s: null, workers: [2] }
    expect(estimateTime(tasks, [], 2, 'cpu')).toMatchObject({
      time_ms: null,
      timeBasis: expect.stringContaining('has not been run here yet'),
    })
    const { time_ms } = estimateTime(tasks, [{ workers: 2, throughput_per_s: 500 }], 2, 'cpu')
    expect(time_ms).toBeGreaterThan(4 * 2000)
    expect(time_ms).toBeLessThan(4 * 2000 + 4000)
  })
})
