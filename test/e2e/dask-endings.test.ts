import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { start, trialIsBusy } from '../support/command.ts'
import { daskPython, whyNoDask } from '../support/dask.ts'
import { processesWith } from '../support/python.ts'
import { scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()
const canLook = process.platform === 'linux' && daskPython !== undefined
const why = process.platform === 'linux' ? whyNoDask : 'only Linux tells who is whose'
const skipped = canLook ? '' : ` (skipped: ${why})`

const onDask = ['run', '--runtime', 'dask', '--interpreter', daskPython ?? '', '--workers', '2']
const busy = ['--param', 'n=20000000', '--tasks', '1000', '--warmup', '0', '--interval', '50']

let database = ''
const left = () => processesWith('CORESCOPE_DB', database)

afterEach(async () => {
  await until('nothing of it is left', () => database === '' || left().length === 0)
})

describe.runIf(canLook)(`a local cluster of Dask${skipped}`, () => {
  it.each([
    ['processes', []],
    ['threads', []],
    ['processes', ['--threads-per-worker', '2']],
  ])(
    'of %s %j goes with the app that is killed in the middle of a task',
    async (model, shape) => {
      database = scratch.path(`${model}${shape.length}.db`)
      const { child, ended } = start(database, ...onDask, ...busy, '--models', model, ...shape)
      await trialIsBusy(database)
      expect(left().length).toBeGreaterThan(3)
      child.kill('SIGKILL')
      await ended
      await until('all are gone', () => left().length === 0)
    },
    180_000,
  )

  it('of each of twenty trials leaves no process behind', async () => {
    database = scratch.path('twenty.db')
    const few = ['--param', 'n=100', '--tasks', '4', '--warmup', '0', '--interval', '50']
    const models = ['--models', 'threads,processes', '--repeat', '10', '--json', '-']
    const { child, ended } = start(database, ...onDask, ...few, ...models)
    let most = 0
    const watching = new AbortController()
    const watched = (async () => {
      while (!watching.signal.aborted) {
        most = Math.max(most, left().filter((id) => id !== child.pid).length)
        await setTimeout(100)
      }
    })()
    const { code, stdout } = await ended
    watching.abort()
    await watched
    // What waits for the end of the app to end the rest is the last to go.
    await until('nothing of it is left', () => left().length === 0)
    expect(code).toBe(0)
    const { configurations } = JSON.parse(stdout)
    const trials = configurations.flatMap((each: { trials: { status: string }[] }) => each.trials)
    expect(trials.map(({ status }: { status: string }) => status)).toEqual(Array(20).fill('done'))
    // One trial at a time: what is left of each would add up.
    expect(most).toBeLessThan(12)
  }, 600_000)
})
