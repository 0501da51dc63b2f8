import { writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import deadlock from '../../src/engine/execution/probes/deadlock.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

it('a worker that dies before the end is told of, and not taken for one that is done', async () => {
  const partnerProgram = scratch.path('dying.mjs')
  await writeFile(partnerProgram, "process.on('message', () => process.exit(3)).send('ready')")
  const seen = deadlock.observe({
    ...{ model: 'processes', workers: 2, variant: 'same order', parameters: { rounds: 1 } },
    ...{ seed: 1, folder: scratch.path('.'), partnerProgram, begin: () => {} },
  })
  await expect(seen).rejects.toThrow(/worker \d ended before its time: exit code 3/)
})
