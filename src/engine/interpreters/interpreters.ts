import {
  describeFound,
  type FoundInterpreter,
  isCPython,
  oldestPython,
} from '../../shared/model/found-interpreter.ts'
import { eachKind, type Interpreter, interpreterName } from '../../shared/model/interpreter.ts'
import { type Problem, printable } from '../../shared/model/problem.ts'
import { Asking, type Guard } from './asking.ts'
import { findAll, findInTurn, findNamed, type NamedInterpreter } from './find.ts'
import { type Machine, thisMachine } from './machine.ts'

/** What of a plan says which interpreters it wants. */
export interface WantedInterpreters {
  readonly runtimes: readonly string[]
  /** Paths, folders of environments or commands; none: the usual one. */
  readonly interpreters: readonly string[]
  /** Where none is named: one of each kind there is, rather than the usual one. */
  readonly isEachKind?: boolean
}

export type ResolvedInterpreters =
  | { readonly interpreters: readonly Interpreter[] }
  | { readonly problems: readonly Problem[] }

export interface InterpreterParts {
  /** Path of `interpreter_facts.py`. */
  readonly program: string
  /** Paths that the user has added. */
  added(): Promise<readonly string[]>
  /** Starts what ends interpreters with the app. */
  startGuard(): Promise<Guard>
  /** The real one where it is left out. */
  readonly machine?: () => Machine
  /** How long one may take to answer, in ms; 10 s unless given. */
  readonly deadlineMs?: number
}

/** On a busy machine an interpreter takes seconds to start. */
const usualDeadlineMs = 10_000

/** The interpreters of Python on this machine. Nothing is looked for, let alone started, before it is asked for. */
export class Interpreters {
  readonly #parts: InterpreterParts
  readonly #asking: Asking

  constructor(parts: InterpreterParts) {
    this.#parts = parts
    const deadlineMs = parts.deadlineMs ?? usualDeadlineMs
    this.#asking = new Asking(parts.program, parts.startGuard, deadlineMs)
  }

