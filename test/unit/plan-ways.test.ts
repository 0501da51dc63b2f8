import { describe, expect, it } from 'vitest'
import type { Interpreter } from '../../src/shared/model/interpreter.ts'
import { interpreterProblems, wayProblems, waysOf } from '../../src/shared/model/plan-ways.ts'
import { cpython, executed, freeThreaded, pypy } from '../support/example-interpreters.ts'
import { exampleRun } from '../support/example-run.ts'

type Ways = Parameters<typeof waysOf>[0]

const plan = (given: Partial<Ways>): Ways => ({ ...exampleRun.plan, workers: [2], ...given })

/** As `python CPython 3.11.2 processes × 2, spawn`. */
const named = (given: Partial<Ways>, interpreters: readonly Interpreter[] = [cpython]) =>
  waysOf(plan(given), interpreters).map((way) => {
    const variant = way.variant === null ? '' : `, ${way.variant}`
    return `${executed(way)} ${way.model} × ${way.workers}${variant}`
  })

describe('the ways of a plan', () => {
  it('are its models under each runtime, in each of its interpreters: Python’s processes once for each start method', () => {
    const given: Partial<Ways> = {
      runtimes: ['node', 'python'],
      models: ['inline', 'threads', 'processes'],
      start_methods: ['spawn', 'fork'],
    }
    expect(named(given, [cpython, pypy])).toEqual([
      'node inline × 1',
      'node threads × 2',
      'node processes × 2',
      'python CPython 3.11.2 inline × 1',
      'python CPython 3.11.2 threads × 2',
      'python CPython 3.11.2 processes × 2, spawn',
      'python CPython 3.11.2 processes × 2, fork',
      'python PyPy 3.9.16 inline × 1',
      'python PyPy 3.9.16 threads × 2',
      'python PyPy 3.9.16 processes × 2, spawn',
      'python PyPy 3.9.16 processes × 2, fork',
    ])
  })

  it('leave out what a runtime or an interpreter does not have', () => {
    const given: Partial<Ways> = {
      runtimes: ['node', 'python'],
      models: ['threads', 'thread-pool', 'interpreters'],
    }
    expect(named(given, [pypy, freeThreaded])).toEqual([
      'node threads × 2',
      'python PyPy 3.9.16 threads × 2',
      'python PyPy 3.9.16 thread-pool × 2',
      'python CPython 3.14.1 (no GIL) threads × 2',
      'python CPython 3.14.1 (no GIL) thread-pool × 2',
      'python CPython 3.14.1 (no GIL) interpreters × 2',
    ])
  })

  it('send by each transport where messages are the work, by processes alone', () => {
    const given: Partial<Ways> = {
      ...{ runtimes: ['python'], workload: 'messages', models: ['threads', 'processes', 'pool'] },
      transports: ['pipe', 'shared-memory'],
    }
    expect(named(given)).toEqual([
      'python CPython 3.11.2 threads × 2',
      'python CPython 3.11.2 processes × 2, spawn, pipe',
      'python CPython 3.11.2 processes × 2, spawn, shared-memory',
      'python CPython 3.11.2 pool × 2, spawn',
    ])
  })

  it('of Dask are those of interpreters that have it: a cluster made here has a shape, one of the user’s its address', () => {
    const given: Partial<Ways> = { runtimes: ['dask'], workers: [4], threads_per_worker: 2 }
    const both = [pypy, cpython]
    expect(named({ ...given, models: ['inline', 'threads', 'processes'] }, both)).toEqual([
      'dask CPython 3.11.2 inline × 1',
      'dask CPython 3.11.2 threads × 4',
      'dask CPython 3.11.2 processes × 4, 2 × 2',
    ])
    const theirs = { ...given, scheduler: 'tcp://there:8786', threads_per_worker: null }
    expect(named({ ...theirs, models: ['inline', 'cluster'] }, both)).toEqual([
      'dask CPython 3.11.2 inline × 1',
      'dask CPython 3.11.2 cluster × 4, tcp://there:8786',
    ])
  })
})

describe('a plan whose runtimes do not go together with the rest', () => {
  const node: Partial<Ways> = { runtimes: ['node'] }
  const dask: Partial<Ways> = { runtimes: ['dask'], models: ['processes'] }
  it.each<[what: string, given: Partial<Ways>, path: string, message: RegExp]>([
    [
      'a model that Node has not',
      { ...node, models: ['pool'] },
      'models',
      /^pool needs the runtime python; allowed with node: inline, threads, processes$/,
    ],
    ['a cluster without Dask', { ...node, models: ['cluster'] }, 'models', /address of its sch/],
    ['a cluster without an address', { ...dask, models: ['cluster'] }, 'models', /address of its/],
    ['a scheduler without Dask', { ...node, scheduler: 'tcp://a:1' }, 'scheduler', /without Dask/],
    [
      'a shape without Dask',
      { ...node, threads_per_worker: 1 },
      'threads_per_worker',
      /without Dask/,
    ],
    [
      'a shape for a cluster of the user’s own',
      { ...dask, models: ['cluster'], scheduler: 'tcp://a:1', threads_per_worker: 1 },
      'threads_per_worker',
      /has its own/,
    ],
    [
      'a model that would have to be started on a cluster of the user’s own',
      { ...dask, models: ['inline', 'threads'], scheduler: 'tcp://a:1' },
      'models',
      /^threads needs a cluster of Dask that is started here; allowed on one of yours: inline, cluster$/,
    ],
    [
      'a shape that does not come out even',
      { ...dask, workers: [4, 3], threads_per_worker: 2 },
      'threads_per_worker',
      /4, 3 workers are not all made of 2 threads each/,
    ],
  ])('is told so: %s', (_, given, path, message) => {
    expect(wayProblems(plan(given))).toEqual([{ path, message: expect.stringMatching(message) }])
  })

  it('is told what none of its interpreters has, by its place in the plan', () => {
    const given = plan({ runtimes: ['python'], models: ['threads', 'interpreters'] })
    expect(interpreterProblems(given, [cpython, pypy], 'linux')).toEqual([
      {
        path: 'models[1]',
        message:
          'CPython 3.11.2, PyPy 3.9.16 has no Sub-interpreters; allowed: other models, or a CPython 3.14 or later',
      },
    ])
    expect(interpreterProblems(given, [cpython, freeThreaded], 'linux')).toEqual([])
    const forked = plan({ runtimes: ['python'], start_methods: ['spawn', 'fork'] })
    expect(interpreterProblems(forked, [cpython], 'linux')).toEqual([])
    expect(interpreterProblems(forked, [cpython], 'win32')).toEqual([
      { path: 'start_methods[1]', message: 'Windows has no fork; allowed: spawn' },
    ])
  })
})
