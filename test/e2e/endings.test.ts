import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import {
  corescope,
  endless,
  ourProcesses,
  start,
  startIn,
  trialIsBusy,
} from '../support/command.ts'
import { cli, programs } from '../support/programs.ts'
import { scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()
const posix = process.platform !== 'win32'

afterEach(async () => {
  await until('nothing of ours is left', async () => (await ourProcesses()).length === 0)
})

describe.runIf(posix).each(['inline', 'threads', 'processes'])('in the middle of %s', (model) => {
  it('Ctrl-C ends the trial and keeps what was measured', async () => {
    const database = scratch.path(`interrupt ${model}.db`)
    const { child, ended } = start(database, 'run', '--models', model, ...endless)
    await trialIsBusy(database)
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130, stdout: expect.stringContaining('interrupted') })
    const { run, configurations } = JSON.parse(
      (await corescope(database, 'show', 'last', '--json')).stdout,
    )
    expect(run.status).toBe('interrupted')
    expect(configurations[0].trials[0]).toMatchObject({ status: 'interrupted' })
    expect(configurations[0].trials[0].phases.at(-1).name).toBe('work')
  })

  it('kill -9 leaves no process, and a run that the next start marks', async () => {
    const database = scratch.path(`kill ${model}.db`)
    const { child, ended } = start(database, 'run', '--models', model, ...endless)
    await trialIsBusy(database)
    const going = await corescope(database, 'show', 'last', '--json')
    expect(JSON.parse(going.stdout).run.status).toBe('running')
    expect((await ourProcesses()).length).toBeGreaterThan(1)
    child.kill('SIGKILL')
    await ended
    await until('all are gone', async () => (await ourProcesses()).length === 0)
    const { run, configurations } = JSON.parse(
      (await corescope(database, 'show', 'last', '--json')).stdout,
    )
    expect(run).toMatchObject({
      status: 'interrupted',
      reason: 'the app ended in the middle of the run',
    })
    expect(configurations[0].trials[0].status).toBe('interrupted')
    const out = scratch.path(`killed ${model}`)
    const exported = await corescope(database, 'export', 'last', '--format', 'csv', '--out', out)
    expect(exported.code).toBe(0)
  })
})

describe.runIf(posix)('before the first trial', () => {
  it('Ctrl-C ends the run too', async () => {
    const database = scratch.path('preparing.db')
    const flags = ['--workload', 'sha256', '--param', 'size_kib=16384', '--param', 'rounds=64']
    const { child, ended } = start(database, 'run', ...flags)
    // Once the reaper is there, the right results are looked for, which takes seconds.
    await until('the reaper is there', async () => (await ourProcesses(programs.reaper)).length > 0)
    await setTimeout(200)
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130 })
    const [run] = JSON.parse((await corescope(database, 'runs', '--json')).stdout)
    expect(run).toMatchObject({ status: 'interrupted', trials_done: 0 })
  })
})

describe.runIf(posix)('a private folder', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)('is removed after %s', async (signal) => {
    // A place of its own: in the system's there may be folders of others.
    const place = scratch.path(`place of ${signal}`)
    mkdirSync(place)
    const made = () => readdirSync(place).filter((name) => /^corescope-\w{6}$/.test(name))
    const database = scratch.path(`folder ${signal}.db`)
    const flags = ['run', '--workload', 'file', '--duration', '60', '--interval', '50']
    const environment = { TMPDIR: place }
    const { child, ended } = startIn(environment, database, ...flags, '--models', 'processes')
    await trialIsBusy(database)
    expect(made()).toHaveLength(1)
    child.kill(signal)
    await ended
    await until('the folder is gone', () => made().length === 0)
  })
})

describe.runIf(posix)('a reader that goes away', () => {
  it('does not stop the measuring, nor is it a fault', async () => {
    const database = scratch.path('pipe.db')
    const flags = 'run --tasks 20 --param n=1000 --repeat 1 --warmup 0 --json -'
    const command = `"${process.execPath}" "${cli}" ${flags} --db "${database}" | true`
    const shell = spawn('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'pipe'] })
    let words = ''
    shell.stderr.setEncoding('utf8').on('data', (part: string) => {
      words += part
    })
    await new Promise((resolve) => shell.on('close', resolve))
    expect(words).not.toMatch(/EPIPE|at .*\.js/)
    const { run } = JSON.parse((await corescope(database, 'show', 'last', '--json')).stdout)
    expect(run.status).toBe('done')
  })
})

/** util-linux's `script` gives a command a terminal; macOS's takes other flags. */
const hasScript = process.platform === 'linux' && existsSync('/usr/bin/script')

describe.runIf(hasScript)('on a terminal', () => {
  it('draws in place and leaves nothing of it but the table', () => {
    const flags = 'run --duration 0.6 --repeat 1 --warmup 0'
    const command = `stty cols 100 rows 30; "${process.execPath}" "${cli}" ${flags} --db "${scratch.path('tty.db')}"`
    const screen = execFileSync('script', ['-qec', command, '/dev/null'], {
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm-256color' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    expect(screen).toMatch(/trial 1 of 2 · (threads|processes) × \d+ · work/)
    expect(screen).toMatch(/core 0 █+/)
    expect(screen).toMatch(/tree [\d.]+ MiB RSS/)
    const left = screenAfter(screen)
    expect(left).toContain('processes : threads')
    expect(left).not.toMatch(/core 0|trial 1 of|MiB RSS/)
    expect(left.startsWith('run 1 ·')).toBe(true)
    // The cursor, hidden while drawing, is given back.
    expect(screen.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.lastIndexOf('\u001b[?25l'))
  })

  it('closed in the middle of a run ends it as Ctrl-C does', async () => {
    const database = scratch.path('closed.db')
    const command = `"${process.execPath}" "${cli}" run ${endless.join(' ')} --db "${database}"`
    const terminal = spawn('script', ['-qec', command, '/dev/null'], { stdio: 'ignore' })
    await trialIsBusy(database)
    terminal.kill('SIGKILL')
    await until('the run has ended', async () => {
      const [run] = JSON.parse((await corescope(database, 'runs', '--json')).stdout)
      return run.status === 'interrupted' && run.reason === 'stopped by the user'
    })
  })
})

/** What stands on a screen in the end: as much of a terminal as our drawing uses. */
function screenAfter(output: string): string {
  const lines = ['']
  let row = 0
  let column = 0
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is told.
  const tokens = /\u001b\[([?\d;]*)([A-Za-z])|[\s\S]/gu
  for (const [token, parameter, command] of output.matchAll(tokens)) {
    if (command === 'A') row = Math.max(0, row - Number(parameter || 1))
    else if (command === 'B') row += Number(parameter || 1)
    else if (command === 'G') column = Number(parameter || 1) - 1
    else if (command === 'K')
      lines[row] = parameter === '2' ? '' : (lines[row] ?? '').slice(0, column)
    else if (command === 'J') lines.splice(row + 1)
    else if (token === '\r') column = 0
    else if (token === '\n') row++
    else if (command === undefined) {
      lines[row] = (lines[row] ?? '').padEnd(column).slice(0, column) + token
      column++
    }
    while (lines.length <= row) lines.push('')
    if (token === '\n') column = 0
  }
  return lines.join('\n').trim()
}
