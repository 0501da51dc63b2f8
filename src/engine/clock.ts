/**
 * The monotonic clock that all processes and threads of a machine share, in ms from an arbitrary
 * start (CLOCK_MONOTONIC, mach_absolute_time or QueryPerformanceCounter under `process.hrtime`).
 * `performance.now()` reads the same clock from a start of its own, and is the cheaper call.
 */
// Code of the user's own may put another in its place, as test libraries do: ours goes on.
const now = performance.now.bind(performance)
const offset = findOffset()

export function monotonicMs(): number {
  return now() + offset
}

/**
 * The two clocks are read in turn, and a process may be set aside between two readings: of some
 * attempts the shortest is the truest.
 */
function findOffset(): number {
  let shortest = Number.POSITIVE_INFINITY
  let found = 0
  for (let attempt = 0; attempt < 8; attempt++) {
    const before = Number(process.hrtime.bigint()) / 1e6
    const own = now()
    const after = Number(process.hrtime.bigint()) / 1e6
    if (after - before >= shortest) continue
    shortest = after - before
    found = (before + after) / 2 - own
  }
  return found
}

/** Time, and what is to be done after some of it; given from outside where a test is to say how it goes. */
export interface Clock {
  /** ms from an arbitrary start. */
  now(): number
  /** @returns takes it back */
  after(ms: number, call: () => void): () => void
}

export const systemClock: Clock = {
  now: monotonicMs,
  after(ms, call) {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
}

/**
 * The time of day as it was read once, carried on by the monotonic clock: it goes neither back nor
 * ahead when the wall clock is set. While the machine sleeps it may stand still.
 */
export class SteadyTime {
  readonly start: number
  readonly #wall: () => number
  readonly #monotonic: () => number
  readonly #origin: number

  /**
   * @param wall ms since the epoch
   * @param monotonic ms from an arbitrary start
   */
  constructor(wall: () => number = Date.now, monotonic: () => number = monotonicMs) {
    this.#wall = wall
    this.#monotonic = monotonic
    this.start = wall()
    this.#origin = monotonic()
  }

  /** In whole ms since the epoch; never before the start. */
  now(): number {
    return this.start + Math.max(0, Math.round(this.#monotonic() - this.#origin))
  }

  /** For what must not happen too early, whichever way the wall clock was set. */
  earliest(): number {
    return Math.min(this.#wall(), this.now())
  }

  /** For signs of life, which must not look older than they are. */
  latest(): number {
    return Math.max(this.#wall(), this.now())
  }
}
