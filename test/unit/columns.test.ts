import { describe, expect, it } from 'vitest'
import {
  columnGroups,
  columnTitle,
  titleWords,
} from '../../src/renderer/views/columns/column-groups.ts'
import { referenceOf } from '../../src/renderer/views/columns/column-reference.ts'
import {
  chosenInterpreters,
  unknownNames,
  withAdded,
  withInterpreter,
  withoutRemoved,
} from '../../src/renderer/views/lab/interpreter-choice.ts'
import type { FoundInterpreter } from '../../src/shared/model/found-interpreter.ts'
import type { Interpreter } from '../../src/shared/model/interpreter.ts'
import type { Configuration } from '../../src/shared/model/run.ts'
import { cpython, pypy } from '../support/example-interpreters.ts'
import { madeUpConfiguration } from '../support/made-up-run.ts'

const node = (['threads', 'processes'] as const).map(madeUpConfiguration)
const inPython = (interpreter: Interpreter, id: number, variants = ['spawn']): Configuration[] => [
  { ...madeUpConfiguration('threads'), id, runtime: 'python', interpreter },
  ...variants.map(
    (variant, at): Configuration => ({
      ...madeUpConfiguration('processes'),
      ...{ id: id + 1 + at, runtime: 'python', interpreter, variant },
    }),
  ),
]
const wordsOf = (configurations: readonly Configuration[]) =>
  columnGroups(configurations).map((group) =>
    titleWords(columnTitle(group, group.configurations[0] as Configuration)),
  )

describe('the columns of a run', () => {
  it('are those of its models where Node alone runs it, whatever the variants', () => {
    const variants = node.map((each) => ({ ...each, id: each.id + 10, variant: 'warm' }))
    expect(wordsOf([...node, ...variants])).toEqual(['Threads × 4', 'Processes × 4'])
  })

  it('name who executes them, each interpreter and start method for itself', () => {
    expect(wordsOf([...node, ...inPython(cpython, 10, ['spawn', 'fork'])])).toEqual([
      'Node · Threads × 4',
      'Node · Processes × 4',
      'CPython 3.11.2 · Threads × 4',
      'CPython 3.11.2 · Processes × 4, spawn',
      'CPython 3.11.2 · Processes × 4, fork',
    ])
    const elsewhere = { ...cpython, path: '/made/up/other/python3' }
    expect(wordsOf([...inPython(cpython, 10), ...inPython(elsewhere, 20)])[2]).toBe(
      'CPython 3.11.2 (/made/up/other/python3) · Threads × 4',
    )
  })

  it('say of a long path no more than tells it from the others', () => {
    const at = (path: string, id: number) =>
      columnGroups([...node, ...inPython(cpython, 10), ...inPython({ ...cpython, path }, id)])[4]
        ?.executor
    const folder = '/home/you/projects/überprüfung der Ergebnisse'
    expect(at(`${folder}/.venv/bin/python`, 20)).toBe('CPython 3.11.2 (…/.venv/bin/python)')
    expect(at(`${folder}/made/up/python3`, 20)).toBe(
      'CPython 3.11.2 (…/überprüfung der Ergebnisse/made/up/python3)',
    )
  })

  it('are compared with the model before within an executor, else with the first executor’s own', () => {
    const groups = columnGroups([
      ...node,
      ...inPython(cpython, 10, ['spawn', 'fork']),
      ...inPython(pypy, 20),
    ])
    const references = groups.map((_, at) => {
      const found = referenceOf(groups, at)
      return found === undefined ? -1 : groups.indexOf(found)
    })
    expect(references).toEqual([-1, 0, 0, 2, 2, 0, 5])
  })
})

describe('the interpreters of a form', () => {
  const found = [cpython, pypy].map(
    (interpreter): FoundInterpreter => ({
      path: interpreter.path,
      names: [
        interpreter.path,
        `/usr/bin${interpreter.path.slice(interpreter.path.lastIndexOf('/'))}`,
      ],
      isAdded: false,
      state: 'usable',
      interpreter,
      why: null,
    }),
  )
  const draft = (...interpreters: string[]) => ({ interpreters, runtimes: ['python'] as const })
  const chosen = (...names: string[]) =>
    chosenInterpreters(draft(...names), found).map(({ path }) => path)

  it('are those that the lab would take where none is named, and named by path or command', () => {
    expect(chosen()).toEqual([cpython.path])
    expect(chosen('/usr/bin/pypy3')).toEqual([pypy.path])
    expect(chosen('pypy3')).toEqual([pypy.path])
    expect(chosenInterpreters(draft(), found, true)).toHaveLength(2)
    expect(unknownNames(['pypy3', '/gone'], found)).toEqual(['/gone'])
  })

  it('are joined by one that is added, and left by one that is no longer listed', () => {
    const [first, second] = found as [FoundInterpreter, FoundInterpreter]
    expect(withAdded(draft(), [first], second)).toEqual([cpython.path, pypy.path])
    // What the plan names stays, and what was found already is not named twice.
    expect(withAdded(draft('/gone'), [first], second)).toEqual(['/gone', pypy.path])
    expect(withAdded(draft('/usr/bin/pypy3'), found, second)).toEqual([pypy.path])
    expect(withoutRemoved(draft(cpython.path, 'pypy3'), second)).toEqual([cpython.path])
    expect(withoutRemoved(draft(pypy.path), second)).toEqual([])
  })

  it('stay as they are where the last of them would go', () => {
    expect(withInterpreter(draft(), found, pypy.path, true)).toEqual([cpython.path, pypy.path])
    expect(withInterpreter(draft(pypy.path), found, pypy.path, false)).toEqual([pypy.path])
    expect(withInterpreter(draft(pypy.path, '/gone'), found, '/gone', false)).toEqual([pypy.path])
  })
})
