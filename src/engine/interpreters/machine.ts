import { execFile } from 'node:child_process'
import { access, constants, lstat, readdir, readlink, realpath, stat } from 'node:fs/promises'
import os from 'node:os'

/** What of a machine decides where its interpreters are: given from outside, so that any can be made up. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Of the user. */
  readonly home: string
  /** The one that is worked in. */
  readonly folder: string
  /** Names in a folder, sorted; none where it cannot be read. */
  list(folder: string): Promise<readonly string[]>
  /** What a path leads to; null where there is nothing. */
  look(path: string): Promise<Entry | null>
  /** What a program writes to standard output; null where it cannot be run, ends with an error or not in time. */
  run(program: string, flags: readonly string[]): Promise<string | null>
}

export interface Entry {
  readonly kind: 'file' | 'folder' | 'other'
  readonly size: number
  /** In ms since the epoch. */
  readonly changed: number
  readonly isExecutable: boolean
  /** The path behind all links; itself where that cannot be told. */
  readonly real: string
  /** Of a Windows app-execution alias: the program it stands for, or an empty text where that is not told. */
  readonly alias: string | null
}

/** How long what helps to find them may take, in ms, and what it may write, in bytes. */
const helperMs = 3000
const helperBytes = 256 * 1024

export function thisMachine(): Machine {
  const { platform } = process
  return {
    platform,
    environment: process.env,
    home: os.homedir(),
    folder: currentFolder(),
    list: async (folder) => (await readdir(folder).catch(() => [])).sort(),
    look: (path) => look(path, platform),
    run: (program, flags) =>
      new Promise((resolve) => {
        const options = { timeout: helperMs, maxBuffer: helperBytes, windowsHide: true }
        const settings = { ...options, env: askingEnvironment(process.env), encoding: 'utf8' }
        execFile(
          program,
          [...flags],
          settings as typeof settings & { encoding: 'utf8' },
          (error, text) => resolve(error === null ? text : null),
        )
      }),
  }
}

/** Asking is not to install anything: Windows' launchers may do so where there is no Python. */
export function askingEnvironment(
  environment: Machine['environment'],
): Record<string, string | undefined> {
  const { PYLAUNCHER_ALLOW_INSTALL: _, PYLAUNCHER_ALWAYS_INSTALL: __, ...others } = environment
  return { ...others, PYTHON_MANAGER_AUTOMATIC_INSTALL: 'false', PYTHONUTF8: '1' }
}

function currentFolder(): string {
  try {
    return process.cwd()
  } catch {
    return os.homedir()
  }
}

async function look(path: string, platform: NodeJS.Platform): Promise<Entry | null> {
  const alias = platform === 'win32' ? await aliasAt(path) : null
  // An alias of Windows cannot be followed.
  const found = await (alias === null ? stat(path) : lstat(path)).catch(() => null)
  if (found === null) return null
  return {
    kind: found.isDirectory() ? 'folder' : found.isFile() || alias !== null ? 'file' : 'other',
    size: found.size,
    changed: found.mtimeMs,
    isExecutable: await access(path, constants.X_OK).then(
      () => true,
      () => alias !== null,
    ),
    real: await realpath(path).catch(() => path),
    alias,
  }
}

/** Where Windows keeps the aliases of apps; nothing else there is a Python. */
async function aliasAt(path: string): Promise<string | null> {
  if (!/\\WindowsApps\\[^\\]+$/i.test(path)) return null
  const found = await lstat(path).catch(() => null)
  if (found === null || found.isDirectory()) return null
  const target = await readlink(path).catch(() => '')
  return target === '' && found.size > 0 ? null : target
}
