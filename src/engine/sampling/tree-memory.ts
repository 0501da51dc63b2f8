import type { SampleSeries } from '../../shared/model/sample.ts'
import type { ProcessMemory, ProcessReading } from './provider.ts'

/**
 * Share of a core that reading proportional memory may take while work goes on. Where a process takes
 * 1 ms to read, one is read every third of a second.
 */
const budget = 0.003
/** A process whose resident set has changed by so much is read before its turn. */
const notableChange = 0.02

interface Known extends ProcessMemory {
  readonly at: number
  readonly rssBytes: number
}

/**
 * Proportional and private memory of a tree of processes. It is so dear to read that while work goes
 * on one process is read at a time, the one that has changed most first, and their sum is of readings
 * of different ages; at the borders of the phases all are read at once.
 */
export class TreeMemory {
  readonly #read: (processId: number) => ProcessMemory | null
  readonly #now: () => number
  readonly #known = new Map<number, Known>()
  #processes: readonly ProcessReading[] = []
  #nextAt = 0

  constructor(read: (processId: number) => ProcessMemory | null, now: () => number) {
    this.#read = read
    this.#now = now
  }

  /** The tree as it is now. */
  update(processes: readonly ProcessReading[]): void {
    this.#processes = processes
    const present = new Set(processes.map(({ processId }) => processId))
    for (const processId of this.#known.keys()) {
      if (!present.has(processId)) this.#known.delete(processId)
    }
  }

  /** Reads one process, where the budget allows; null where it does not. */
  readNext(): Partial<Record<SampleSeries, number>> | null {
    if (this.#now() < this.#nextAt) return null
    const [next] = [...this.#processes].sort((a, b) => this.#urgency(b) - this.#urgency(a))
    if (next === undefined) return null
    const from = this.#now()
    const values = this.#readOne(next)
    const cost = this.#now() - from
    this.#nextAt = from + cost / budget
    return values === null ? null : { ...values, ...this.#sums() }
  }

  /** Reads all processes, letting others have their turn after each. */
  async readAll(): Promise<Partial<Record<SampleSeries, number>> | null> {
    const values: Partial<Record<SampleSeries, number>> = {}
    for (const process of this.#processes) {
      Object.assign(values, this.#readOne(process))
      await new Promise(setImmediate)
    }
    const sums = this.#sums()
    return Object.keys(values).length === 0 ? null : { ...values, ...sums }
  }

  #readOne({ processId, rssBytes }: ProcessReading) {
    const memory = this.#read(processId)
    if (memory === null) return null
    this.#known.set(processId, { ...memory, rssBytes, at: this.#now() })
    return {
      [`process.${processId}.pss_bytes`]: memory.pssBytes,
      [`process.${processId}.uss_bytes`]: memory.ussBytes,
    }
  }

  /** Of the whole tree; nothing while there is a process that has not been read. */
  #sums(): Partial<Record<SampleSeries, number>> {
    let pss = 0
    let uss = 0
    for (const { processId } of this.#processes) {
      const known = this.#known.get(processId)
      if (known === undefined) return {}
      pss += known.pssBytes
      uss += known.ussBytes
    }
    return { 'tree.pss_bytes': pss, 'tree.uss_bytes': uss }
  }

  /** Who was never read comes first, then who has changed, then who was read longest ago. */
  #urgency({ processId, rssBytes }: ProcessReading): number {
    const known = this.#known.get(processId)
    if (known === undefined) return Number.POSITIVE_INFINITY
    const change = Math.abs(rssBytes - known.rssBytes) / known.rssBytes
    const age = this.#now() - known.at
    return change > notableChange ? 1e12 * change + age : age
  }
}
