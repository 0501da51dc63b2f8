import { describe, expect, it } from 'vitest'
import { configurationKey, wayOf } from '../../src/engine/analysis/between/way.ts'
import { compareModels } from '../../src/engine/analysis/comparison.ts'
import { executorOf } from '../../src/engine/analysis/executor.ts'
import type { Configuration, Run } from '../../src/shared/model/run.ts'
import { comparedRun, type Throughputs } from '../support/example-comparison.ts'
import { cpython, freeThreaded, pypy } from '../support/example-interpreters.ts'

type Executed = Partial<Configuration>

/** A run with sides that different programs executed. */
function runOf(...sides: readonly (readonly [Executed, Throughputs])[]): Run {
  const run = comparedRun(...sides.map(([, throughputs]) => throughputs))
  const configurations = run.configurations.map((each, at) => ({ ...each, ...sides[at]?.[0] }))
  return { ...run, configurations }
}

const pairs = (run: Run) =>
  compareModels(run)
    .comparisons.filter(({ metric }) => metric === 'throughput_per_s')
    .map(({ a, b, ratio }) => [a, b, ratio])

const node: Executed = {}
const python: Executed = { runtime: 'python', interpreter: cpython }
const spawned: Executed = { ...python, variant: 'spawn' }
const fast: Executed = { runtime: 'python', interpreter: pypy }

describe('what several programs executed', () => {
  it('is compared model by model within each, and each with the first, model for model', () => {
    const run = runOf(
      [node, ['inline', 1, 100]],
      [node, ['threads', 2, 200]],
      [node, ['processes', 2, 190]],
      [python, ['inline', 1, 10]],
      [python, ['threads', 2, 11]],
      [spawned, ['processes', 2, 20]],
      [fast, ['threads', 2, 50]],
    )
    expect(pairs(run)).toEqual([
      [0, 1, 2],
      [1, 2, 0.95],
      [3, 4, 1.1],
      [4, 5, 20 / 11],
      [0, 3, 0.1],
      [1, 4, 11 / 200],
      [2, 5, 20 / 190],
      [1, 6, 0.25],
    ])
  })

  it('is never a pair of two models of two programs, nor of two numbers of workers', () => {
    const run = runOf(
      [node, ['threads', 2, 200]],
      [python, ['threads', 4, 11]],
      [fast, ['processes', 2, 20]],
    )
    expect(pairs(run)).toEqual([])
  })

  it('is told apart by the interpreter’s place in one run, and by what it is in several', () => {
    const [example] = comparedRun(['threads', 2, 1]).configurations as [Configuration]
    const by = (change: Executed): Configuration => ({ ...example, ...python, ...change })
    const elsewhere = { ...cpython, path: '/another/python', version: '3.11.9', numpy: null }
    expect(executorOf(by({ interpreter: elsewhere }))).not.toBe(executorOf(by({})))
    expect(wayOf(by({ interpreter: elsewhere }))).toBe(wayOf(by({})))
    expect(configurationKey(by({ interpreter: elsewhere }))).toBe(configurationKey(by({})))
    const others = [
      { ...cpython, version: '3.12.0' },
      { ...cpython, gil: false },
      { ...pypy, version: cpython.version },
      freeThreaded,
    ]
    for (const interpreter of others) expect(wayOf(by({ interpreter }))).not.toBe(wayOf(by({})))
    expect(wayOf(by({ variant: 'fork' }))).not.toBe(wayOf(by({ variant: 'spawn' })))
    expect(wayOf(example)).not.toBe(wayOf(by({})))
  })
})
