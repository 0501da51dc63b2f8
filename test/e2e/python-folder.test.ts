import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Ended, listenTo } from '../support/command.ts'
import { daskPython } from '../support/dask.ts'
import { cli } from '../support/programs.ts'
import { python, whyNoPython } from '../support/python.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

/** Files such as anybody may have: they are named as modules that the harness imports. */
async function folderOfNames(): Promise<string> {
  const folder = scratch.path('names')
  await mkdir(folder, { recursive: true })
  for (const name of ['queue', 'json', 'selectors', 'random', 'socket', 'clock', 'corescope']) {
    await writeFile(join(folder, `${name}.py`), `raise SystemExit('${name}.py was imported')\n`)
  }
  await writeFile(join(folder, 'beside.txt'), '7')
  return folder
}

function runIn(cwd: string, ...flags: readonly string[]): Promise<Ended> {
  const env = { ...process.env, CORESCOPE_DB: scratch.path('folder.db') }
  const child = spawn(process.execPath, [cli, 'run', ...flags], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return listenTo(child).ended
}

const small = ['--workers', '2', '--tasks', '4', '--repeat', '1', '--warmup', '0']
const started = ['--models', 'processes,pool,process-pool', '--start-method', 'spawn,forkserver']

it.runIf(python !== null && process.platform !== 'win32')(
  `what lies in the current folder is not imported by worker processes${whyNoPython}`,
  async () => {
    const cwd = await folderOfNames()
    const way = ['--runtime', 'python', '--interpreter', python?.path ?? '', ...started]
    const ran = await runIn(cwd, ...way, ...small, '--param', 'n=1000')
    expect(ran.stdout).not.toContain('failed')
    expect(ran.code).toBe(0)
  },
)

it.runIf(python !== null && process.platform !== 'win32')(
  `the user’s own code runs in the current folder, in whatever process${whyNoPython}`,
  async () => {
    const cwd = await folderOfNames()
    const task = 'def task(_):\n    assert open("beside.txt").read() == "7"\n'
    await writeFile(join(cwd, 'my_task.py'), task)
    const way = ['--interpreter', python?.path ?? '', ...started]
    const ran = await runIn(cwd, '--workload', './my_task.py', ...way, ...small)
    expect(ran.stdout).not.toContain('failed')
    expect(ran.code).toBe(0)
  },
)

it.runIf(daskPython !== undefined)(
  'nor by workers of a Dask cluster that is started here',
  async () => {
    const cwd = await folderOfNames()
    const way = ['--runtime', 'dask', '--interpreter', daskPython ?? '', '--models', 'processes']
    const ran = await runIn(cwd, ...way, ...small, '--param', 'n=1000')
    expect(ran.stdout).not.toContain('failed')
    expect(ran.code).toBe(0)
  },
)
