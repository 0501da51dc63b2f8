import { type Interpreter, interpreterName } from '../../src/shared/model/interpreter.ts'

/** Interpreters made up for tests that start none. */
export const cpython: Interpreter = {
  path: '/made/up/python3',
  implementation: 'CPython',
  version: '3.11.2',
  gil: true,
  models: ['inline', 'threads', 'processes', 'pool', 'thread-pool', 'process-pool'],
  numpy: '1.24.2',
  cython: null,
  dask: '2022.12.1',
  compiler: '/made/up/gcc',
  headers: true,
}

export const pypy: Interpreter = {
  ...cpython,
  path: '/made/up/pypy3',
  implementation: 'PyPy',
  version: '3.9.16',
  numpy: null,
  dask: null,
}

export const freeThreaded: Interpreter = {
  ...cpython,
  path: '/made/up/python3.14t',
  version: '3.14.1',
  gil: false,
  models: [...cpython.models, 'interpreters'],
  dask: null,
}

/** A configuration's runtime and Python in a few words. */
export const executed = (by: { runtime: string; interpreter: Interpreter | null }): string =>
  by.interpreter === null ? by.runtime : `${by.runtime} ${interpreterName(by.interpreter)}`
