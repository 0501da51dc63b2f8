import type { ObserverShares } from '../../shared/model/progress.ts'
import { monotonicMs } from '../clock.ts'
import { type ObserverCost, observerCost } from '../sampling/observer-cost.ts'

/** What has been spent on watching so far, in ms. */
export interface ObserverReading extends ObserverCost {
  readonly at: number
  /** CPU time of the sampler's thread; null where the runtime does not tell that of a single thread. */
  readonly samplerMs: number | null
  readonly recordingMs: number
}

/** Time over which the cost of watching is averaged while a trial goes: the kernel counts in 10 ms. */
const liveWindowMs = 1000

/**
 * What it costs to watch, by part: reading (the sampler's thread, and the programs it starts),
 * recording (what is done with its samples, the database included), and all else that this process
 * does meanwhile: the shell with its display or its server, messages, garbage collection.
 */
export class Observer {
  #recordingMs = 0
  #liveFrom: ObserverReading | null = null
  #live: ObserverShares | null = null

  /**
   * Does something on this thread that belongs to recording. Its time is taken by the clock: the system
   * accounts a thread's CPU time only when the thread is set aside or a tick falls into it, and these
   * are moments of some 100 µs. Where the thread is set aside in the middle, that counts as well.
   */
  recording<T>(work: () => T): T {
    const from = monotonicMs()
    try {
      return work()
    } finally {
      this.#recordingMs += monotonicMs() - from
    }
  }

  /**
   * @param samplerMs CPU time of the sampler's thread, as it told it last
   * @returns null where the platform does not tell what the children took that were waited for
   */
  read(samplerMs: number | null): ObserverReading | null {
    const cost = observerCost()
    if (cost === null) return null
    return { at: monotonicMs(), ...cost, samplerMs, recordingMs: this.#recordingMs }
  }

  /** The shares over the last second or so. */
  live(samplerMs: number | null): ObserverShares | null {
    const from = this.#liveFrom
    if (from !== null && monotonicMs() - from.at < liveWindowMs) return this.#live
    const now = this.read(samplerMs)
    this.#liveFrom = now
    if (from !== null && now !== null) this.#live = sharesBetween(from, now)
    return this.#live
  }
}

/** Null where no time passed, or a part is not known. */
export function sharesBetween(from: ObserverReading, to: ObserverReading): ObserverShares | null {
  const length = to.at - from.at
  const total = totalBetween(from, to)
  if (total === null || length <= 0) return null
  if (from.samplerMs === null || to.samplerMs === null) return null
  const children = to.childrenMs - from.childrenMs
  // The parts are read by clocks that differ by moments: none is more than there is.
  const sampling = Math.min(total, (to.samplerMs - from.samplerMs + children) / length)
  const rest = total - sampling
  const recording = Math.min(rest, (to.recordingMs - from.recordingMs) / length)
  return { total, sampling, recording, shell: rest - recording }
}

/** Of one core; null where no time passed. */
export function totalBetween(from: ObserverReading, to: ObserverReading): number | null {
  const length = to.at - from.at
  if (length <= 0) return null
  return (to.processMs + to.childrenMs - from.processMs - from.childrenMs) / length
}
