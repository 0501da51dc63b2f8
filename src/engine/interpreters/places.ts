import { posix, win32 } from 'node:path'
import type { Machine } from './machine.ts'

/*
 * Where interpreters may be, the most likely to be meant first: whoever has made an environment active
 * means that one, and otherwise what "python3" starts.
 */

/** Paths at which an interpreter may be, in that order, some of them more than once. */
export async function* likelyPaths(
  machine: Machine,
  added: () => Promise<readonly string[]>,
): AsyncGenerator<string> {
  const { environment, folder } = machine
  const { join } = pathsOf(machine)
  for (const active of [environment.VIRTUAL_ENV, environment.CONDA_PREFIX]) {
    if (active) yield* inEnvironment(machine, active)
  }
  const onPath = searchPath(machine)
  for (const kind of ['plain', 'local', 'version', 'pypy'] as const) {
    if (kind === 'local') {
      for (const name of ['.venv', 'venv']) yield* inEnvironment(machine, join(folder, name))
    } else yield* inFolders(machine, onPath, kind)
  }
  yield* ofPyenv(machine)
  if (machine.platform === 'win32') yield* ofWindows(machine)
  else yield* inUsualFolders(machine)
  yield* await added()
}

/** Where the command of a name is, as it would be started; null where there is none. */
export async function commandPath(machine: Machine, name: string): Promise<string | null> {
  const { join } = pathsOf(machine)
  const wanted = machine.platform === 'win32' && !/\.exe$/i.test(name) ? `${name}.exe` : name
  for (const folder of searchPath(machine)) {
    const path = join(folder, wanted)
    const entry = await machine.look(path)
    if (entry?.kind === 'file' && entry.isExecutable) return path
  }
  return null
}

/** The interpreter of a virtual environment, or of an installation that is given by its folder. */
export function inEnvironment(machine: Machine, folder: string): readonly string[] {
  const { join } = pathsOf(machine)
  return machine.platform === 'win32'
    ? [join(folder, 'Scripts', 'python.exe'), join(folder, 'python.exe')]
    : [join(folder, 'bin', 'python'), join(folder, 'bin', 'python3'), join(folder, 'bin', 'pypy3')]
}

export function pathsOf({ platform }: Pick<Machine, 'platform'>): typeof posix {
  return platform === 'win32' ? win32 : posix
}

type Kind = 'plain' | 'version' | 'pypy'

/** What names a Python has, by kind; the version's minor number is the group. */
const namesOf: Readonly<Record<Kind, RegExp>> = {
  plain: /^python3?(?:\.exe)?$/i,
  version: /^python3(?:\.(\d+))?t?(?:\.exe)?$/i,
  pypy: /^pypy(?:3(?:\.(\d+))?)?(?:\.exe)?$/i,
}

/** The folders that commands are looked for in. */
function searchPath(machine: Machine): readonly string[] {
  const { PATH = '' } = machine.environment
  const { delimiter, isAbsolute } = pathsOf(machine)
  const folders = PATH.split(delimiter).map((each) => each.replace(/^"(.*)"$/, '$1'))
  // What a relative one leads to depends on where one stands: that is looked at by itself.
  return [...new Set(folders)].filter((each) => isAbsolute(each))
}

async function* inFolders(
  machine: Machine,
  folders: readonly string[],
  kind: Kind,
): AsyncGenerator<string> {
  const { join, basename } = pathsOf(machine)
  for (const folder of folders) {
    // A shim of a version says no more than that it is not chosen, where it is not.
    if (basename(folder) === 'shims' && kind !== 'plain') continue
    const names = (await machine.list(folder)).filter((name) => namesOf[kind].test(name))
    const isPlain = (name: string) => namesOf.plain.test(name)
    const wanted = kind === 'version' ? names.filter((name) => !isPlain(name)) : names
    for (const name of newestFirst(wanted)) yield join(folder, name)
  }
}

/** By the numbers in their names; what has no version in it, as "pypy3", before what has. */
function newestFirst(names: readonly string[]): string[] {
  const isOfVersion = (name: string) => /3\.\d/.test(name)
  return [...names].sort(
    (a, b) =>
      Number(isOfVersion(a)) - Number(isOfVersion(b)) ||
      b.localeCompare(a, 'en', { numeric: true }),
  )
}

async function* ofPyenv(machine: Machine): AsyncGenerator<string> {
  const { join } = pathsOf(machine)
  const { environment, home, platform } = machine
  const roots =
    platform === 'win32'
      ? [environment.PYENV, environment.PYENV_ROOT, join(home, '.pyenv', 'pyenv-win')]
      : [environment.PYENV_ROOT, join(home, '.pyenv')]
  for (const root of new Set(roots)) {
    if (!root) continue
    const versions = join(root, 'versions')
    for (const version of newestFirst(await machine.list(versions))) {
      yield* inEnvironment(machine, join(versions, version))
    }
  }
}

async function* ofWindows(machine: Machine): AsyncGenerator<string> {
  const { environment } = machine
  const { join } = win32
  yield* await ofLauncher(machine)
  const { LOCALAPPDATA: local, ProgramFiles: programs, SystemDrive: drive = 'C:' } = environment
  const parents = [
    ...(local ? [join(local, 'Programs', 'Python'), join(local, 'Python')] : []),
    ...(programs ? [programs] : []),
    `${drive}\\`,
  ]
  for (const parent of parents) {
    const folders = (await machine.list(parent)).filter((name) =>
      /^(python(core)?-?3|pypy3)/i.test(name),
    )
    const found = newestFirst(folders).map((name) => join(parent, name))
    for (const kind of ['plain', 'version', 'pypy'] as const) {
      yield* inFolders(machine, found, kind)
    }
  }
}

/** What Windows' launcher knows: the old one, and the install manager that has taken its place. */
async function ofLauncher({ run }: Machine): Promise<readonly string[]> {
  const told = (await run('py', ['-0p'])) ?? (await run('py', ['list', '--format=exe'])) ?? ''
  return told
    .split(/\r?\n/)
    .map((line) => /[A-Za-z]:\\.*\.exe/i.exec(line)?.[0])
    .filter((path) => path !== undefined)
}

/** Where they are put besides: an app that is not started from a terminal is told a short PATH. */
async function* inUsualFolders(machine: Machine): AsyncGenerator<string> {
  const { join } = posix
  const folders = ['/usr/local/bin', '/usr/bin', join(machine.home, '.local/bin')]
  if (machine.platform === 'darwin') {
    const frameworks = ['Python', 'PythonT'].map((name) => `/Library/Frameworks/${name}.framework`)
    for (const framework of frameworks) {
      const versions = await machine.list(`${framework}/Versions`)
      const numbered = newestFirst(versions.filter((name) => name !== 'Current'))
      folders.push(...numbered.map((name) => `${framework}/Versions/${name}/bin`))
    }
    const kegs = (await machine.list('/opt/homebrew/opt')).filter((name) =>
      /^(python(-freethreading)?(@3\.\d+)?|pypy3(\.\d+)?)$/.test(name),
    )
    folders.push(
      '/opt/homebrew/bin',
      ...newestFirst(kegs).map((keg) => `/opt/homebrew/opt/${keg}/bin`),
    )
    folders.push('/opt/local/bin')
  }
  for (const kind of ['plain', 'version', 'pypy'] as const) {
    yield* inFolders(machine, folders, kind)
  }
}
