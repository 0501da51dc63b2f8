import { seriesNames } from '../../shared/model/sample.ts'
import type { RowBuilder } from '../../shared/sample-row.ts'
import type { ProcessMemory, ProcessReading } from './provider.ts'

/**
 * Share of a core that reading proportional memory may take while work goes on. Where a process takes
 * 1 ms to read, one is read every two seconds.
 */
const budget = 0.0005
/** A process whose resident set has changed by so much is read before its turn. */
const notableChange = 0.02

const pssOf = seriesNames('process', 'pss_bytes')
const ussOf = seriesNames('process', 'uss_bytes')

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
  readonly #readMemory: (processId: number) => ProcessMemory | null
  readonly #now: () => number
  readonly #known = new Map<number, Known>()
  /** Those that could not be read come last, so that they keep none of the others from its turn. */
  readonly #unreadable = new Set<number>()
  #processes: readonly ProcessReading[] = []
  #nextAt = 0

  constructor(read: (processId: number) => ProcessMemory | null, now: () => number) {
    this.#readMemory = read
    this.#now = now
  }

  /** The tree as it is now. */
  update(processes: readonly ProcessReading[]): void {
    this.#processes = processes
    const present = new Set(processes.map(({ processId }) => processId))
    for (const processId of this.#known.keys()) {
      if (!present.has(processId)) this.#known.delete(processId)
    }
    for (const processId of this.#unreadable) {
      if (!present.has(processId)) this.#unreadable.delete(processId)
    }
  }

  /** Reads one process into the row, where the budget allows. */
  readNext(row: RowBuilder): void {
    const from = this.#now()
    if (from < this.#nextAt) return
    const [next] = [...this.#processes].sort((a, b) => this.#urgency(b) - this.#urgency(a))
    if (next === undefined) return
    if (this.#read(next, row)) this.#putSums(row)
    this.#nextAt = from + (this.#now() - from) / budget
  }

  /** Reads all processes into the row, letting others have their turn after each. */
  async readAll(row: RowBuilder): Promise<void> {
    let isAny = false
    for (const process of this.#processes) {
      if (this.#read(process, row)) isAny = true
      await new Promise(setImmediate)
    }
    if (isAny) this.#putSums(row)
  }

  #read({ processId, rssBytes }: ProcessReading, row: RowBuilder): boolean {
    const memory = this.#readMemory(processId)
    if (memory === null) {
      this.#known.delete(processId)
      this.#unreadable.add(processId)
      return false
    }
    this.#unreadable.delete(processId)
    this.#known.set(processId, { ...memory, rssBytes, at: this.#now() })
    row.put(pssOf(processId), memory.pssBytes)
    row.put(ussOf(processId), memory.ussBytes)
    return true
  }

  /** Of the whole tree; nothing while there is a process that has not been read. */
  #putSums(row: RowBuilder): void {
    let pss = 0
    let uss = 0
    for (const { processId } of this.#processes) {
      const known = this.#known.get(processId)
      if (known === undefined) return
      pss += known.pssBytes
      uss += known.ussBytes
    }
    row.put('tree.pss_bytes', pss)
    row.put('tree.uss_bytes', uss)
  }

  /** Who was never read comes first, then who has changed, then who was read longest ago. */
  #urgency({ processId, rssBytes }: ProcessReading): number {
    if (this.#unreadable.has(processId)) return -1
    const known = this.#known.get(processId)
    if (known === undefined) return Number.MAX_VALUE
    const change = Math.abs(rssBytes - known.rssBytes) / known.rssBytes
    const age = this.#now() - known.at
    return change > notableChange ? 1e12 * change + age : age
  }
}
