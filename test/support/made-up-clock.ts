import type { Clock } from '../../src/engine/clock.ts'

/** A clock that stands still until a test lets it go on. */
export class MadeUpClock implements Clock {
  #now = 0
  #due: { readonly at: number; readonly call: () => void }[] = []

  now = (): number => this.#now

  after = (ms: number, call: () => void): (() => void) => {
    const entry = { at: this.#now + Math.max(0, ms), call }
    this.#due.push(entry)
    return () => {
      this.#due = this.#due.filter((each) => each !== entry)
    }
  }

  /** How many calls are waiting. */
  get waiting(): number {
    return this.#due.length
  }

  /** Lets time pass; each call that falls due is made at its time. */
  pass(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const [next] = this.#due.toSorted((a, b) => a.at - b.at)
      if (next === undefined || next.at > end) break
      this.#now = Math.max(this.#now, next.at)
      this.#make(next)
    }
    this.#now = end
  }

  /** The thread is busy: time passes, and what falls due meanwhile is late. */
  block(ms: number): void {
    this.#now += ms
  }

  #make(entry: { readonly at: number; readonly call: () => void }): void {
    this.#due = this.#due.filter((each) => each !== entry)
    entry.call()
  }
}
