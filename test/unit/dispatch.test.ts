import { describe, expect, it } from 'vitest'
import { batchMs, batchTasks, dispatcher } from '../../src/engine/execution/dispatch.ts'
import { inline } from '../../src/engine/execution/host/inline.ts'
import type { Batch, BatchAnswer, WorkerToHost } from '../../src/engine/execution/protocol.ts'
import { randomNumbers } from '../../src/shared/random.ts'

interface Done {
  readonly task: number
  readonly worker: number
  readonly from: number
  readonly to: number
}

interface Work {
  readonly workers: number
  readonly tasks?: number
  readonly durationMs?: number
  /** How long a task takes, in ms. */
  readonly lengthOf: (task: number) => number
}

/** Workers that do what they are told on a clock of their own, as they do it in a trial. */
function simulate({ workers, tasks, durationMs, lengthOf }: Work) {
  let now = 0
  const dispatch = dispatcher(
    { workers, tasks: tasks ?? null, durationMs: durationMs ?? null },
    0,
    () => now,
  )
  const done: Done[] = []
  const batches: Batch[] = []
  const released = new Set<number>()
  const busy: { worker: number; at: number; answer: BatchAnswer }[] = []
  const tell = (from: number, answer: BatchAnswer | null) => {
    for (const [worker, batch] of dispatch(from, answer)) {
      if (batch === null) {
        expect(released.has(worker)).toBe(false)
        released.add(worker)
        continue
      }
      batches.push(batch)
      const checksums: number[] = []
      let longestMs = 0
      let at = now
      for (let task = batch.from; task < batch.to && at < now + batchMs; task++) {
        done.push({ task, worker, from: at, to: at + lengthOf(task) })
        at += lengthOf(task)
        longestMs = Math.max(longestMs, lengthOf(task))
        checksums.push(task)
      }
      busy.push({ worker, at, answer: { checksums, longestMs } })
    }
  }
  for (let worker = 0; worker < workers; worker++) tell(worker, null)
  while (busy.length > 0) {
    const next = busy.sort((a, b) => a.at - b.at).shift() as (typeof busy)[number]
    now = next.at
    tell(next.worker, next.answer)
  }
  expect(released.size).toBe(workers)
  return { done, batches }
}

const endOf = (done: readonly Done[]) => done.reduce((latest, { to }) => Math.max(latest, to), 0)

const random = randomNumbers(3)
const heavyTailed = Array.from({ length: 5000 }, () => 0.003 / (random() / 2 ** 32 + 1e-5) ** 1.2)
const lengths = {
  none: () => 0,
  trivial: () => 0.001,
  short: () => 0.07,
  long: () => 25,
  'heavy-tailed': (task: number) => heavyTailed[task % heavyTailed.length] as number,
  'first short, then long': (task: number) => (task < 900 ? 0.001 : 40),
} as const
const cases = Object.keys(lengths).flatMap((name) =>
  [1, 2, 3, 64].map((workers) => [name as keyof typeof lengths, workers] as const),
)

