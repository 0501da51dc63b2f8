import { seriesNames } from '../../shared/model/sample.ts'
import type { RowBuilder } from '../../shared/sample-row.ts'
import type { ProcessMemory, ProcessReading } from './provider.ts'

/** Share of a core that reading proportional memory takes while work goes on and nothing much changes. */
const calmBudget = 0.001
/** The most it takes, while memory changes. */
const mostBudget = 0.01
/** A resident set that has changed by so much since the last reading is worth the next. */
const notableChange = 0.05

const pssOf = seriesNames('process', 'pss_bytes')
const ussOf = seriesNames('process', 'uss_bytes')

/**
 * Proportional and private memory of a tree of processes. It is dear to read, so that it is read
 * seldom, and always of the whole tree: a sum of readings of different ages would hold peaks that
 * never were at one time.
 */
export class TreeMemory {
  readonly #readMemory: (processId: number) => ProcessMemory | null
  readonly #now: () => number
  readonly #dearestMs: number
  #processes: readonly ProcessReading[] = []
  readonly #rss = new Map<number, number>()
  #readAt = Number.NEGATIVE_INFINITY
  #rssThen = 0

  /**
   * @param dearestMs what reading the largest tree of the run takes. Its pace is that of all: were a
   *   single process read more often than many, its peaks would be seen and theirs missed
   */
  constructor(
    readMemory: (processId: number) => ProcessMemory | null,
    now: () => number,
    dearestMs: number,
  ) {
    this.#readMemory = readMemory
    this.#now = now
    this.#dearestMs = dearestMs
  }

  /** The tree as it is now. */
  update(processes: readonly ProcessReading[]): void {
    this.#processes = processes
    const present = new Set(processes.map(({ processId }) => processId))
    for (const processId of this.#rss.keys()) {
      if (!present.has(processId)) this.#rss.delete(processId)
    }
    for (const { processId, rssBytes } of processes) {
      if (rssBytes !== null) this.#rss.set(processId, rssBytes)
    }
  }

  /** Whether it may be read while work goes on: sooner where the resident set has changed. */
  get isDue(): boolean {
    const since = this.#now() - this.#readAt
    if (since < this.#dearestMs / mostBudget) return false
    const change = Math.abs(this.#rssNow() - this.#rssThen) / Math.max(1, this.#rssThen)
    return change > notableChange || since >= this.#dearestMs / calmBudget
  }

  /**
   * Reads all processes into the row, letting others have their turn after each. Their sum is there
   * only where each could be read.
   */
  async readAll(row: RowBuilder): Promise<void> {
    this.#readAt = this.#now()
    this.#rssThen = this.#rssNow()
    let pss = 0
    let uss = 0
    let isWhole = this.#processes.length > 0
    for (const { processId } of this.#processes) {
      const memory = this.#readMemory(processId)
      if (memory === null) {
        isWhole = false
        continue
      }
      row.put(pssOf(processId), memory.pssBytes)
      row.put(ussOf(processId), memory.ussBytes)
      pss += memory.pssBytes
      uss += memory.ussBytes
      await new Promise(setImmediate)
    }
    if (!isWhole) return
    row.put('tree.pss_bytes', pss)
    row.put('tree.uss_bytes', uss)
  }

  #rssNow(): number {
    return [...this.#rss.values()].reduce((sum, bytes) => sum + bytes, 0)
  }
}
