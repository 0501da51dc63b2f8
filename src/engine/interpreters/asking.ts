import { type Asked, askInterpreter } from './facts.ts'
import type { Entry } from './machine.ts'

/** What ends with the app, however that ends. */
export interface Guard {
  watchGroup(leader: number): () => void
  close(): void
}

/** How long an answer is remembered, in ms: what is installed may change without the interpreter. */
const rememberedMs = 30_000
/** Interpreters that are asked at the same time. */
const mostAtOnce = 4

/** Asks interpreters what they are, few at a time, and remembers it for a while: a form asks with each key. */
export class Asking {
  readonly #program: string
  readonly #startGuard: () => Promise<Guard>
  readonly #deadlineMs: number
  readonly #known = new Map<string, Promise<Asked>>()
  readonly #waiting: (() => void)[] = []
  #underWay = 0
  #guard: Promise<Guard> | null = null

  /**
   * @param program path of `interpreter_facts.py`
   * @param deadlineMs how long one may take to answer
   */
  constructor(program: string, startGuard: () => Promise<Guard>, deadlineMs: number) {
    this.#program = program
    this.#startGuard = startGuard
    this.#deadlineMs = deadlineMs
  }

  readonly ask = (path: string, { changed, size, real }: Entry): Promise<Asked> => {
    const key = JSON.stringify([path, real, changed, size])
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const asked = this.#inTurn(path)
    this.#known.set(key, asked)
    const forget = () => this.#known.delete(key)
    asked.then(() => setTimeout(forget, rememberedMs).unref(), forget)
    return asked
  }

  /** So that what is installed now is seen. */
  forget(): void {
    this.#known.clear()
  }

  async #inTurn(path: string): Promise<Asked> {
    if (this.#underWay === mostAtOnce) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else this.#underWay++
    try {
      this.#guard ??= this.#startGuard()
      const guard = await this.#guard
      return await askInterpreter(path, this.#program, this.#deadlineMs, (leader) =>
        guard.watchGroup(leader),
      )
    } finally {
      // Its place is the next one's.
      const next = this.#waiting.shift()
      if (next !== undefined) next()
      else if (--this.#underWay === 0) {
        this.#guard?.then(
          (guard) => guard.close(),
          () => {},
        )
        this.#guard = null
      }
    }
  }
}
