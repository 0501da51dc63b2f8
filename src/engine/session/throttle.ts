import { type Clock, systemClock } from '../clock.ts'

/**
 * Calls a function when it is asked for, at once, but so seldom that there is a least time between two
 * calls; what is asked for in between is one call at the end of it. With nothing to do it does nothing,
 * where a steady timer would wake the process all the same.
 */
export class Throttle {
  readonly #leastMs: number
  readonly #call: () => void
  readonly #clock: Clock
  #calledAt = Number.NEGATIVE_INFINITY
  /** Of the call that is to come. */
  #cancel: (() => void) | undefined

  constructor(leastMs: number, call: () => void, clock: Clock = systemClock) {
    this.#leastMs = leastMs
    this.#call = call
    this.#clock = clock
  }

  ask(): void {
    if (this.#cancel !== undefined) return
    const left = this.#calledAt + this.#leastMs - this.#clock.now()
    if (left <= 0) this.#run()
    else this.#cancel = this.#clock.after(left, () => this.#run())
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #run(): void {
    this.#cancel = undefined
    this.#calledAt = this.#clock.now()
    this.#call()
  }
}
