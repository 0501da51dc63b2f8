/**
 * Calls a function when it is asked for, at once, but so seldom that there is a least time between two
 * calls; what is asked for in between is one call at the end of it. With nothing to do it does nothing,
 * where a steady timer would wake the process all the same.
 */
export class Throttle {
  readonly #leastMs: number
  readonly #call: () => void
  #calledAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined

  constructor(leastMs: number, call: () => void) {
    this.#leastMs = leastMs
    this.#call = call
  }

  ask(): void {
    if (this.#timer !== undefined) return
    const left = this.#calledAt + this.#leastMs - performance.now()
    if (left <= 0) this.#run()
    else this.#timer = setTimeout(() => this.#run(), left)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #run(): void {
    this.#timer = undefined
    this.#calledAt = performance.now()
    this.#call()
  }
}
