import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { startIn, trialIsBusy } from '../support/command.ts'
import { python, whyNoPython } from '../support/python.ts'
import { scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()
const canRun = python !== null && process.platform !== 'win32'

/** Every way in which `multiprocessing` makes a folder: for its fork server, and for a task's own use. */
const ways: readonly (readonly [string, string])[] = [
  ['processes', 'spawn'],
  ['processes', 'fork'],
  ['processes', 'forkserver'],
  ['pool', 'forkserver'],
  ['process-pool', 'forkserver'],
]

let runs = 0

/** Starts a run whose processes find a temporary folder of their own, empty at first. */
function begin(model: string, method: string, ...flags: readonly string[]) {
  const folder = scratch.path(`temporary ${++runs}`)
  mkdirSync(folder)
  const database = scratch.path(`${runs}.db`)
  const how = ['--interpreter', python?.path ?? '', '--models', model, '--start-method', method]
  const amount = ['--workers', '2', '--repeat', '1', '--warmup', '0']
  const started = startIn({ TMPDIR: folder }, database, 'run', ...flags, ...how, ...amount)
  return { ...started, database, left: () => readdirSync(folder) }
}

function taskIn(file: string, ...lines: readonly string[]): string {
  const path = scratch.path(file)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

const endlessly = ['--param', 'n=20000000', '--interval', '50']

describe.runIf(canRun)(
  `of the folder that multiprocessing makes nothing is left${whyNoPython}`,
  () => {
    it.each([...ways, ['threads', 'spawn'] as const])('by %s, %s', async (model, method) => {
      const task = taskIn(
        'folder_task.py',
        ...['from multiprocessing.util import get_temp_dir', 'def task(_):', '    get_temp_dir()'],
      )
      const run = begin(model, method, '--workload', task, '--tasks', '4')
      expect((await run.ended).code).toBe(0)
      expect(run.left()).toEqual([])
    })

    it('by threads, though it takes its time to be removed', async () => {
      const task = taskIn(
        'slow_task.py',
        ...['import time', 'from multiprocessing.util import Finalize, get_temp_dir'],
        // The folder is the last to go.
        ...[
          'Finalize(None, time.sleep, (0.8,), exitpriority=0)',
          'def task(_):',
          '    get_temp_dir()',
        ],
      )
      const run = begin('threads', 'spawn', '--workload', task, '--tasks', '4')
      expect((await run.ended).code).toBe(0)
      expect(run.left()).toEqual([])
    })

    it.each(ways)('by %s, %s, when the app is killed in the middle', async (model, method) => {
      const run = begin(model, method, ...['--runtime', 'python', '--tasks', '1000'], ...endlessly)
      await trialIsBusy(run.database)
      expect(run.left()).not.toEqual([])
      run.child.kill('SIGKILL')
      await run.ended
      await until('all is gone', () => run.left().length === 0)
    })
  },
)
