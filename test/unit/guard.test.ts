import { describe, expect, it } from 'vitest'
import { whyItDoesNotFit } from '../../src/engine/session/guard.ts'
import { describeWorkloads } from '../../src/engine/workloads/catalogue.ts'
import { parsePlan } from '../../src/shared/model/plan.ts'

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
