import { type Interpreter, interpreterName } from './interpreter.ts'

/** What became of asking a program that is named as a Python is. */
export type InterpreterState =
  | 'usable'
  | 'too-old'
  /** It ended with an error, or said something else than what it was asked. */
  | 'broken'
  /** It was ended, as it had not answered in time. */
  | 'hangs'
  /** A program that stands in for a Python that is not installed. It was not started. */
  | 'stub'
  | 'not-executable'
  | 'missing'

/** A Python that was found on a machine, or that the user has named, and what it is. */
export interface FoundInterpreter {
  /** How it is started: an absolute path. */
  readonly path: string
  /** All paths that lead to it, in the order in which they were found. */
  readonly names: readonly string[]
  /** Whether the user has added it. */
  readonly isAdded: boolean
  readonly state: InterpreterState
  /** Null where it is not usable. */
  readonly interpreter: Interpreter | null
  /** Why it is not usable, as the end of a sentence that begins with its path; null where it is. */
  readonly why: string | null
}

/** The oldest version that work can be run with. */
export const oldestPython = '3.8'

/** What an interpreter has, in words. */
export function equipmentOf(interpreter: Interpreter): string {
  const { gil, numpy, cython, dask, compiler, models } = interpreter
  return [
    gil ? 'GIL on' : 'GIL off',
    ...(models.includes('interpreters') ? ['sub-interpreters'] : []),
    ...(numpy === null ? [] : [`NumPy ${numpy}`]),
    ...(cython === null ? [] : [`Cython ${cython}`]),
    ...(dask === null ? [] : [`Dask ${dask}`]),
    compiler === null ? 'no C compiler' : 'C compiler',
  ].join(', ')
}

/** A Python in a few words, with its place. */
export function describeFound({ path, interpreter, why }: FoundInterpreter): string {
  return interpreter === null ? `${path} ${why}` : `${interpreterName(interpreter)} (${path})`
}

/** What is used where nothing is said: the first CPython, else the first of any kind; null where there is none. */
export function usualInterpreter(found: readonly FoundInterpreter[]): FoundInterpreter | null {
  const usable = found.filter(({ state }) => state === 'usable')
  return usable.find(({ interpreter }) => isCPython(interpreter)) ?? usable[0] ?? null
}

export function isCPython(interpreter: Interpreter | null): boolean {
  return interpreter?.implementation === 'CPython'
}
