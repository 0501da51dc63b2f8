import { describe, expect, it } from 'vitest'
import {
  largestOf,
  type MemorySide,
  memoryRatios,
  memoryRows,
  memorySentences,
} from '../../src/renderer/views/columns/memory-figures.ts'
import type { Model } from '../../src/shared/model/execution-model.ts'
import type { Trial } from '../../src/shared/model/run.ts'
import { countedOf, tallyOf } from '../../src/shared/tally.ts'
import { madeUpTrial } from '../support/made-up-run.ts'

const mebibyte = 2 ** 20

const side = (model: Model, trials: readonly Trial[] = [madeUpTrial(model, 0)]): MemorySide => ({
  ...{ key: model, words: model, executor: null, model },
  configuration: { workers: model === 'inline' ? 1 : 4 },
  tally: tallyOf(trials),
})
const [threads, processes] = [side('threads'), side('processes')]
const elsewhere = (model: Model) => side(model, [madeUpTrial(model, 0, false)])

function withPeak(index: number, rss: number): Trial {
  const trial = madeUpTrial('threads', index)
  return { ...trial, metrics: { ...trial.metrics, peak_rss_bytes: rss * mebibyte } }
}

describe('the trials of a configuration together', () => {
  it('leave out warm-ups, and count such as are void or failed by their reason', () => {
    const trial = madeUpTrial('threads', 0)
    const tally = tallyOf([
      { ...trial, warm_up: true },
      trial,
      { ...trial, status: 'void', reason: 'wrong' },
      { ...trial, status: 'failed', reason: 'killed' },
      { ...trial, status: 'void', reason: 'wrong' },
      { ...trial, status: 'running' },
    ])
    expect(tally.ended).toBe(4)
    expect(countedOf(tally)).toBe(1)
    expect(tally.uncounted).toEqual([
      { status: 'void', reason: 'wrong', trials: 2 },
      { status: 'failed', reason: 'killed', trials: 1 },
    ])
    expect(tally.memory.rss.peaks).toEqual([85 * mebibyte])
  })

  it('are told apart by a few reasons only, however many there are', () => {
    const trials = Array.from({ length: 100 }, (_, index): Trial => {
      return { ...madeUpTrial('threads', 0), status: 'failed', reason: `reason ${index}` }
    })
    const { uncounted } = tallyOf(trials)
    expect(uncounted.length).toBeLessThan(10)
    expect(uncounted.reduce((sum, each) => sum + each.trials, 0)).toBe(100)
  })
})

describe('the memory of the models', () => {
  it('is the median over the trials that count, and what each worker adds to the host alone', () => {
    const trials = [withPeak(0, 85), withPeak(1, 105), withPeak(2, 1000)]
    const broken: Trial = { ...withPeak(3, 5000), status: 'void' }
    const [row] = memoryRows([side('threads', [...trials, broken])])
    expect(row?.trials).toBe(3)
    expect(row?.peak.rss).toBe(105 * mebibyte)
    expect(row?.perWorker).toEqual({
      ...{ rss: 15 * mebibyte, pss: 9.5 * mebibyte, uss: 9 * mebibyte },
    })
  })

  it('is null where the platform does not tell it, and never 0', () => {
    const [row] = memoryRows([elsewhere('processes')])
    expect(row?.peak).toEqual({ rss: 245 * mebibyte, pss: null, uss: null })
    expect(row?.perWorker).toEqual({ rss: 50 * mebibyte, pss: null, uss: null })
  })

  it('has one scale for all bars of a table', () => {
    const rows = memoryRows([threads, processes])
    expect(largestOf(rows, 'peak')).toBe(245 * mebibyte)
    expect(largestOf(rows, 'perWorker')).toBe(50 * mebibyte)
    expect(largestOf(memoryRows([side('threads', [])]), 'peak')).toBe(0)
  })

  it('of a process over that of a thread is a ratio where both are above 0', () => {
    const [ratios] = memoryRatios(memoryRows([side('inline'), threads, processes]))
    expect(ratios?.perWorker.rss).toBe(5)
    expect(ratios?.perWorker.pss).toBeCloseTo(12.5 / 9.5)
    const flat = side('threads', [withPeak(0, 45)])
    expect(memoryRatios(memoryRows([flat, processes]))[0]?.perWorker.rss).toBeNull()
    expect(memoryRatios(memoryRows([threads]))).toEqual([])
  })

  it('is held against threads of the same executor, a pool’s where there are no others', () => {
    const of = (executor: string, model: Model) => ({ ...side(model), key: '', executor })
    const ratios = memoryRatios(
      memoryRows([
        of('Node', 'threads'),
        of('PyPy 3.9.16', 'thread-pool'),
        of('PyPy 3.9.16', 'pool'),
        of('CPython 3.11.2', 'processes'),
      ]),
    )
    expect(ratios.map(({ executor }) => executor)).toEqual(['PyPy 3.9.16'])
  })
})

describe('the sentences of the memory panel', () => {
  const here = (...sides: readonly MemorySide[]) => memorySentences(memoryRows(sides))[1]

  it('say by how much the measures differ in this run', () => {
    expect(here(threads, processes)).toBe(
      'Here RSS says that a worker process takes 5.00× the memory of a thread, PSS says 1.32×.',
    )
    expect(here(processes)).toBe(
      'Here RSS says that the processes took 245 MiB at most, PSS says 80.0 MiB.',
    )
  })

  it('say whose workers they are where several execute the work', () => {
    const of = (executor: string) =>
      [threads, processes].map((each) => ({ ...each, key: '', executor }))
    expect(here(...of('Node'), ...of('PyPy 3.9.16'))).toBe(
      'In Node RSS says that a worker process takes 5.00× the memory of a thread, PSS says 1.32×. In PyPy 3.9.16 RSS says that a worker process takes 5.00× the memory of a thread, PSS says 1.32×.',
    )
  })

  it('say that there is no PSS where there is none, and that no trial counts yet', () => {
    expect(here(elsewhere('threads'), elsewhere('processes'))).toBe(
      'PSS and USS are not available here; by RSS alone a worker process takes 5.00× the memory of a thread, more than it really does.',
    )
    expect(here(elsewhere('threads'))).toBe('PSS and USS are not available here.')
    expect(here(side('threads', []))).toBe('The figures come with the first trial that counts.')
  })
})
