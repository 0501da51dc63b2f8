import { describe, expect, it } from 'vitest'
import { whyItDoesNotFit } from '../../src/engine/session/guard.ts'
import { describeWorkloads } from '../../src/engine/workloads/catalogue.ts'
import { parsePlan } from '../../src/shared/model/plan-check.ts'

const workloads = await describeWorkloads()
const gib = 1024 ** 3
const room = (memoryBytes: number) => ({ memoryBytes, tasks: [], openFiles: null })

function plan(document: object) {
  const result = parsePlan(document, workloads, 2)
  if ('problems' in result) throw new Error('no plan')
  return result.plan
}

describe('the memory guard', () => {
  it('lets pass what fits', () => {
    expect(whyItDoesNotFit(plan({ workers: [2] }), 0, room(gib))).toBeNull()
  })

  it('refuses what does not, and says what would', () => {
    const why = whyItDoesNotFit(plan({ workers: [2, 1000] }), 0, room(gib))
    expect(why).toMatch(
      /1000 processes of primes need about \d+ MiB of their own, 1024 MiB are available/,
    )
    expect(why).toMatch(/at most (\d+) would fit$/)
  })

  it('asks nothing of this machine for workers that are elsewhere', () => {
    const cluster = { runtimes: ['dask'], scheduler: 'tcp://a:1', workers: [200] }
    expect(whyItDoesNotFit(plan(cluster), gib, room(gib))).toBeNull()
  })

  it('says of its own advice that it fits', () => {
    const why = whyItDoesNotFit(plan({ workers: [1000] }), 0, room(gib))
    const fitting = Number(/at most (\d+)/.exec(why ?? '')?.[1])
    expect(fitting).toBeGreaterThan(1)
    expect(whyItDoesNotFit(plan({ workers: [fitting] }), 0, room(gib))).toBeNull()
  })

  it('counts what the workload needs', () => {
    const threads = plan({ models: ['threads'], workers: [10] })
    expect(whyItDoesNotFit(threads, 0, room(gib))).toBeNull()
    expect(whyItDoesNotFit(threads, gib / 8, room(gib))).toMatch(/10 threads/)
  })
})

describe('the guard of counts', () => {
  const ample = { memoryBytes: 1024 * gib, tasks: [], openFiles: null }
  const pids = (allowed: number, used: number) => ({ name: 'pids.max', allowed, used })

  it('refuses more kernel threads than are left, by the tightest bound, and says what would fit', () => {
    const tasks = [pids(100_000, 0), pids(1000, 400)]
    const why = whyItDoesNotFit(plan({ workers: [2, 300] }), 0, { ...ample, tasks })
    expect(why).toBe(
      '300 processes need up to 3348 kernel threads, 600 more are allowed (pids.max: 1000, in use: 400); at most 50 would fit',
    )
    expect(whyItDoesNotFit(plan({ workers: [50] }), 0, { ...ample, tasks })).toBeNull()
  })

  it('counts a thread as one', () => {
    const threads = plan({ models: ['threads'], workers: [300] })
    expect(whyItDoesNotFit(threads, 0, { ...ample, tasks: [pids(1000, 400)] })).toBeNull()
  })

  it('refuses more open files than a host may have', () => {
    const threads = plan({ models: ['threads', 'processes'], workers: [300] })
    const why = whyItDoesNotFit(threads, 0, { ...ample, openFiles: 1024 })
    expect(why).toMatch(/^300 threads need about 1832 open files .* at most 165 would fit$/)
  })

  it('names what leaves room for the fewest', () => {
    const tight = { memoryBytes: gib, tasks: [pids(100, 0)], openFiles: 1024 }
    expect(whyItDoesNotFit(plan({ workers: [2000] }), 0, tight)).toMatch(
      /kernel threads.*at most 4/,
    )
  })

  it('takes a bound of memory that the plan sets for what there is', () => {
    const bounded = plan({ workers: [10], memory_mib: 256 })
    const why = whyItDoesNotFit(bounded, 0, ample)
    expect(why).toMatch(/10 processes .* 256 MiB are allowed by the plan; at most 6 would fit/)
  })
})
