import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import deadlock from '../../src/engine/execution/probes/deadlock.ts'
import { programs } from '../support/programs.ts'
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

it.each(['threads', 'processes'] as const)(
  'a deadlock of %s is found though one of them hears late that it may begin',
  async (model) => {
    const partnerProgram = scratch.path('late.cjs')
    const partner = JSON.stringify(join(dirname(programs.host), 'partner.cjs'))
    await writeFile(
      partnerProgram,
      `const { parentPort, workerData } = require('node:worker_threads')
      const { worker } = workerData?.data ?? JSON.parse(process.argv[3])
      const port = parentPort ?? process
      const { on } = port
      const pause = new Int32Array(new SharedArrayBuffer(4))
      if (worker === 1) port.on = (name, heard) => on.call(port, name, (message) => {
        if (message === 'go') Atomics.wait(pause, 0, 0, 200)
        heard(message)
      })
      require(${partner})`,
    )
    const seen = await deadlock.observe({
      ...{ model, workers: 3, variant: 'opposite orders', parameters: { rounds: 5 }, seed: 1 },
      ...{ folder: scratch.path('.'), partnerProgram, begin: () => {} },
    })
    expect(seen).toMatchObject({ deadlock: true, finished: false })
  },
)
