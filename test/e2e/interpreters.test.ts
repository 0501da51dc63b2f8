import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, dirname } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { corescope, start, startIn } from '../support/command.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'
import { endServed, enter, serve, Tab } from '../support/served.ts'

const scratch = scratchFolder()
afterAll(endServed)

const database = () => scratch.path('runs.db')
const small = [
  '--tasks',
  '4',
  '--repeat',
  '1',
  '--warmup',
  '0',
  '--workers',
  '1',
  '--param',
  'n=10',
]

async function fakePython(name: string, script: string): Promise<string> {
  const path = scratch.path(name, 'python3')
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

const facts = (version: string) =>
  `echo 'corescope-interpreter {"executable":null,"real":null,"prefix":"x","missing":[],"implementation":"CPython","version":"${version}"}'`

describe('corescope interpreters', () => {
  it('keeps what is added, lists it, and takes it back', async () => {
    const path = await fakePython('ein Päckchen', facts('3.12.9'))
    const added = await corescope(database(), 'interpreters', 'add', path)
    expect(added).toMatchObject({ code: 0, stderr: `added CPython 3.12.9: ${path}\n` })
    const listed = await corescope(database(), 'interpreters', '--json')
    const all = JSON.parse(listed.stdout) as { path: string; isAdded: boolean; state: string }[]
    expect(all.filter(({ isAdded }) => isAdded)).toMatchObject([{ path, state: 'usable' }])
    expect((await corescope(database(), 'interpreters')).stdout).toContain(
      `CPython 3.12.9 (added)\n    ${path}\n`,
    )
    expect((await corescope(database(), 'interpreters', 'remove', path)).code).toBe(0)
    const again = await corescope(database(), 'interpreters', 'remove', path)
    expect(again).toMatchObject({
      code: 2,
      stderr: `corescope: ${path} was not added; added: none was\n`,
    })
  })

  it('adds none that cannot be used', async () => {
    const path = await fakePython('exits', 'echo boom >&2; exit 3')
    expect(await corescope(database(), 'interpreters', 'add', path)).toMatchObject({
      code: 2,
      stderr: `corescope: ${path} is broken: it ended with exit code 3: boom; allowed: the path or the command of a Python 3.8 or later; "corescope interpreters" lists those that are found\n`,
    })
  })
})

describe('a plan', () => {
  it('is told of its interpreter under the flag that named it', async () => {
    const path = await fakePython('old', facts('3.6.15'))
    const flags = ['--runtime', 'python', '--interpreter', path, '--interpreter', 'pypy99']
    const ended = await corescope(database(), 'run', ...small, ...flags)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain(
      `--interpreter: ${path} is too old: CPython 3.6.15, and 3.8 or later is needed`,
    )
    expect(ended.stderr).toContain('--interpreter: pypy99 is no command on the PATH')
  })

  it('keeps in its run what executed it', async () => {
    const flags = ['--runtime', 'node,python', '--models', 'threads', '--quiet', '--json', '-']
    const { code, stdout, stderr } = await corescope(database(), 'run', ...small, ...flags)
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout).run.environment.interpreter).toMatch(
      /^Node [\d.]+ \(V8 .*\), \w+ 3\.\d+\.\d+/,
    )
  })

  it('of Node starts no Python', async () => {
    const note = scratch.path('started')
    const path = await fakePython('noting', `echo started > '${note}'`)
    const environment = { PATH: `${dirname(path)}${delimiter}${process.env.PATH}` }
    const started = startIn(environment, database(), 'run', ...small, '--quiet')
    expect(await started.ended).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(note)).toBe(false)
  })
})

describe('an interpreter that hangs', () => {
  it('is gone with the app that asked it, killed as it was', async () => {
    const note = scratch.path('asked')
    const path = await fakePython('asked for ever', `echo $$ > '${note}'; sleep 600`)
    const { child, ended } = start(database(), 'interpreters', 'add', path)
    const asked = () => readFile(note, 'utf8').then(Number, () => 0)
    await until('it is asked', async () => (await asked()) > 0)
    child.kill('SIGKILL')
    await ended
    const processId = await asked()
    await until('it is gone', () => !isAlive(processId))
  })
})

describe('the screen', () => {
  it('adds an interpreter, is told why another is none, and takes it back', async () => {
    const path = await fakePython('of the screen', facts('3.12.9'))
    const served = await serve(scratch.path('screen.db'))
    const tab = await Tab.open(served.port, await enter(served))
    expect(await tab.ask('addInterpreter', { path })).toMatchObject({ path, isAdded: true })
    expect(await tab.ask('interpreters')).toContainEqual(
      expect.objectContaining({ path, isAdded: true, state: 'usable' }),
    )
    expect(await tab.reply('addInterpreter', { path: `${path}4` })).toMatchObject({
      error: {
        code: 'bad-input',
        message: expect.stringContaining(`${path}4 is not there; allowed`),
      },
    })
    const left = await tab.ask('removeInterpreter', { path })
    expect(left.filter(({ isAdded }) => isAdded)).toEqual([])
    served.child.kill('SIGINT')
    await served.ended
  })
})