  /** All there are, with those that cannot be used and why; asked anew. */
  async list(): Promise<readonly FoundInterpreter[]> {
    this.#asking.forget()
    const added = await this.#parts.added()
    return findAll(this.#machine(), added, this.#asking.ask)
  }

  /** The one that a user has named. */
  async named(name: string): Promise<FoundInterpreter> {
    return (await this.#named(name)).found
  }

  #named(name: string): Promise<NamedInterpreter> {
    return findNamed(name, this.#machine(), this.#asking.ask)
  }

  /** The one that is used where nothing is said; where there is none, what was found in its stead. */
  async usual(isWanted: (interpreter: Interpreter) => boolean = () => true): Promise<Usual> {
    const unusable: FoundInterpreter[] = []
    const unwanted: FoundInterpreter[] = []
    let other: Interpreter | null = null
    const machine = this.#machine()
    for await (const found of findInTurn(machine, () => this.#parts.added(), this.#asking.ask)) {
      const { interpreter } = found
      if (interpreter === null) unusable.push(found)
      else if (!isWanted(interpreter)) unwanted.push(found)
      else if (isCPython(interpreter)) return { interpreter, unusable, unwanted }
      else other ??= interpreter
    }
    return { interpreter: other, unusable, unwanted }
  }

  /** What a plan names, or the usual one; or what is wrong with it. A plan for Node alone costs nothing. */
  async resolve({
    runtimes,
    interpreters: names,
    isEachKind = false,
  }: WantedInterpreters): Promise<ResolvedInterpreters> {
    const wanting = runtimes.filter((runtime) => runtime === 'python' || runtime === 'dask')
    if (wanting.length === 0) {
      return names.length === 0 ? { interpreters: [] } : { problems: [ofNoUse(names)] }
    }
    const needsDask = runtimes.includes('dask')
    if (names.length === 0 && isEachKind && !needsDask) return this.#resolveEachKind()
    if (names.length === 0) return this.#resolveUsual(needsDask)
    const named = await Promise.all(names.map((name) => this.#named(name)))
    const found = named.map((each) => each.found)
    const problems = [...unusableProblems(found), ...twiceProblems(named)]
    const interpreters = found.flatMap(({ interpreter }) => interpreter ?? [])
    if (problems.length > 0) return { problems }
    if (needsDask && interpreters.every(({ dask }) => dask === null)) {
      return { problems: [{ path: 'interpreters', message: withoutDask(found) }] }
    }
    return { interpreters }
  }

  async #resolveEachKind(): Promise<ResolvedInterpreters> {
    const added = await this.#parts.added()
    const found = await findAll(this.#machine(), added, this.#asking.ask)
    const interpreters = eachKind(found.flatMap(({ interpreter }) => interpreter ?? []))
    if (interpreters.length > 0) return { interpreters }
    return { problems: [{ path: 'runtimes', message: this.#nothingFound(found) }] }
  }

  async #resolveUsual(needsDask: boolean): Promise<ResolvedInterpreters> {
    const { interpreter, unusable, unwanted } = await this.usual(
      ({ dask }) => !needsDask || dask !== null,
    )
    if (interpreter !== null) return { interpreters: [interpreter] }
    const message = unwanted.length > 0 ? withoutDask(unwanted) : this.#nothingFound(unusable)
    return { problems: [{ path: 'runtimes', message }] }
  }

  #nothingFound(unusable: readonly FoundInterpreter[]): string {
    const { platform } = this.#machine()
    const what =
      unusable.length === 0
        ? `no Python was found (${oldestPython} or later is needed)`
        : `no Python that can be used was found: ${someOf(unusable.map(describe))}`
    return `${what}; ${howToInstall(platform)}, or tell where one is: corescope interpreters add PATH`
  }

  #machine(): Machine {
    return (this.#parts.machine ?? thisMachine)()
  }
}

/** What the search for the usual interpreter has come to. */
export interface Usual {
  readonly interpreter: Interpreter | null
  /** What was passed over on the way: what cannot be used, and what could but is not what is wanted. */
  readonly unusable: readonly FoundInterpreter[]
  readonly unwanted: readonly FoundInterpreter[]
}

function unusableProblems(found: readonly FoundInterpreter[]): Problem[] {
  return found.flatMap((each, index) =>
    each.interpreter !== null
      ? []
      : [{ path: `interpreters[${index}]`, message: `${describe(each)}; ${wanted}` }],
  )
}

/** One interpreter under two names would be held against itself. */
function twiceProblems(named: readonly NamedInterpreter[]): Problem[] {
  return named.flatMap(({ found, identity }, index) => {
    const first = named.findIndex((other) => other.identity === identity)
    if (identity === null || found.interpreter === null || first === index) return []
    const message = `${describe(found)} is listed twice; allowed: each once`
    return [{ path: `interpreters[${index}]`, message }]
  })
}

function ofNoUse(names: readonly string[]): Problem {
  const what = printable(names.join(', '))
  return {
    path: 'interpreters',
    message: `${what}: nothing is run by it; allowed: with the runtime python or dask`,
  }
}

/** What would be allowed in the place of one that cannot be used. */
export const wanted = `allowed: the path or the command of a Python ${oldestPython} or later; "corescope interpreters" lists those that are found`

function withoutDask(found: readonly FoundInterpreter[]): string {
  const names = found.flatMap(({ interpreter }) =>
    interpreter === null ? [] : [`${interpreterName(interpreter)} (${interpreter.path})`],
  )
  const path = found[0]?.path ?? 'python3'
  return `Dask.distributed was not found: ${printable(someOf(names))} ${names.length > 1 ? 'have' : 'has'} none; install it, as with apt-get install python3-distributed (Debian’s own python3) or ${printable(path)} -m pip install distributed`
}

export function describe(found: FoundInterpreter): string {
  return printable(describeFound(found))
}

function someOf(texts: readonly string[]): string {
  const shown = texts.slice(0, 3).join('; ')
  return texts.length > 3 ? `${shown}; and ${texts.length - 3} more` : shown
}

function howToInstall(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'install one from python.org'
  if (platform === 'darwin') return 'install one from python.org, or with brew install python'
  return 'install one, as with apt-get install python3 or dnf install python3'
}
