import { describe, expect, it } from 'vitest'
import { killRecording, recordTogether } from '../support/recorded-trials.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const posix = process.platform !== 'win32'

// 200 kills, and eight terminals: npm run bench -- kills-200 eight-writers
describe.runIf(posix)('a database that is recorded into', () => {
  it('is whole after each kill -9, with every trial that was committed', async () => {
    const path = scratch.path('killed.db')
    let committed = 0
    const moments = [
      ['threads', { after: 'start', ms: 400 }],
      ['processes', { after: 'start', ms: 1200 }],
      ['threads', { after: 'first trial', ms: 0 }],
      ['threads', { after: 'first trial', ms: 333 }],
      ['processes', { after: 'first trial', ms: 666 }],
    ] as const
    for (const [model, moment] of moments) {
      // That all of it is gone is tested here, how soon is measured there.
      const { done, faults } = await killRecording(path, model, moment, 20_000)
      expect(faults).toEqual([])
      committed = done
    }
    expect(committed).toBeGreaterThanOrEqual(3)
  })

  it('takes the runs of several terminals at once, and loses nothing', async () => {
    expect(await recordTogether(scratch.path('together.db'), 3)).toEqual([])
  })
})
