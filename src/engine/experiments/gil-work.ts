import type { Kernel } from '../../shared/model/execution-model.ts'
import type { Interpreter } from '../../shared/model/interpreter.ts'
import type { ParameterValues } from '../../shared/model/workload.ts'

/** What threads may be slowed down at by a lock that they share, or not. */
export interface LockWork {
  readonly kind: 'computing' | 'native' | 'waiting'
  readonly workload: string
  /** Null where the plan says what they are. */
  readonly parameters: ParameterValues | null
  /** What it is, as the head of a column. */
  readonly title: string
  /** As it is said in a sentence. */
  readonly doing: string
}

export const lockWorks: readonly LockWork[] = [
  {
    kind: 'computing',
    workload: 'primes',
    parameters: null,
    title: 'Computing: primes',
    doing: 'computing (primes)',
  },
  {
    kind: 'native',
    workload: 'sha256',
    // Far above the 2,047 bytes from which on CPython's hashlib lets go of the lock.
    parameters: { size_kib: 1024, rounds: 4 },
    title: 'Native code: sha256',
    doing: 'native code (sha256 of 1 MiB)',
  },
  {
    kind: 'waiting',
    workload: 'sleep',
    parameters: { ms: 20 },
    title: 'Waiting: sleep',
    doing: 'waiting (sleep)',
  },
]

/** Who waits needs no core: as few workers as there are cores would show nothing. */
export const fewestWaiting = 16

/** What a compiled kernel needs, and how that is come by. */
export interface Lack {
  readonly what: string
  /** @param path of the interpreter; of several, any of them */
  remedy(path: string): string
}

const cython: Lack = { what: 'Cython', remedy: (path) => `${path} -m pip install cython` }
const compiler: Lack = {
  what: 'C compiler',
  remedy: () => 'apt-get install gcc, xcode-select --install on macOS',
}

const headers: Lack = {
  what: 'C headers of its own (Python.h)',
  remedy: (path) =>
    `on Debian apt-get install ${/pypy/i.test(path) ? 'pypy3-dev' : 'python3-dev'}, elsewhere its development package`,
}

/** What an interpreter needs for a compiled kernel and has not; none where it has all. */
export function lacksFor(
  kernel: Kernel,
  has: Pick<Interpreter, 'cython' | 'headers' | 'compiler'>,
): readonly Lack[] {
  return [
    ...(kernel !== 'ctypes' && has.cython === null ? [cython] : []),
    ...(kernel !== 'ctypes' && has.cython !== null && !has.headers ? [headers] : []),
    ...(has.compiler === null ? [compiler] : []),
  ]
}
