import { join } from 'node:path'
import { Interpreters } from '../../src/engine/interpreters/interpreters.ts'
import type { Interpreter } from '../../src/shared/model/interpreter.ts'
import { programs } from './programs.ts'

/**
 * Interpreters to test on: of CPython the one that is used where nothing is said, the oldest and the
 * newest of those that are found and one without the lock, and PyPy.
 */
export async function pythonsToTest(): Promise<readonly Interpreter[]> {
  const found = await pythonsFound()
  const cpython = found.filter(({ implementation }) => implementation === 'CPython')
  const ordered = cpython.toSorted((a, b) =>
    a.version.localeCompare(b.version, 'en', { numeric: true }),
  )
  const { interpreter: usual } = await interpreters().usual()
  const pypy = found.find(({ implementation }) => implementation === 'PyPy')
  const withoutLock = ordered.findLast(({ gil }) => !gil)
  const wanted = [usual, ordered.at(0), ordered.at(-1), withoutLock, pypy].filter(
    (each) => each != null,
  )
  return wanted.filter((each, at) => wanted.findIndex(({ path }) => path === each.path) === at)
}

/** All that can be used. */
export async function pythonsFound(): Promise<readonly Interpreter[]> {
  return (await interpreters().list()).flatMap(({ interpreter }) => interpreter ?? [])
}

function interpreters(): Interpreters {
  return new Interpreters({
    program: join(programs.python, 'interpreter_facts.py'),
    added: async () => [],
    startGuard: async () => ({ watchGroup: () => () => {}, close: () => {} }),
  })
}
