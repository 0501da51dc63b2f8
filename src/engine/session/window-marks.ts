import type { ObserverShares } from '../../shared/model/progress.ts'
import { busyFraction } from '../analysis/trial-metrics.ts'
import type { Punctuality } from '../sampling/pace.ts'
import type { Mark, Sampler } from '../sampling/sampler.ts'
import { type Observer, type ObserverReading, sharesBetween, totalBetween } from './observer.ts'

/** What two marks, as the work window begins and as it ends, say of what lies between them. */
export interface MarkedFigures {
  /** Busy fraction of all cores, 0–1. */
  readonly saturation: number | null
  /** Of one core. */
  readonly observerCpuShare: number | null
  readonly observerParts: ObserverShares | null
  readonly punctuality: Punctuality | null
  /** Context switches of each worker's thread; null where they are not known. */
  readonly switches: readonly (Switches | null)[]
}

export interface Switches {
  readonly voluntary: number
  readonly involuntary: number
}

interface Taken {
  readonly mark: Promise<Mark | null>
  readonly observer: ObserverReading | null
}

/** The readings at either end of a work window. */
export class WindowMarks {
  readonly #sampler: Sampler
  readonly #observer: Observer
  #begin: Taken | null = null
  #end: Taken | null = null
  #punctuality: Punctuality | null = null

  constructor(sampler: Sampler, observer: Observer) {
    this.#sampler = sampler
    this.#observer = observer
  }

  begin(): void {
    this.#begin = this.#take()
  }

  /** Resolves when all has been read that is to be read before the workers are ended. */
  async end(): Promise<void> {
    this.#end = this.#take()
    this.#punctuality = await this.#sampler.workEnds()
  }

  async figures(): Promise<MarkedFigures> {
    const { saturation, switches, samplerMs } = await this.#marked()
    const [from, to] = [this.#begin?.observer ?? null, this.#end?.observer ?? null]
    const known = from !== null && to !== null
    return {
      saturation,
      switches,
      observerCpuShare: known ? totalBetween(from, to) : null,
      observerParts: known
        ? sharesBetween({ ...from, samplerMs: samplerMs[0] }, { ...to, samplerMs: samplerMs[1] })
        : null,
      punctuality: this.#punctuality,
    }
  }

  #take(): Taken {
    return { mark: this.#sampler.mark(), observer: this.#observer.read(this.#sampler.cpuMs) }
  }

  async #marked() {
    const [from, to] = [(await this.#begin?.mark) ?? null, (await this.#end?.mark) ?? null]
    const machines = from?.machine && to?.machine
    return {
      saturation: machines ? busyFraction(from.machine, to.machine) : null,
      switches: (to?.counters ?? []).map((after, worker): Switches | null => {
        const before = from?.counters[worker]
        if (after?.voluntary == null || after.involuntary == null) return null
        if (before?.voluntary == null || before.involuntary == null) return null
        return {
          voluntary: after.voluntary - before.voluntary,
          involuntary: after.involuntary - before.involuntary,
        }
      }),
      samplerMs: [from?.samplerCpuMs ?? null, to?.samplerCpuMs ?? null] as const,
    }
  }
}
