import { describe, expect, it } from 'vitest'
import { Pace } from '../../src/engine/sampling/pace.ts'
import { Throttle } from '../../src/engine/session/throttle.ts'
import { MadeUpClock } from '../support/made-up-clock.ts'

describe('a steady pace', () => {
  /** @param work what each tick takes, in ms */
  function paced(work: (tick: number) => number = () => 0) {
    const clock = new MadeUpClock()
    const ticks: number[] = []
    const pace = new Pace(
      100,
      () => {
        ticks.push(clock.now())
        clock.block(work(ticks.length))
      },
      clock,
    )
    return { clock, ticks, pace }
  }

  it('begins at once and is kept by the clock, whatever a tick takes', () => {
    const { clock, ticks, pace } = paced(() => 30)
    pace.start()
    clock.pass(500)
    expect(ticks.slice(0, 5)).toEqual([0, 100, 200, 300, 400])
  })

  it('is caught up with after a late tick, which makes none of the others late', () => {
    const { clock, ticks, pace } = paced()
    pace.start()
    clock.pass(120)
    clock.block(130)
    clock.pass(200)
    expect(ticks).toEqual([0, 100, 250, 300, 400])
  })

  it('says how late its ticks were, and which were left out', () => {
    const { clock, pace } = paced()
    pace.start()
    pace.count(true)
    clock.pass(150)
    // Due at 200, 300 and 400; it comes at 430, and those between are missed.
    clock.block(280)
    clock.pass(1000)
    const { p50Ms, p99Ms, missed } = pace.punctuality
    expect(missed).toBe(2)
    expect(p50Ms).toBeLessThan(0.001)
    // Three significant digits are what a histogram keeps.
    expect((p99Ms ?? 0) / 230).toBeCloseTo(1, 2)
  })

  it('counts a tick that is overdue when the counting ends, and those it leaves out', () => {
    const { clock, pace } = paced()
    pace.start()
    pace.count(true)
    clock.pass(50)
    // Due at 100, 200 and 300; none of them has come when the counting ends at 330.
    clock.block(280)
    pace.count(false)
    const { p99Ms, missed } = pace.punctuality
    expect(missed).toBe(2)
    expect((p99Ms ?? 0) / 230).toBeCloseTo(1, 2)
  })

  it('counts only while it is told to', () => {
    const { clock, pace } = paced()
    pace.start()
    clock.block(350)
    clock.pass(200)
    pace.miss()
    expect(pace.punctuality).toEqual({ p50Ms: null, p99Ms: null, missed: 0 })
    pace.count(true)
    pace.miss()
    clock.pass(100)
    pace.count(false)
    clock.block(350)
    clock.pass(200)
    pace.miss()
    expect(pace.punctuality.missed).toBe(1)
    expect(pace.punctuality.p99Ms).toBeLessThan(0.001)
  })

  it('ends when it is stopped', () => {
    const { clock, ticks, pace } = paced()
    pace.start()
    pace.stop()
    clock.pass(1000)
    expect(ticks).toEqual([0])
    expect(clock.waiting).toBe(0)
  })
})

describe('what is told so seldom', () => {
  function throttled() {
    const clock = new MadeUpClock()
    const calls: number[] = []
    const throttle = new Throttle(100, () => calls.push(clock.now()), clock)
    const askAt = (...times: readonly number[]) => {
      for (const time of times) {
        clock.pass(time - clock.now())
        throttle.ask()
      }
    }
    return { clock, calls, throttle, askAt }
  }

  it('is told at once where nothing was told just before', () => {
    const { calls, askAt } = throttled()
    askAt(5, 105, 400)
    expect(calls).toEqual([5, 105, 400])
  })

  it('is told once at the end of the interval, however often it is asked for in it', () => {
    const { clock, calls, askAt } = throttled()
    askAt(0, 10, 20, 99)
    expect(calls).toEqual([0])
    clock.pass(1000)
    expect(calls).toEqual([0, 100])
    askAt(1100, 1150)
    clock.pass(1000)
    expect(calls).toEqual([0, 100, 1100, 1200])
  })

  it('wakes nobody where nothing is asked for', () => {
    const { clock, askAt } = throttled()
    askAt(0)
    expect(clock.waiting).toBe(0)
    askAt(50)
    expect(clock.waiting).toBe(1)
    clock.pass(1000)
    expect(clock.waiting).toBe(0)
  })

  it('is told no more when it is stopped', () => {
    const { clock, calls, throttle, askAt } = throttled()
    askAt(0, 50)
    throttle.stop()
    clock.pass(1000)
    expect(calls).toEqual([0])
    throttle.stop()
  })
})
