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
    for (const [kill, afterMs] of [400, 1200, 2500, 3500, 5000].entries()) {
      const model = kill % 2 === 0 ? 'threads' : 'processes'
      const { done, faults } = await killRecording(path, model, afterMs)
      expect(faults).toEqual([])
      committed = done
    }
    expect(committed).toBeGreaterThan(0)
  })

  it('takes the runs of several terminals at once, and loses nothing', async () => {
    expect(await recordTogether(scratch.path('together.db'), 3)).toEqual([])
  })
})
