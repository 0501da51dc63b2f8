/** Spans that are kept of one worker at most, and of all workers of a trial together. */
const mostOfWorker = 2000
const mostOfTrial = 8000
const fewestOfWorker = 64

/** An even number. */
export function spansKept(workers: number): number {
  const share = 2 * Math.floor(mostOfTrial / workers / 2)
  return Math.max(fewestOfWorker, Math.min(mostOfWorker, share))
}

/**
 * When tasks began and ended, in a fixed amount of memory: of all at first; when it is full, of every
 * second one, then of every fourth, so that the whole of the work stays in view. Costs a task two stores.
 */
export class TaskSpansRecorder {
  readonly #times: Float64Array
  #kept = 0
  #every = 1
  #untilNext = 1

  /** @param most an even number */
  constructor(most: number) {
    this.#times = new Float64Array(2 * most)
  }

  record(start: number, end: number): void {
    if (--this.#untilNext > 0) return
    this.#untilNext = this.#every
    if (2 * this.#kept === this.#times.length) this.#halve()
    this.#times[2 * this.#kept] = start
    this.#times[2 * this.#kept + 1] = end
    this.#kept++
  }

  #halve(): void {
    const times = this.#times
    for (let at = 0; 4 * at < times.length; at++) {
      times[2 * at] = times[4 * at] as number
      times[2 * at + 1] = times[4 * at + 1] as number
    }
    this.#kept >>= 1
    this.#every *= 2
    this.#untilNext = this.#every
  }

  /** Start and end of each that was kept, in turn, as little-endian doubles in base64: cheap to hand on. */
  taken(): string {
    const { buffer } = this.#times
    return Buffer.from(buffer, 0, 16 * this.#kept).toString('base64')
  }
}

/** What `taken` gave; nothing where it is not of that form: a module of the user's own may have said it. */
export function spansIn(text: unknown): { readonly starts: number[]; readonly ends: number[] } {
  const starts: number[] = []
  const ends: number[] = []
  if (typeof text !== 'string') return { starts, ends }
  const bytes = Buffer.from(text, 'base64')
  for (let at = 0; at + 16 <= bytes.length && starts.length < mostOfWorker; at += 16) {
    const [start, end] = [bytes.readDoubleLE(at), bytes.readDoubleLE(at + 8)]
    if (!(end >= start && start >= (ends.at(-1) ?? start))) break
    starts.push(start)
    ends.push(end)
  }
  return { starts, ends }
}
