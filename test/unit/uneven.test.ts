import { describe, expect, it } from 'vitest'
import { assignmentFor } from '../../src/engine/execution/scheduling.ts'
import { describeWorkloads } from '../../src/engine/workloads/catalogue.ts'
import { jumpAhead, taskLengths } from '../../src/engine/workloads/uneven.ts'

const uneven = (await describeWorkloads()).find(({ name }) => name === 'uneven')
const defaults = {
  shortest: uneven?.parameters.shortest?.default as number,
  spread: uneven?.parameters.spread?.default as number,
  together: uneven?.parameters.together?.default as number,
}

/** Steps of each worker where each does its chunk. */
function staticLoads(steps: readonly number[], workers: number): number[] {
  const work = { scheduling: 'static', model: 'threads', workers, durationMs: null } as const
  return Array.from({ length: workers }, (_, worker) => {
    const range = assignmentFor({ ...work, tasks: steps.length }, worker)
    if (range.how !== 'range') return expect.fail('no chunk')
    return steps.slice(range.from, range.to).reduce((sum, each) => sum + each, 0)
  })
}

/** Steps of each worker where the one that is free first takes the next task. */
function dynamicLoads(steps: readonly number[], workers: number): number[] {
  const loads = new Array<number>(workers).fill(0)
  for (const each of steps) {
    const free = loads.indexOf(Math.min(...loads))
    loads[free] = (loads[free] as number) + each
  }
  return loads
}

/** As the figure of a trial: (max − mean) / max. */
function imbalance(loads: readonly number[]): number {
  const most = Math.max(...loads)
  return (most - loads.reduce((sum, each) => sum + each, 0) / loads.length) / most
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] as number
}

describe('uneven', () => {
  it('finds the state after any number of steps as counting finds it', () => {
    let state = 5
    for (let steps = 0; steps < 500; steps++) {
      expect(jumpAhead(5, steps)).toBe(state >>> 0)
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    }
  })

  it('draws lengths within their bounds, most of them short and most of the work in few', () => {
    const { shortest, spread } = defaults
    const steps = Array.from({ length: 20 }, (_, seed) => taskLengths(defaults, seed)).flat()
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(Math.floor(shortest / 2))
    expect(Math.max(...steps)).toBeLessThanOrEqual(shortest * spread * 1.5)
    const falling = steps.toSorted((one, other) => other - one)
    const total = falling.reduce((sum, each) => sum + each, 0)
    const tenth = falling.slice(0, falling.length / 10).reduce((sum, each) => sum + each, 0)
    expect(tenth / total).toBeGreaterThan(0.5)
    // A bounded Pareto distribution of shape 1/2 has its mean at the root of the bounds' product.
    expect(total / steps.length / (shortest * Math.sqrt(spread))).toBeCloseTo(1, 0)
  })

  it.each([
    [2, 200],
    [2, 400],
    [4, 200],
    [4, 400],
    [8, 800],
  ])(
    'by default leaves %i workers idle in chunks of %i tasks, and not task by task',
    (workers, tasks) => {
      const seeds = Array.from({ length: 60 }, (_, seed) => taskLengths(defaults, seed + 1))
      const lists = seeds.map((steps) => steps.slice(0, tasks))
      const inChunks = lists.map((steps) => imbalance(staticLoads(steps, workers)))
      const oneByOne = lists.map((steps) => imbalance(dynamicLoads(steps, workers)))
      expect(median(inChunks)).toBeGreaterThan(0.2)
      expect(median(oneByOne)).toBeLessThan(0.02)
      // The seed that a plan has where none is given.
      expect(inChunks[0]).toBeGreaterThan(0.15)
      expect(oneByOne[0]).toBeLessThan(0.03)
    },
  )
})
