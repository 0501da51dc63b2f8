import type { Model } from './execution-model.ts'
import { mostInterpreters } from './plan-limits.ts'

/** An interpreter of Python as it was found on a machine. */
export interface Interpreter {
  /** How it is started: an absolute path. */
  readonly path: string
  /** `CPython`, `PyPy` … */
  readonly implementation: string
  /** Of the language it implements, as `3.11.2`. */
  readonly version: string
  /** Whether threads share one lock as it runs; a free-threaded build may have it on or off. */
  readonly gil: boolean
  /** The models that it has. */
  readonly models: readonly Model[]
  /** Versions of what kernels may use; null where it is not there. */
  readonly numpy: string | null
  readonly cython: string | null
  readonly dask: string | null
  /** Path of the C compiler; null where there is none. */
  readonly compiler: string | null
  /** Whether its own C headers are there, which modules in C are compiled with. */
  readonly headers: boolean
}

/** An interpreter in a few words, as `CPython 3.11.2` or `CPython 3.13.1 (no GIL)`. */
export function interpreterName({
  implementation,
  version,
  gil,
}: Pick<Interpreter, 'implementation' | 'version' | 'gil'>): string {
  // That PyPy has a lock too is known; what surprises is that one has none.
  return `${implementation} ${version}${gil ? '' : ' (no GIL)'}`
}

/** What of it tells one way of executing from another, on whatever machine: not its place. */
export function interpreterKey(interpreter: Interpreter | null): string | null {
  if (interpreter === null) return null
  const { implementation, version, gil } = interpreter
  const [major, minor] = version.split('.')
  return `${implementation} ${major}.${minor}${gil ? '' : ' no GIL'}`
}

/**
 * One interpreter of each kind: implementation, minor version, lock. Of several the first that can
 * compile most.
 */
export function eachKind(found: readonly Interpreter[]): readonly Interpreter[] {
  const kinds = Map.groupBy(found, (each) => interpreterKey(each)).values()
  const able = ({ cython, headers, compiler }: Interpreter) =>
    Number(cython !== null && headers) + Number(compiler !== null)
  return [...kinds]
    .map((alike) => alike.reduce((best, each) => (able(each) > able(best) ? each : best)))
    .slice(0, mostInterpreters)
}
