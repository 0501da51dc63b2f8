import { join, resolve } from 'node:path'
import type { FoundInterpreter } from '../../shared/model/found-interpreter.ts'
import { LabError, printable } from '../../shared/model/problem.ts'
import type { Guard } from '../interpreters/asking.ts'
import type {
  Interpreters,
  ResolvedInterpreters,
  Usual,
  WantedInterpreters,
} from '../interpreters/interpreters.ts'
import type { DatabaseConnection } from './database-connection.ts'

/** The Pythons of this machine, with those that the user has added: these are kept in the database. */
export class KnownInterpreters {
  readonly #connection: DatabaseConnection
  readonly #folder: string
  readonly #startGuard: () => Promise<Guard>
  #loaded: Promise<Interpreters> | undefined

  /** @param folder of what they run */
  constructor(connection: DatabaseConnection, folder: string, startGuard: () => Promise<Guard>) {
    this.#connection = connection
    this.#folder = folder
    this.#startGuard = startGuard
  }

  /** All there are, the most likely to be meant first; with those that cannot be used, and why. */
  async list(): Promise<readonly FoundInterpreter[]> {
    return (await this.#interpreters()).list()
  }

  /** What a plan names, or the usual one; or what is wrong with it. A plan for Node alone costs nothing. */
  async resolve(plan: WantedInterpreters): Promise<ResolvedInterpreters> {
    const isForNode = plan.runtimes.every((runtime) => runtime === 'node')
    if (isForNode && plan.interpreters.length === 0) return { interpreters: [] }
    return (await this.#interpreters()).resolve(plan)
  }

  /** The one that is used where nothing is said. */
  async usual(): Promise<Usual> {
    return (await this.#interpreters()).usual()
  }

  /**
   * Adds one, once it has answered.
   *
   * @throws LabError `bad-input`, where it cannot be used
   */
  async add(name: string): Promise<FoundInterpreter> {
    const { describe, wanted } = await import('../interpreters/interpreters.ts')
    const found = await (await this.#interpreters()).named(name)
    if (found.interpreter === null) {
      const message = `${describe(found)}; ${wanted}`
      throw new LabError('bad-input', message, [{ path: 'path', message }])
    }
    await this.#connection.write(({ interpreters }) => interpreters.add(found.path))
    return { ...found, isAdded: true }
  }

  /** @throws LabError `not-found`, where it was not added */
  async remove(name: string): Promise<void> {
    const whole = resolve(name)
    // It may be gone, so that it cannot be asked any more.
    const inside = ['bin/python', 'bin/python3', 'Scripts/python.exe', 'python.exe']
    const paths = [name, whole, ...inside.map((each) => join(whole, each))]
    const added = await this.#added()
    const path = paths.find((each) => added.includes(each))
    if (path === undefined) {
      const allowed = added.length === 0 ? 'none was' : printable(added.join(', '))
      throw new LabError('not-found', `${printable(name)} was not added; added: ${allowed}`)
    }
    await this.#connection.write(({ interpreters }) => interpreters.remove(path))
  }

  #added(): Promise<readonly string[]> {
    return this.#connection.read(({ interpreters }) => interpreters.list())
  }

  /** Loaded when they are asked for: most of what is done here needs no Python. */
  #interpreters(): Promise<Interpreters> {
    this.#loaded ??= import('../interpreters/interpreters.ts').then(
      ({ Interpreters }) =>
        new Interpreters({
          program: join(this.#folder, 'interpreter_facts.py'),
          added: () => this.#added(),
          startGuard: this.#startGuard,
        }),
    )
    return this.#loaded
  }
}
