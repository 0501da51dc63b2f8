import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { type Clock, systemClock } from '../clock.ts'

/** How well a steady pace was kept. */
export interface Punctuality {
  /** ms by which a tick came after it was due; null where none was counted. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  /** Ticks that were left out, since the one before came too late or was still at work. */
  readonly missed: number
}

const nsPerMs = 1e6

/**
 * Calls at a steady pace that the clock keeps, so that one late tick does not make all that follow
 * late. While it counts, it keeps account of how late the ticks were.
 */
export class Pace {
  readonly #intervalMs: number
  readonly #tick: () => void
  readonly #clock: Clock
  readonly #lateness: RecordableHistogram = createHistogram()
  #missed = 0
  #isCounting = false
  #nextDue = Number.POSITIVE_INFINITY
  #cancel = () => {}

  constructor(intervalMs: number, tick: () => void, clock: Clock = systemClock) {
    this.#intervalMs = intervalMs
    this.#tick = tick
    this.#clock = clock
  }

  /** The first tick is now. */
  start(): void {
    this.#run(this.#clock.now())
  }

  /** A tick that is overdue when the counting ends has been late, and those after it were left out. */
  count(isCounting: boolean): void {
    const late = this.#clock.now() - this.#nextDue
    if (this.#isCounting && !isCounting && late > 0) {
      this.#lateness.record(Math.max(1, Math.round(late * nsPerMs)))
      this.#missed += Math.floor(late / this.#intervalMs)
    }
    this.#isCounting = isCounting
  }

  /** A tick that came while there was still work of the one before. */
  miss(): void {
    if (this.#isCounting) this.#missed++
  }

  get punctuality(): Punctuality {
    // To the microsecond: a histogram knows no 0.
    const at = (percentile: number) =>
      this.#lateness.count === 0
        ? null
        : Math.round(this.#lateness.percentile(percentile) / 1000) / 1000
    return { p50Ms: at(50), p99Ms: at(99), missed: this.#missed }
  }

  stop(): void {
    this.#cancel()
  }

  #run(due: number): void {
    const now = this.#clock.now()
    const steps = Math.max(1, Math.ceil((now - due) / this.#intervalMs))
    if (this.#isCounting) {
      this.#lateness.record(Math.max(1, Math.round((now - due) * nsPerMs)))
      this.#missed += steps - 1
    }
    const next = due + steps * this.#intervalMs
    this.#nextDue = next
    this.#cancel = this.#clock.after(next - now, () => this.#run(next))
    this.#tick()
  }
}
