import { describe, expect, it } from 'vitest'
import { refuseWhatDoesNotFit } from '../../src/engine/session/guard.ts'
import { describeWorkloads } from '../../src/engine/workloads/catalogue.ts'
import { parsePlan } from '../../src/shared/model/plan.ts'

const workloads = await describeWorkloads()
const gib = 1024 ** 3

function plan(document: object) {
  const result = parsePlan(document, workloads, 2)
  if ('problems' in result) throw new Error('no plan')
  return result.plan
}

describe('the memory guard', () => {
  it('lets pass what fits', () => {
    expect(() => refuseWhatDoesNotFit(plan({ workers: [2] }), 0, gib)).not.toThrow()
  })

  it('refuses what does not, and says what would', () => {
    const run = () => refuseWhatDoesNotFit(plan({ workers: [2, 1000] }), 0, gib)
    expect(run).toThrow(
      /1000 processes of primes need about \d+ MiB of their own, 1024 MiB are available/,
    )
    expect(run).toThrow(/at most (\d+) would fit \(--force/)
  })

  it('says of its own advice that it fits', () => {
    let fitting = 0
    try {
      refuseWhatDoesNotFit(plan({ workers: [1000] }), 0, gib)
    } catch (error) {
      fitting = Number(/at most (\d+)/.exec((error as Error).message)?.[1])
    }
    expect(fitting).toBeGreaterThan(1)
    expect(() => refuseWhatDoesNotFit(plan({ workers: [fitting] }), 0, gib)).not.toThrow()
  })

  it('counts what the workload needs', () => {
    const threads = plan({ models: ['threads'], workers: [10] })
    expect(() => refuseWhatDoesNotFit(threads, 0, gib)).not.toThrow()
    expect(() => refuseWhatDoesNotFit(threads, gib / 8, gib)).toThrow(/10 threads/)
  })
})
