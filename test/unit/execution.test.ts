import { describe, expect, it } from 'vitest'
import { trialRounds } from '../../src/engine/execution/order.ts'
import { assignmentFor } from '../../src/engine/execution/scheduling.ts'
import { TaskTimesRecorder, taskPercentiles } from '../../src/engine/execution/worker/task-times.ts'
import { randomNumbers, shuffled } from '../../src/shared/random.ts'

describe('the order of trials', () => {
  const configurations = ['a', 'b', 'c', 'd']

  it('holds every configuration once a round, warm-ups first', () => {
    const order = [...trialRounds(configurations, { repeat: 5, warmup: 2, seed: 3 })].flat()
    expect(order.length).toBe(28)
    expect(order.slice(0, 8).every(({ warmUp }) => warmUp)).toBe(true)
    expect(order.slice(8).some(({ warmUp }) => warmUp)).toBe(false)
    for (let round = 0; round < 7; round++) {
      const names = order.slice(round * 4, round * 4 + 4).map(({ configuration }) => configuration)
      expect(names.toSorted()).toEqual(configurations)
    }
  })

  it('is interleaved, the same for the same seed, and another for another', () => {
    const names = (seed: number) =>
      [...trialRounds(configurations, { repeat: 20, warmup: 0, seed })]
        .flat()
        .map(({ configuration }) => configuration)
        .join('')
    expect(names(1)).toBe(names(1))
    expect(names(1)).not.toBe(names(2))
    const rounds = names(1).match(/.{4}/g) ?? []
    expect(new Set(rounds).size).toBeGreaterThan(5)
  })

  it('is for a seed what it has always been, so that a plan can be run again', () => {
    const order = [...trialRounds(configurations, { repeat: 3, warmup: 1, seed: 1 })].flat()
    expect(order.map(({ configuration }) => configuration).join('')).toBe('cabddabcbadcbcad')
  })

  it('begins alike, however many rounds are taken of it', () => {
    const of = (repeat: number) => trialRounds(configurations, { repeat, warmup: 1, seed: 9 })
    const [many, few] = [of(1000), [...of(2)]]
    expect(few.map(() => many.next().value)).toEqual(few)
  })

  it('gives each place to each configuration about as often', () => {
    const next = randomNumbers(1)
    const first = { a: 0, b: 0, c: 0 }
    for (let round = 0; round < 3000; round++) {
      first[shuffled(['a', 'b', 'c'] as const, next)[0] as 'a']++
    }
    // Three standard deviations of a binomial with p = 1/3.
    for (const count of Object.values(first)) expect(Math.abs(count - 1000)).toBeLessThan(78)
  })
})

describe('scheduling', () => {
  const work = { model: 'threads', durationMs: null } as const

  it.each([
    [10, 3],
    [1, 4],
    [100, 7],
  ])(
    'cuts %i static tasks for %i workers into chunks that differ by at most one',
    (tasks, workers) => {
      const chunks = Array.from({ length: workers }, (_, worker) =>
        assignmentFor({ ...work, scheduling: 'static', tasks, workers }, worker),
      )
      const done = chunks.flatMap((chunk) =>
        chunk.how === 'range'
          ? Array.from({ length: chunk.to - chunk.from }, (_, at) => chunk.from + at)
          : [],
      )
      expect(done).toEqual(Array.from({ length: tasks }, (_, index) => index))
      const sizes = chunks.map((chunk) =>
        chunk.how === 'range' ? chunk.to - chunk.from : Number.NaN,
      )
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    },
  )

  it('has nothing to hand out inline', () => {
    const inline = { model: 'inline', scheduling: 'dynamic', workers: 1, durationMs: null } as const
    expect(assignmentFor({ ...inline, tasks: 5 }, 0)).toEqual({ how: 'range', from: 0, to: 5 })
  })
})

describe('task times', () => {
  it('give percentiles within 0.4 % of the exact ones, over workers', () => {
    const next = randomNumbers(5)
    const all: number[] = []
    const recorders = [new TaskTimesRecorder(), new TaskTimesRecorder()]
    for (let task = 0; task < 5000; task++) {
      const ms = 10 ** (-4 + (8 * next()) / 2 ** 32)
      all.push(ms)
      recorders[task % 2]?.record(ms)
    }
    all.sort((a, b) => a - b)
    const shares = [0.01, 0.5, 0.95, 0.99, 1]
    const found = taskPercentiles(
      recorders.map((recorder) => recorder.taken()),
      shares,
    )
    shares.forEach((share, at) => {
      const exact = all[Math.ceil(share * all.length) - 1] as number
      expect(Math.abs((found[at] as number) / exact - 1)).toBeLessThan(0.004)
    })
  })

  it('know nothing of no task', () => {
    expect(taskPercentiles([[]], [0.5])).toEqual([null])
  })

  it('hold a task of no length and one of hours', () => {
    const recorder = new TaskTimesRecorder()
    recorder.record(0)
    recorder.record(1e12)
    expect(taskPercentiles([recorder.taken()], [0.5, 1]).every(Number.isFinite)).toBe(true)
  })
})