describe('dispatch', () => {
  it.each(cases)('hands out each of %s tasks to %i workers once', (name, workers) => {
    for (const tasks of [1, 2, 63, 3000]) {
      const { done } = simulate({ workers, tasks, lengthOf: lengths[name] })
      const numbers = done.map(({ task }) => task).toSorted((a, b) => a - b)
      expect(numbers).toEqual(Array.from({ length: tasks }, (_, task) => task))
    }
  })

  it.each(cases.filter(([name]) => name !== 'none'))(
    'hands out %s tasks to %i workers until the time is up, none twice',
    (name, workers) => {
      const durationMs = 4
      const { done } = simulate({ workers, durationMs, lengthOf: lengths[name] })
      expect(new Set(done.map(({ task }) => task)).size).toBe(done.length)
      expect(endOf(done)).toBeGreaterThanOrEqual(durationMs)
      expect(done.every(({ from }) => from < durationMs + batchMs)).toBe(true)
    },
  )

  it('sends trivial tasks in messages of up to 64, beginning with one', () => {
    const { batches } = simulate({ workers: 1, durationMs: 5, lengthOf: lengths.trivial })
    const sizes = batches.map(({ from, to }) => to - from)
    expect(sizes.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 64, 64])
    expect(Math.max(...sizes)).toBe(batchTasks)
  })

  it('sends a task that is worth a message alone', () => {
    const { batches } = simulate({ workers: 4, tasks: 400, lengthOf: () => 0.6 })
    expect(batches.every(({ from, to }) => to - from === 1)).toBe(true)
  })

  it('takes a worker that had a long task back to single tasks', () => {
    const dispatch = dispatcher({ workers: 1, tasks: null, durationMs: 1000 }, 0, () => 0)
    const answer = (count: number, longestMs: number) =>
      dispatch(0, { checksums: Array.from({ length: count }, () => 0), longestMs })
    dispatch(0, null)
    answer(1, 0.01)
    expect(answer(2, 0.01)).toEqual([[0, { from: 3, to: 7 }]])
    expect(answer(4, 1.1)).toEqual([[0, { from: 7, to: 8 }]])
  })

  it('lets nobody but the one who is in it wait for a long task', () => {
    // Sixteen long ones where the workers' batches are largest: they would fit into one.
    const isLong = (task: number) => task >= 5008 && task < 5024
    const lengthOf = (task: number) => (isLong(task) ? 50 : 0.001)
    const { done } = simulate({ workers: 2, tasks: 10_000, lengthOf })
    const long = done.filter(({ task }) => isLong(task))
    const ofFirst = long.filter(({ worker }) => worker === 0).length
    expect(Math.abs(ofFirst - (long.length - ofFirst))).toBeLessThanOrEqual(1)
    // One worker is in the first; the other has done all else by then, and they share the rest.
    expect(endOf(done)).toBeLessThan(9 * 50 + 10)
  })

  it('gives what was given up behind a long task to a worker that waits', () => {
    const dispatch = dispatcher({ workers: 2, tasks: 20, durationMs: null }, 0, () => 0)
    const answer = (worker: number, count: number, longestMs: number) =>
      dispatch(worker, { checksums: Array.from({ length: count }, () => 0), longestMs })
    expect(dispatch(0, null)).toEqual([[0, { from: 0, to: 1 }]])
    expect(answer(0, 1, 0.01)).toEqual([[0, { from: 1, to: 3 }]])
    expect(answer(0, 2, 0.01)).toEqual([[0, { from: 3, to: 7 }]])
    // Worker 0 is in the first of three, a long one; worker 1 does all the others one by one.
    expect(answer(0, 4, 0.01)).toEqual([[0, { from: 7, to: 10 }]])
    expect(dispatch(1, null)).toEqual([[1, { from: 10, to: 11 }]])
    for (let task = 11; task < 20; task++) {
      expect(answer(1, 1, 0.9)).toEqual([[1, { from: task, to: task + 1 }]])
    }
    expect(answer(1, 1, 0.9)).toEqual([])
    expect(answer(0, 1, 50)).toEqual([
      [1, { from: 8, to: 9 }],
      [0, { from: 9, to: 10 }],
    ])
    expect(answer(1, 1, 50)).toEqual([[1, null]])
    expect(answer(0, 1, 50)).toEqual([[0, null]])
  })
})

it('a worker gives up a batch after a long task, and answers for what it has done', async () => {
  const { promise: answered, resolve } = Promise.withResolvers<BatchAnswer>()
  const prepared = Promise.withResolvers<void>()
  const worker = inline.start('', {
    message(message: WorkerToHost) {
      if (message.type === 'prepared') prepared.resolve()
      if (message.type === 'answer') resolve(message)
    },
    exited: () => {},
  })
  const spec = {
    workload: 'sleep',
    parameters: { ms: 5 },
    seed: 1,
    model: 'threads',
    workers: 1,
    scheduling: 'dynamic',
    tasks: 10,
    durationMs: null,
    intervalMs: 1000,
    baselineMs: 0,
    expected: [5],
    folder: null,
    serverPort: null,
    isProbe: false,
    variant: null,
  } as const
  worker.send({ type: 'prepare', worker: 0, spec, sharedData: null })
  await prepared.promise
  worker.send({ type: 'go', assignment: { how: 'dynamic' } })
  worker.send({ type: 'tasks', from: 0, to: 10 })
  const { checksums, longestMs } = await answered
  expect(checksums).toEqual([5])
  expect(longestMs).toBeGreaterThan(batchMs)
})
