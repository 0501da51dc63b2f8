import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { type InterpreterParts, Interpreters } from '../../src/engine/interpreters/interpreters.ts'
import { thisMachine } from '../../src/engine/interpreters/machine.ts'
import type { FoundInterpreter } from '../../src/shared/model/found-interpreter.ts'
import { programs } from '../support/programs.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'

const run = promisify(execFile)
const scratch = scratchFolder()
const program = join(programs.python, 'interpreter_facts.py')

/** Nothing here outlives its test: the guard has nothing to do. */
const noGuard = { watchGroup: () => () => {}, close: () => {} }

function interpretersOf(parts: Partial<InterpreterParts> = {}): Interpreters {
  return new Interpreters({
    program,
    added: async () => [],
    startGuard: async () => noGuard,
    ...parts,
  })
}

/** A program of that name in a folder of its own, which says what a shell's script says. */
async function fakePython(name: string, script: string): Promise<string> {
  const path = scratch.path(name, 'python3')
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

/** A fake that tells of itself what a Python would. */
function fakeTelling(name: string, facts: object): Promise<string> {
  const plain = {
    executable: null,
    real: null,
    prefix: name,
    missing: [],
    implementation: 'CPython',
  }
  return fakePython(name, `echo 'corescope-interpreter ${JSON.stringify({ ...plain, ...facts })}'`)
}

/** A machine on which nothing is found. */
const none = () => ({
  ...thisMachine(),
  environment: { PATH: scratch.path('nothing') },
  home: scratch.path('nobody'),
  folder: scratch.path(),
  list: async () => [],
})

let python: FoundInterpreter

// A machine without Python runs none of this; the tests of the harness say so as well.
beforeAll(async () => {
  const { interpreter } = await interpretersOf().usual()
  if (interpreter === null) throw new Error('these tests need a Python of 3.8 or later')
  python = await interpretersOf().named(interpreter.path)
})

describe('a real Python', () => {
  it('says what it is, as it says itself', async () => {
    const code =
      'import platform, sys; print(platform.python_implementation(), platform.python_version())'
    const { stdout } = await run(python.path, ['-c', code])
    const { implementation, version, models, gil } = python.interpreter ?? {}
    expect(`${implementation} ${version}`).toBe(stdout.trim())
    expect(models).toEqual(expect.arrayContaining(['inline', 'threads', 'processes', 'pool']))
    expect(gil).toBeTypeOf('boolean')
  })

  it('tells of no package that it cannot import', async () => {
    for (const { path, interpreter } of await interpretersOf().list()) {
      if (interpreter === null) continue
      for (const [name, version] of [
        ['numpy', interpreter.numpy],
        ['Cython', interpreter.cython],
        ['distributed', interpreter.dask],
      ]) {
        if (version !== null) await run(path, ['-c', `import ${name}`])
      }
    }
  })

  it('is reached by a link with spaces and letters of any kind', async () => {
    const link = scratch.path('ein Päckchen 蛇', 'python3')
    await mkdir(dirname(link))
    await symlink(python.path, link)
    const found = await interpretersOf().named(link)
    expect(found).toMatchObject({ path: link, state: 'usable' })
    expect((await run(found.path, ['-c', 'print(1)'])).stdout).toBe('1\n')
  })

  it('is not its virtual environment, though the program is the same', async () => {
    const folder = scratch.path('environment')
    await run(python.path, ['-m', 'venv', '--without-pip', folder])
    const interpreters = interpretersOf({
      machine: () => ({
        ...thisMachine(),
        environment: { VIRTUAL_ENV: folder, PATH: dirname(python.path) },
      }),
    })
    const found = await interpreters.list()
    expect(found[0]?.path).toBe(join(folder, 'bin/python'))
    expect(found[0]?.names.every((name) => name.startsWith(folder))).toBe(true)
    const same = { runtimes: ['python'], interpreters: [folder, python.path] }
    expect(await interpreters.resolve(same)).toHaveProperty('interpreters.length', 2)
  })

  it('is refused twice in one plan, by whatever names', async () => {
    const link = scratch.path('another-python')
    await symlink(python.path, link)
    expect(
      await interpretersOf().resolve({ runtimes: ['python'], interpreters: [python.path, link] }),
    ).toEqual({
      problems: [
        {
          path: 'interpreters[1]',
          message: expect.stringMatching(/ is listed twice; allowed: each once$/),
        },
      ],
    })
  })
})

describe('what is no Python that can be used', () => {
  it.each([
    [
      'exits',
      'echo one >&2; echo "boom: no such module" >&2; exit 3',
      'broken',
      'is broken: it ended with exit code 3: boom: no such module',
    ],
    ['dies', 'kill -SEGV $$', 'broken', 'is broken: it ended by signal SIGSEGV'],
    ['says nothing', 'exit 0', 'broken', 'is no Python: it did not run the program'],
    [
      'floods',
      'while :; do echo "corescope-interpreter, or what it might be"; done',
      'broken',
      'is broken: it writes without end, and was ended',
    ],
    [
      'store',
      'echo "Python was not found; run without arguments to install" >&2; exit 1',
      'stub',
      'is a stub, no Python',
    ],
  ])('says so where it %s', async (name, script, state, why) => {
    const path = await fakePython(name, script)
    expect(await interpretersOf().named(path)).toMatchObject({
      path,
      state,
      why,
      interpreter: null,
    })
  })

  it('is ended with all its group where it hangs', async () => {
    const note = scratch.path('children')
    const path = await fakePython('hangs', `sleep 600 & echo $! $$ > '${note}'; wait`)
    let written = ''
    // On a busy machine it may be ended before it has come to hang.
    for (let seconds = 0.5; written === '' && seconds < 60; seconds *= 10) {
      const interpreters = interpretersOf({ deadlineMs: 1000 * seconds })
      expect(await interpreters.named(path)).toMatchObject({
        state: 'hangs',
        why: `hangs: it had not answered after ${seconds} s, and was ended`,
      })
      written = await readFile(note, 'utf8').catch(() => '')
    }
    const started = written.trim().split(' ').map(Number)
    expect(started).toHaveLength(2)
    await until('all of it is gone', () => started.every((each) => !isAlive(each)))
  })

  it('is too old before 3.8, and says what it is', async () => {
    const path = await fakeTelling('old', { version: '3.7.16' })
    expect(await interpretersOf().named(path)).toMatchObject({
      state: 'too-old',
      why: 'is too old: CPython 3.7.16, and 3.8 or later is needed',
    })
  })

  it('is broken where parts of the standard library are missing', async () => {
    const path = await fakeTelling('minimal', { version: '3.11.2', missing: ['json', 'hashlib'] })
    expect((await interpretersOf().named(path)).why).toBe(
      'is broken: CPython 3.11.2 without json, hashlib of its standard library',
    )
  })

  it.each([
    ['number', { version: 3 }],
    ['version', { version: '99.9<img src=x>' }],
    ['digits', { version: `3.${'9'.repeat(400)}` }],
    ['escape', { version: '3.11.2', implementation: 'C\u001b[31mPython' }],
    ['long', { version: '3.11.2', implementation: 'C'.repeat(10_000) }],
    ['modules', { version: '3.11.2', missing: null }],
    ['shape', { version: '3.11.2', numpy: { toString: 1 } }],
    ['start', { version: '3.11.2', executable: ['a'] }],
  ])('is none where what it says of itself cannot be: %s', async (name, facts) => {
    expect(await interpretersOf().named(await fakeTelling(`says-${name}`, facts))).toMatchObject({
      state: 'broken',
      why: 'is no Python: what it says of itself cannot be understood',
      interpreter: null,
    })
  })

  it('may write of other things before it answers', async () => {
    const path = await fakeTelling('chatty', { version: '3.11.2' })
    const chatty = await fakePython('louder', `echo hello; printf 'no end '; echo; '${path}'`)
    expect(await interpretersOf().named(chatty)).toMatchObject({ path: chatty, state: 'usable' })
  })
})

describe('what an interpreter has said of itself', () => {
  it('is remembered while plans are made, and asked anew where all are listed', async () => {
    const installed = scratch.path('installed')
    const facts = { version: '3.12.0', dask: 'DASK' }
    const path = await fakeTelling('growing', facts)
    const script = (await readFile(path, 'utf8')).replace('DASK', `'"$(cat '${installed}')"'`)
    await writeFile(path, script)
    const interpreters = interpretersOf({ machine: none, added: async () => [path] })
    const named = async () => (await interpreters.named(path)).interpreter?.dask
    await writeFile(installed, '2022.12.1')
    expect(await named()).toBe('2022.12.1')
    await writeFile(installed, '2024.1.0')
    expect(await named()).toBe('2022.12.1')
    const [listed] = await interpreters.list()
    expect(listed?.interpreter?.dask).toBe('2024.1.0')
    expect(await named()).toBe('2024.1.0')
  })
})

describe('the interpreters of a plan', () => {
  it('are not looked for where it is for Node alone', async () => {
    const refuse = () => {
      throw new Error('looked for')
    }
    const interpreters = interpretersOf({ machine: refuse, added: refuse, startGuard: refuse })
    expect(await interpreters.resolve({ runtimes: ['node'], interpreters: [] })).toEqual({
      interpreters: [],
    })
  })

  it('are of no use where it is for Node alone', async () => {
    expect(await interpretersOf().resolve({ runtimes: ['node'], interpreters: ['pypy3'] })).toEqual(
      {
        problems: [
          {
            path: 'interpreters',
            message: 'pypy3: nothing is run by it; allowed: with the runtime python or dask',
          },
        ],
      },
    )
  })

  it('are missed where there is no Python at all, with what to do', async () => {
    const interpreters = interpretersOf({ machine: none })
    const resolved = await interpreters.resolve({ runtimes: ['node', 'python'], interpreters: [] })
    expect(resolved).toEqual({
      problems: [
        {
          path: 'runtimes',
          message: expect.stringMatching(
            /^no Python was found \(3\.8 or later is needed\); install one.*corescope interpreters add PATH$/,
          ),
        },
      ],
    })
  })

  it('are what the user has added, where nothing else is found; and what is wrong with them is told', async () => {
    const usable = await fakeTelling('added', { version: '3.12.0' })
    const broken = await fakePython('broken', 'exit 7')
    const resolve = (added: readonly string[]) =>
      interpretersOf({ machine: none, added: async () => added }).resolve({
        runtimes: ['python'],
        interpreters: [],
      })
    expect(await resolve([broken, usable])).toMatchObject({ interpreters: [{ path: usable }] })
    expect(await resolve([broken])).toMatchObject({
      problems: [
        {
          path: 'runtimes',
          message: expect.stringContaining(
            `no Python that can be used was found: ${broken} is broken: it ended with exit code 7`,
          ),
        },
      ],
    })
  })

  it('have Dask where it is to be run by it, and say how to get it where not', async () => {
    const without = await fakeTelling('without-dask', { version: '3.12.0' })
    const having = await fakeTelling('with-dask', { version: '3.12.0', dask: '2024.1.0' })
    const interpreters = interpretersOf({ machine: none, added: async () => [without, having] })
    const usual = await interpreters.resolve({ runtimes: ['dask'], interpreters: [] })
    expect(usual).toMatchObject({ interpreters: [{ path: having }] })
    const named = await interpreters.resolve({ runtimes: ['dask'], interpreters: [without] })
    expect(named).toMatchObject({
      problems: [
        { path: 'interpreters', message: expect.stringContaining('pip install distributed') },
      ],
    })
  })
})
