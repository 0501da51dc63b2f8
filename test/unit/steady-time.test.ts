import { describe, expect, it } from 'vitest'
import { SteadyTime } from '../../src/engine/clock.ts'

describe('the time of day, carried on', () => {
  it('goes on evenly whichever way the wall clock is set', () => {
    let wall = 1_000_000
    let monotonic = 50.25
    const time = new SteadyTime(
      () => wall,
      () => monotonic,
    )
    monotonic += 1000.5
    wall -= 3_600_000
    expect([time.start, time.now()]).toEqual([1_000_000, 1_001_001])
    expect([time.earliest(), time.latest()]).toEqual([wall, 1_001_001])
    wall += 2 * 3_600_000
    expect(time.now()).toBe(1_001_001)
    expect([time.earliest(), time.latest()]).toEqual([1_001_001, wall])
  })
})
