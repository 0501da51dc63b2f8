import { posix, win32 } from 'node:path'
import type { Asked } from '../../src/engine/interpreters/facts.ts'
import type { Entry, Machine } from '../../src/engine/interpreters/machine.ts'
import { models } from '../../src/shared/model/execution-model.ts'

/** What is at a path, where it is not a plain program. */
export type MadeUpEntry = Partial<Entry>

interface MachineTold {
  readonly platform: NodeJS.Platform
  /** By path; of a link `real` is where it leads. */
  readonly files: Readonly<Record<string, MadeUpEntry>>
  readonly environment?: Readonly<Record<string, string>>
  readonly home?: string
  readonly folder?: string
  /** What programs write, by the whole command; any other cannot be run. */
  readonly says?: Readonly<Record<string, string>>
}

/** A machine of any platform with the given files. */
export function madeUpMachine(told: MachineTold): Machine {
  const { platform, files, environment = {}, says = {} } = told
  const paths = platform === 'win32' ? win32 : posix
  const all = Object.keys(files)
  const isFolder = (path: string) => all.some((each) => each.startsWith(path + paths.sep))
  return {
    platform,
    environment,
    home: told.home ?? paths.join(paths.sep, 'home', 'me'),
    folder: told.folder ?? paths.join(paths.sep, 'work'),
    list: async (folder) => {
      const inside = all.filter((path) => path.startsWith(folder.replace(/[\\/]?$/, paths.sep)))
      const from = folder.replace(/[\\/]$/, '').length + 1
      return [
        ...new Set(inside.map((path) => path.slice(from).split(paths.sep)[0] as string)),
      ].sort()
    },
    look: async (path) => {
      const entry = files[path]
      if (entry === undefined && !isFolder(path)) return null
      const kind = entry === undefined ? 'folder' : 'file'
      const plain = {
        kind,
        size: 1,
        changed: 0,
        isExecutable: true,
        real: path,
        alias: null,
      } as const
      return { ...plain, ...entry }
    },
    run: async (program, flags) => says[[program, ...flags].join(' ')] ?? null,
  }
}

/** Answers as interpreters would; by the paths that are started, what they say of themselves. */
export function madeUpAnswers(
  answers: Readonly<Record<string, { readonly version?: string; readonly identity?: string }>>,
) {
  const asked: string[] = []
  const ask = async (path: string, entry: Entry): Promise<Asked> => {
    asked.push(path)
    const { version = '3.12.0', identity = entry.real } = answers[path] ?? {}
    const implementation = /pypy/.test(path) ? 'PyPy' : 'CPython'
    const kernels = { numpy: null, cython: null, dask: null, compiler: null, headers: false }
    return {
      state: 'usable',
      why: null,
      identity,
      interpreter: { path, implementation, version, gil: true, models, ...kernels },
    }
  }
  return { asked, ask }
}
