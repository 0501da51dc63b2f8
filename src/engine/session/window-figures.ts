import type { SampleVariable } from '../../shared/model/sample.ts'
import { partsOf } from '../../shared/sample-row.ts'
import { type Utilization, UtilizationMeter } from '../analysis/utilization.ts'
import type { RawSample } from '../sampling/sampler.ts'

/** What the samples of a trial come to. */
export interface SampledFigures {
  /** Largest sums over the tree; null where nothing was read since the workers were begun with. */
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

/** What of a sample the figures are made of. */
interface Content {
  readonly tree: Partial<Record<SampleVariable, number>>
  /** CPU time of all workers together / time; null unless every worker was read. */
  readonly workersCpu: number | null
}

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

  add(sample: RawSample): void {
    const { stream, at, dt_ms } = sample
    const isInside = dt_ms > 0 && at - dt_ms >= this.#releasedAt && at <= this.#endedAt
    const { tree, workersCpu } = this.#read(sample, isInside)
    this.#addSums(tree)
    if (!isInside) return
    if (stream === 'processes' && workersCpu !== null) this.#seen.add(workersCpu, dt_ms)
    if (stream === 'reports' && tree.cpu_share !== undefined) this.#told.add(tree.cpu_share, dt_ms)
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

  /** @param isInside whether the sample lies within the work window with its whole interval */
  #read(sample: RawSample, isInside: boolean): Content {
    const { values, stream } = sample
    const tree: Content['tree'] = {}
    let cpu = 0
    let workers = 0
    partsOf(sample).forEach(({ subject, number, variable }, at) => {
      const value = values[at] as number
      if (Number.isNaN(value)) return
      if (subject === 'tree') tree[variable] = value
      else if (subject === 'worker' && variable === 'last_core') {
        this.#noteCore(number as number, value, isInside)
      } else if (subject === 'worker' && variable === 'cpu_share') {
        cpu += value
        workers++
      } else if (subject === 'process' && stream === 'memory') {
        this.#noteMemory(number as number, variable, value)
      }
    })
    return { tree, workersCpu: workers === this.#workers ? cpu : null }
  }

  #addSums(tree: Content['tree']): void {
    const read = {
      rssBytes: tree.rss_bytes,
      pssBytes: tree.pss_bytes,
      ussBytes: tree.uss_bytes,
    }
    for (const key of ['rssBytes', 'pssBytes', 'ussBytes'] as const) {
      const value = read[key]
      if (value === undefined) continue
      // The last of the baseline counts: by then the host has settled.
      if (!this.#hasWorkers) this.#baseline[key] = value
      // The host alone says nothing of host and workers, where nothing is read any more after it.
      else this.#peak[key] = Math.max(this.#peak[key] ?? this.#baseline[key] ?? 0, value)
    }
  }

  #noteMemory(processId: number, variable: SampleVariable, value: number): void {
    const known = this.#memoryOf.get(processId) ?? { pss: 0, uss: 0 }
    if (variable === 'pss_bytes') known.pss = value
    else known.uss = value
    this.#memoryOf.set(processId, known)
  }

  /** Where a worker was seen; one that was elsewhere before has migrated. */
  #noteCore(worker: number, core: number, counts: boolean): void {
    const before = this.#lastCores[worker]
    this.#lastCores[worker] = core
    if (!counts) return
    const moved = before !== undefined && before !== core ? 1 : 0
    this.#migrations[worker] = (this.#migrations[worker] ?? 0) + moved
  }
}
