import { describe, expect, it } from 'vitest'
import { meanOf, observerTallyOf } from '../../src/shared/observer-tally.ts'
import { madeUpTrial } from '../support/made-up-run.ts'

describe('what watching the ended trials cost', () => {
  it('is a mean of those that tell it, the worst lateness, and all samples that were missed', () => {
    const one = madeUpTrial('threads', 0)
    const other = madeUpTrial('threads', 4)
    const late = { ...other, metrics: { ...other.metrics, observer_sampling_share: 0.01 } }
    const lost = { ...one, metrics: { ...one.metrics, samples_missed: 3 } }
    const silent = madeUpTrial('threads', 9, false)
    const tally = observerTallyOf([lost, late, silent])
    expect(meanOf(tally.sampling)).toBeCloseTo(0.007)
    expect(meanOf(tally.total)).toBeCloseTo(0.006)
    expect(tally.worstLateness_ms).toBe(5)
    expect(tally.missed).toBe(3)
  })

  it('is null, and not 0, where no trial tells it', () => {
    const tally = observerTallyOf([madeUpTrial('threads', 0, false)])
    expect(meanOf(tally.recording)).toBeNull()
    expect(tally.worstLateness_ms).toBeNull()
    expect(tally.missed).toBeNull()
  })
})
