import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { corescope, start, trialIsBusy } from '../support/command.ts'
import { cli } from '../support/programs.ts'
import { processesWith, python, whyNoPython } from '../support/python.ts'
import { scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()
const canLook = process.platform === 'linux' && python !== null
const skipped =
  process.platform === 'linux' ? whyNoPython : ' (skipped: only Linux tells who is whose)'

/** Every way in which Python's workers are started, and what else it starts for them. */
const ways = [
  ...['inline', 'threads', 'thread-pool'],
  ...['processes', 'pool', 'process-pool'].flatMap((model) =>
    ['spawn', 'fork', 'forkserver'].map((method) => `${model} --start-method ${method}`),
  ),
]

const busy = [
  ...['run', '--runtime', 'python', '--interpreter', python?.path ?? '', '--workers', '2'],
  ...['--param', 'n=20000000', '--tasks', '1000', '--warmup', '0', '--interval', '50'],
]

let databases = 0
let database = ''
const left = () => processesWith('CORESCOPE_DB', database)
const isPython = (id: number) => {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('python')
  } catch {
    // It has ended meanwhile.
    return false
  }
}
const flagsOf = (way: string) => [...busy, '--models', ...way.split(' ')]

async function startBusy(way: string) {
  database = scratch.path(`${databases++}.db`)
  const started = start(database, ...flagsOf(way))
  await trialIsBusy(database)
  expect(left().filter(isPython).length).toBeGreaterThan(way.includes('--start-method') ? 2 : 0)
  return started
}

afterEach(async () => {
  await until('nothing of it is left', () => database === '' || left().length === 0)
})

describe.runIf(canLook).each(ways)(`in the middle of Python’s %s${skipped}`, (way) => {
  it('kill -9 of the app leaves no process: worker, tracker of resources or fork server', async () => {
    const { child, ended } = await startBusy(way)
    child.kill('SIGKILL')
    await ended
    await until('all are gone', () => left().length === 0)
  })
})

describe.runIf(canLook)(`a run of Python${skipped}`, () => {
  it.each(['threads', 'processes --start-method forkserver', 'pool'])(
    'by %s is ended by Ctrl-C, which keeps what was measured',
    async (way) => {
      const { child, ended } = await startBusy(way)
      child.kill('SIGINT')
      const { code, stderr } = await ended
      expect([code, stderr]).toEqual([
        130,
        expect.not.stringMatching(/Traceback|KeyboardInterrupt/),
      ])
      await until('all are gone', () => left().length === 0)
      const [run] = JSON.parse((await corescope(database, 'runs', '--json')).stdout)
      expect(run).toMatchObject({ status: 'interrupted', reason: 'stopped by the user' })
    },
  )

  it('is ended by Ctrl-C of a terminal, which every process of it hears', async () => {
    database = scratch.path('terminal.db')
    const child = spawn(process.execPath, [cli, ...flagsOf('processes')], {
      env: { ...process.env, CORESCOPE_DB: database },
      stdio: 'ignore',
      detached: true,
    })
    const ended = new Promise((resolve) => child.on('exit', resolve))
    await trialIsBusy(database)
    for (const id of left()) {
      try {
        process.kill(id, 'SIGINT')
      } catch {
        // The first that has heard of it has ended it already.
      }
    }
    expect(await ended).toBe(130)
  })

  it('is ended by a command that gives it a limit of time', async () => {
    database = scratch.path('timeout.db')
    const child = spawn('timeout', ['4', process.execPath, cli, ...flagsOf('processes')], {
      env: { ...process.env, CORESCOPE_DB: database },
      stdio: 'ignore',
    })
    const code = await new Promise((resolve) => child.on('exit', resolve))
    expect(code).toBe(124)
    await until('all are gone', () => left().length === 0)
  })

  it('of a hundred trials leaves none of them behind', async () => {
    database = scratch.path('hundred.db')
    const { child, ended } = start(
      database,
      ...['run', '--runtime', 'python', '--interpreter', python?.path ?? '', '--workers', '2'],
      ...[
        '--models',
        'threads,processes',
        '--start-method',
        'spawn,forkserver',
        '--param',
        'n=100',
      ],
      ...['--tasks', '4', '--repeat', '34', '--warmup', '0', '--interval', '50', '--json', '-'],
    )
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
    expect(trials).toHaveLength(102)
    // One trial at a time: what is left of each would add up.
    expect(most).toBeLessThan(12)
  }, 480_000)
})
