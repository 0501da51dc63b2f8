import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { HeldMemory } from '../../src/engine/session/held-memory.ts'
import { memoryBound, TrialBounds, whyNotInTime } from '../../src/engine/session/trial-bounds.ts'
import type { Sample, SampleStream } from '../../src/shared/model/sample.ts'
import { rowOf } from '../../src/shared/sample-row.ts'

const memory = memoryBound(null, 1000)
const bounds = { durationMs: 2000, timeoutMs: 500, memory }
const threads = { model: 'threads', workers: 6, bounds } as const

function crew(done: readonly boolean[], tasks: readonly number[]) {
  const none = done.map(() => null)
  return {
    workers: { isDone: done, tasks, at: none, cpuMs: tasks, rssBytes: none, heapUsedBytes: tasks },
  }
}

describe('what is said of a trial at its deadline', () => {
  it('names the workers that had not finished, and what each had done', () => {
    const report = crew([true, false, true, false, true, true], [9, 1, 9, 0, 9, 9])
    expect(whyNotInTime(threads, 'work', report)).toBe(
      'the trial was ended 0.500 s beyond its 2.00 s of work: worker 1 (1 task done), worker 3 (no task done) had not finished',
    )
  })

  it('counts those that are too many to be named', () => {
    const report = crew(Array(6).fill(false), Array(6).fill(2))
    expect(whyNotInTime(threads, 'work', report)).toMatch(
      /worker 3 \(2 tasks done\) and 2 more had/,
    )
  })

  it('says of inline work that it is the host', () => {
    const inline = { ...threads, model: 'inline', workers: 1 } as const
    expect(whyNotInTime(inline, 'work', crew([false], [3]))).toMatch(
      /: the host had not finished \(3 tasks done\)$/,
    )
  })

  it.each([
    [null, /its host had not begun$/],
    ['spawn', /not all of its 6 workers had been started$/],
    ['barrier', /not all of its 6 workers had been prepared$/],
    ['teardown', /not all of its 6 workers had ended$/],
  ] as const)('says what was to happen in the phase %s', (phase, words) => {
    expect(whyNotInTime(threads, phase, null)).toMatch(words)
  })
})

const sample = (stream: SampleStream, values: Sample['values']) => ({
  ...{ stream, at: 0, dt_ms: 0 },
  ...rowOf(values),
})
const processes = (values: Sample['values']) => sample('processes', values)

describe('a trial within its bounds', () => {
  const twice = processes({ 'process.1.rss_bytes': 500, 'process.2.rss_bytes': 500 })

  /** @param pss what a precise reading finds when it is asked for; null where the system gives none */
  function bounded(pss: number | null) {
    const trial: TrialBounds = new TrialBounds({
      ...{ ...threads, memoryBytes: 5000 },
      look: async () => {
        trial.addSample(twice)
        if (pss !== null) trial.addSample(sample('memory', { 'tree.pss_bytes': pss }))
      },
    })
    onTestFinished(() => trial.close())
    return trial
  }

  it('goes on where its processes only seem to hold too much', async () => {
    const trial = bounded(900)
    trial.addSample(twice)
    await setImmediate()
    expect(trial.exceeded.aborted).toBe(false)
  })

  it.each([[901], [null]])('is ended where they do, by what was read: %s', async (pss) => {
    const trial = bounded(pss)
    trial.addSample(twice)
    expect(trial.exceeded.aborted).toBe(false)
    await setImmediate()
    expect(trial.exceeded.reason).toMatch(/^the trial was ended: its processes held/)
  })

  it('is ended where hardly any memory is left on the machine, whoever has taken it', () => {
    const trial = bounded(null)
    trial.addSample(sample('machine', { 'machine.memory_used_bytes': 4950 }))
    expect(trial.exceeded.aborted).toBe(false)
    trial.addSample(sample('machine', { 'machine.memory_used_bytes': 4951 }))
    expect(trial.exceeded.reason).toMatch(/of the machine’s memory were free, at least/)
  })
})

describe('the memory that a trial holds', () => {
  it('is what was last read of each process that is there', () => {
    const held = new HeldMemory()
    held.addSample(processes({ 'process.1.rss_bytes': 10, 'process.2.rss_bytes': 20 }))
    held.addSample(processes({ 'process.1.rss_bytes': Number.NaN, 'process.2.rss_bytes': 25 }))
    expect(held.bytes).toBe(35)
    held.addSample(processes({ 'process.1.rss_bytes': Number.NaN }))
    expect(held.bytes).toBe(10)
  })

  it('counts once what its processes share, and nothing more for those that are gone', () => {
    const held = new HeldMemory()
    held.addSample(processes({ 'process.1.rss_bytes': 100, 'process.2.rss_bytes': 100 }))
    held.addSample(sample('memory', { 'tree.pss_bytes': 140 }))
    expect(held.bytes).toBe(140)
    held.addSample(processes({ 'process.1.rss_bytes': 200, 'process.2.rss_bytes': 100 }))
    expect(held.bytes).toBe(240)
    held.addSample(processes({ 'process.1.rss_bytes': 200 }))
    expect(held.bytes).toBe(170)
  })
})

describe('the bound of memory', () => {
  it('is what the plan says, and else leaves some of what there is', () => {
    expect(memoryBound(2, 100)).toEqual({ heldBytes: 2 ** 21, isGiven: true, freeBytes: null })
    expect(memory).toEqual({ heldBytes: 900, isGiven: false, freeBytes: 50 })
  })
})
