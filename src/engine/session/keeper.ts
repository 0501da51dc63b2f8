import { setTimeout } from 'node:timers/promises'
import type { LabError } from '../../shared/model/problem.ts'
import { explain, isLocked } from '../storage/database.ts'

/** How long another app may hold the database before a run gives up, and how often it asks. */
const patienceMs = 60_000
const askAgainMs = 100

/**
 * Keeps what a run measures. A database that another app has locked is waited for, without standing
 * still; one that cannot be written to any more ends the run: what cannot be kept is not worth
 * measuring. What has been committed is safe either way.
 */
export class Keeper {
  readonly #databasePath: string
  readonly #laterMs: number
  readonly #giveUp: (failure: LabError) => void
  #failure: LabError | null = null

  /** @param laterMs how often what must be known is tried again */
  constructor(databasePath: string, giveUp: (failure: LabError) => void, laterMs = 5000) {
    this.#laterMs = laterMs
    this.#databasePath = databasePath
    this.#giveUp = giveUp
  }

  get failure(): LabError | null {
    return this.#failure
  }

  /** Writes now, or leaves it for the next time: for what comes again. */
  keepSoon(write: () => void): void {
    if (this.#failure !== null) return
    try {
      write()
    } catch (error) {
      if (!isLocked(error)) this.#fail(error)
    }
  }

  /** Writes, as soon as the database lets it; undefined where that is never. */
  async keep<T>(write: () => T): Promise<T | undefined> {
    return this.#failure === null ? this.#write(write) : undefined
  }

  /**
   * Writes what must be known of a run that is over, even where writing has failed before: a disk may
   * have room again. Where it has none, it is tried now and then for as long as the app goes on; the
   * next start of an app would find out by itself.
   */
  async keepAtLast(write: () => void): Promise<void> {
    let isKept = false
    const writeOnce = () => {
      write()
      isKept = true
    }
    await this.#write(writeOnce)
    if (isKept) return
    const timer = setInterval(() => {
      try {
        writeOnce()
      } catch (error) {
        const { code } = explain(error, this.#databasePath)
        if (code === 'database-full' || isLocked(error)) return
      }
      clearInterval(timer)
    }, this.#laterMs).unref()
  }

  async #write<T>(write: () => T): Promise<T | undefined> {
    const deadline = performance.now() + patienceMs
    for (;;) {
      try {
        return write()
      } catch (error) {
        if (!isLocked(error) || performance.now() > deadline) {
          this.#fail(error)
          return undefined
        }
        await setTimeout(askAgainMs)
      }
    }
  }

  #fail(error: unknown): void {
    if (this.#failure !== null) return
    this.#failure = explain(error, this.#databasePath)
    this.#giveUp(this.#failure)
  }
}
