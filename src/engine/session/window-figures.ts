import { type Utilization, UtilizationMeter } from '../analysis/utilization.ts'
import type { RawSample } from '../sampling/sampler.ts'

/** What the samples of a trial come to. */
export interface SampledFigures {
  /** Largest sums over the tree; null where nothing was read. */
  readonly peak: MemoryFigures
  /** Of the host alone, before its workers. */
  readonly baseline: MemoryFigures
  /** By worker; null where it was not seen. */
  readonly migrations: readonly (number | null)[]
  readonly utilization: Utilization | null
  /** By process, as last read. */
  readonly memoryOf: ReadonlyMap<number, { readonly pss: number; readonly uss: number }>
}

export interface MemoryFigures {
  readonly rssBytes: number | null
  readonly pssBytes: number | null
  readonly ussBytes: number | null
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Values = RawSample['values']

const nothingRead = (): Mutable<MemoryFigures> => ({
  rssBytes: null,
  pssBytes: null,
  ussBytes: null,
})

/** Follows the samples of one trial, and keeps what its figures need of them. */
export class WindowFigures {
  readonly #workers: number
  readonly #peak = nothingRead()
  readonly #baseline = nothingRead()
  readonly #memoryOf = new Map<number, { pss: number; uss: number }>()
  readonly #lastCores: (number | undefined)[] = []
  readonly #migrations: (number | null)[]
  /** From outside, in ns; else from what the workers tell of themselves. */
  readonly #seen: UtilizationMeter
  readonly #told: UtilizationMeter
  #hasWorkers = false
  #releasedAt = Number.POSITIVE_INFINITY
  #endedAt = Number.POSITIVE_INFINITY

  /** @param usableCores cores that the workers may use */
  constructor(workers: number, usableCores: number) {
    this.#workers = workers
    const target = Math.min(workers, usableCores)
    this.#migrations = new Array<number | null>(workers).fill(null)
    this.#seen = new UtilizationMeter(target)
    this.#told = new UtilizationMeter(target)
  }

  /** The host is no longer alone. */
  beginSpawn(): void {
    this.#hasWorkers = true
  }

  /** @param at on the monotonic clock */
  beginWork(at: number): void {
    this.#releasedAt = at
  }

  endWork(at: number): void {
    this.#endedAt = at
  }

  add({ stream, at, dt_ms, values }: RawSample): void {
    this.#addSums(values)
    if (stream === 'memory') {
      this.#noteMemory(values)
      return
    }
    if (at - dt_ms < this.#releasedAt || at > this.#endedAt || dt_ms <= 0) {
      if (stream === 'processes') this.#noteCores(values, false)
      return
    }
    if (stream === 'processes') {
      this.#noteCores(values, true)
      const cores = this.#workersShare(values)
      if (cores !== null) this.#seen.add(cores, dt_ms)
    } else if (stream === 'reports') {
      const cores = values['tree.cpu_share']
      if (cores !== undefined) this.#told.add(cores, dt_ms)
    }
  }

  /** @param coresUsed over the whole window, for one that held no whole interval; null where unknown */
  figures(coresUsed: number | null): SampledFigures {
    let utilization = this.#seen.utilization ?? this.#told.utilization
    if (utilization === null && coresUsed !== null) {
      this.#told.add(coresUsed, 1)
      utilization = this.#told.utilization
    }
    return {
      peak: this.#peak,
      baseline: this.#baseline,
      migrations: this.#migrations,
      utilization,
      memoryOf: this.#memoryOf,
    }
  }

  #addSums(values: Values): void {
    const read = {
      rssBytes: values['tree.rss_bytes'],
      pssBytes: values['tree.pss_bytes'],
      ussBytes: values['tree.uss_bytes'],
    }
    for (const key of ['rssBytes', 'pssBytes', 'ussBytes'] as const) {
      const value = read[key]
      if (value === undefined) continue
      this.#peak[key] = Math.max(this.#peak[key] ?? 0, value)
      // The last of the baseline counts: by then the host has settled.
      if (!this.#hasWorkers) this.#baseline[key] = value
    }
  }

  #noteMemory(values: Values): void {
    for (const [series, value] of Object.entries(values)) {
      const id = /^process\.(\d+)\.pss_bytes$/.exec(series)?.[1]
      if (id === undefined || value === undefined) continue
      const uss = values[`process.${Number(id)}.uss_bytes`] ?? 0
      this.#memoryOf.set(Number(id), { pss: value, uss })
    }
  }

  /** Where each worker was seen; one that was elsewhere before has migrated. */
  #noteCores(values: Values, counts: boolean): void {
    for (let worker = 0; worker < this.#workers; worker++) {
      const core = values[`worker.${worker}.last_core`]
      if (core === undefined) continue
      const before = this.#lastCores[worker]
      this.#lastCores[worker] = core
      if (!counts) continue
      const moved = before !== undefined && before !== core ? 1 : 0
      this.#migrations[worker] = (this.#migrations[worker] ?? 0) + moved
    }
  }

  /** Null unless every worker was read. */
  #workersShare(values: Values): number | null {
    let sum = 0
    for (let worker = 0; worker < this.#workers; worker++) {
      const share = values[`worker.${worker}.cpu_share`]
      if (share === undefined) return null
      sum += share
    }
    return sum
  }
}
