import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** A Python that tests use where it is there. */
export interface FoundPython {
  /** As it is called on a PATH. */
  readonly name: string
  /** Its own path: what a shim runs is found out once, not in each trial. */
  readonly path: string
  readonly version: string
}

/** The Python called so, where there is one that the harness runs on. */
export function findPython(name: string): FoundPython | null {
  const program = 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])'
  try {
    const said = execFileSync(name, ['-c', program], { encoding: 'utf8', stdio: 'pipe' })
    const [path = '', version = ''] = said.split(/\r?\n/)
    const [major = 0, minor = 0] = version.split('.').map(Number)
    return major === 3 && minor >= 8 ? { name, path, version } : null
  } catch {
    return null
  }
}

const isWindows = process.platform === 'win32'

/** The first CPython: what most of what is tested of Python is tested on. */
export const python = findPython(isWindows ? 'python' : 'python3')
export const pypy = findPython('pypy3')

/** In the title of what is skipped. */
export const whyNoPython =
  python === null ? ' (skipped: no python3 of 3.8 or later on the PATH)' : ''
export const whyNoPyPy = pypy === null ? ' (skipped: no pypy3 on the PATH)' : ''

/**
 * Processes that have inherited a variable with this value, by number: all that a command started with it
 * has started itself, whatever it calls itself. Linux only: elsewhere nobody but the owner is told.
 */
export function processesWith(variable: string, value: string): number[] {
  const wanted = `\0${variable}=${value}\0`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => {
      try {
        return `\0${readFileSync(`/proc/${id}/environ`, 'utf8')}`.includes(wanted)
      } catch {
        return false
      }
    })
    .map(Number)
}
