import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { packOverview, unpackOverview } from '../../src/engine/storage/overview-codec.ts'
import { Timeline, type TimelineData } from '../../src/shared/timeline.ts'
import { madeUpCores, madeUpReading } from '../support/made-up-run.ts'

/** A trial that was longer than its slots, with gaps where not all is told. */
function overview(isLinux: boolean): TimelineData {
  const timeline = new Timeline(madeUpCores, 4, 64)
  for (let t = 0; t < 3000; t += 23.7) {
    timeline.add(madeUpReading('processes', t, t > 1000 && isLinux))
  }
  return timeline.toData()
}

describe('a packed overview', () => {
  it('comes back as it was', () => {
    for (const each of [overview(true), overview(false), new Timeline(3, 0, 4).toData()]) {
      expect(unpackOverview(packOverview(each))).toEqual(each)
    }
  })

  it('of before is JSON, and may lack what is kept today', () => {
    const { treeCpuLow: _, treePssLow: __, ...old } = overview(true)
    const read = unpackOverview(deflateRawSync(JSON.stringify(old)))
    expect(read).toEqual(old)
    // Brought along, by an import, it still lacks them.
    expect(unpackOverview(packOverview(read))).toEqual(old)
    const timeline = Timeline.from(read, 64)
    expect(timeline.treePssLow.subarray(0, timeline.length).every(Number.isNaN)).toBe(true)
    expect(timeline.treePss[timeline.length - 1]).toBe(read.treePss.at(-1))
  })

  it('that is cut off is refused', () => {
    const whole = packOverview(overview(true))
    for (let length = 0; length < whole.length; length += 7) {
      expect(() => unpackOverview(whole.subarray(0, length))).toThrow(Error)
    }
  })
})
