import type { FoundInterpreter } from '../../shared/model/found-interpreter.ts'
import type { Asked } from './facts.ts'
import type { Entry, Machine } from './machine.ts'
import { commandPath, inEnvironment, likelyPaths, pathsOf } from './places.ts'
import { whyStub } from './stub.ts'

/** Asks the interpreter at a path what it is. */
export type Ask = (path: string, entry: Entry) => Promise<Asked>

/** Something that may be an interpreter, and what leads to it. */
interface Candidate {
  readonly path: string
  readonly names: string[]
  readonly entry: Entry | null
}

/** All interpreters of a machine, the most likely to be meant first, each once. */
export async function findAll(
  machine: Machine,
  added: readonly string[],
  ask: Ask,
): Promise<readonly FoundInterpreter[]> {
  const candidates = new Map<string, Candidate>()
  for await (const [key, candidate] of candidatesOf(machine, async () => added)) {
    candidates.get(key)?.names.push(...candidate.names) ?? candidates.set(key, candidate)
  }
  const asked = await Promise.all(
    [...candidates.values()].map(async (candidate) => ({
      candidate,
      said: await judge(candidate, machine, ask),
    })),
  )
  const found = new Map<string, FoundInterpreter>()
  for (const { candidate, said } of asked) {
    const { path, names } = candidate
    const key = said.identity ?? path
    const other = found.get(key)
    const all = [...new Set([...(other?.names ?? []), ...names])]
    const isAdded = all.some((name) => added.includes(name))
    found.set(key, { ...(other ?? asFound(path, said)), names: all, isAdded })
  }
  return [...found.values()]
}

/** The same one after another, as far as somebody wants them: nothing is started that is not needed. */
export async function* findInTurn(
  machine: Machine,
  added: () => Promise<readonly string[]>,
  ask: Ask,
): AsyncGenerator<FoundInterpreter> {
  const seen = new Set<string>()
  const answered = new Set<string>()
  for await (const [key, candidate] of candidatesOf(machine, added)) {
    if (seen.has(key)) continue
    seen.add(key)
    const said = await judge(candidate, machine, ask)
    if (said.identity !== null && answered.has(said.identity)) continue
    if (said.identity !== null) answered.add(said.identity)
    yield asFound(candidate.path, said)
  }
}

/** One that was named, with what tells it from others; that is null where it has not answered. */
export interface NamedInterpreter {
  readonly found: FoundInterpreter
  readonly identity: string | null
}

/** The interpreter that a user has named: by a path, by its environment's folder, or by a command. */
export async function findNamed(
  name: string,
  machine: Machine,
  ask: Ask,
): Promise<NamedInterpreter> {
  if (name.trim() === '') return unusable(JSON.stringify(name), 'is no path')
  const { resolve, join } = pathsOf(machine)
  const isCommand = !/[\\/]/.test(name) && !name.startsWith('.')
  const home = /^~(?=[\\/]|$)/.test(name) ? join(machine.home, name.slice(1)) : name
  const command = isCommand ? await commandPath(machine, name) : null
  const path = command ?? resolve(machine.folder, home)
  const entry = await machine.look(path)
  if (entry === null && isCommand) return unusable(name, 'is no command on the PATH')
  if (entry?.kind !== 'folder') return judgeNamed(path, entry, machine, ask)
  for (const inside of inEnvironment(machine, path)) {
    const found = await machine.look(inside)
    if (found?.kind === 'file') return judgeNamed(inside, found, machine, ask)
  }
  return unusable(path, 'is a folder in which no interpreter is')
}

async function judgeNamed(
  path: string,
  entry: Entry | null,
  machine: Machine,
  ask: Ask,
): Promise<NamedInterpreter> {
  const said = await judge({ path, names: [path], entry }, machine, ask)
  return { found: asFound(path, said), identity: said.identity }
}

/** What may be an interpreter, with a key that those share which lead to the same program and packages. */
async function* candidatesOf(
  machine: Machine,
  added: () => Promise<readonly string[]>,
): AsyncGenerator<readonly [string, Candidate]> {
  let addedPaths: readonly string[] = []
  const paths = likelyPaths(machine, async () => {
    addedPaths = await added()
    return addedPaths
  })
  for await (const path of paths) {
    const entry = await machine.look(path)
    const isProgram = entry?.kind === 'file' && entry.isExecutable
    if (!isProgram && !addedPaths.includes(path)) continue
    const key = entry === null ? path : await quickIdentity(path, entry, machine)
    yield [key, { path, names: [path], entry }]
  }
}

/** Found without starting anything, so that the many names of one interpreter are asked once. */
async function quickIdentity(path: string, { real }: Entry, machine: Machine): Promise<string> {
  const { basename, dirname, join } = pathsOf(machine)
  // One program may stand behind many names, and act by the name: that has to be asked.
  if (!isNamedAsPython(basename(real))) return path
  const environment = dirname(dirname(path))
  const settings = await machine.look(join(environment, 'pyvenv.cfg'))
  if (settings === null) return real
  return JSON.stringify([real, (await machine.look(environment))?.real ?? environment])
}

/** What is named otherwise is not started: it could be anything, and a path that is typed leads past much. */
function isNamedAsPython(name: string): boolean {
  return /python|pypy|graalpy/i.test(name)
}

async function judge({ path, entry }: Candidate, machine: Machine, ask: Ask): Promise<Asked> {
  const { basename } = pathsOf(machine)
  const no = (state: Asked['state'], why: string): Asked => ({
    state,
    why,
    interpreter: null,
    identity: null,
  })
  if (entry === null) return no('missing', 'is not there')
  if (entry.kind !== 'file') return no('not-executable', 'is no program')
  if (!isNamedAsPython(basename(path)) && !isNamedAsPython(basename(entry.real))) {
    const how = 'is not named as a Python is, and was not started'
    return no('not-executable', `${how}; a link to it whose name has python or pypy in it will do`)
  }
  if (!entry.isExecutable) return no('not-executable', 'is not executable')
  const stub = await whyStub(path, entry, machine)
  return stub === null ? ask(path, entry) : no('stub', stub)
}

function asFound(path: string, { state, interpreter, why }: Asked): FoundInterpreter {
  return {
    path: interpreter?.path ?? path,
    names: [path],
    isAdded: false,
    state,
    interpreter,
    why,
  }
}

function unusable(path: string, why: string): NamedInterpreter {
  const nothing = { isAdded: false, interpreter: null }
  return { found: { path, names: [path], state: 'missing', why, ...nothing }, identity: null }
}
