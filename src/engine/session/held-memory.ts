import { partsOf } from '../../shared/sample-row.ts'
import type { HostReport } from '../execution/protocol.ts'
import type { RawSample } from '../sampling/sampler.ts'

/**
 * What the processes of a trial hold together: the sum of their resident sets, less what those count
 * more than once, as far as a reading of proportional memory has shown it.
 */
export class HeldMemory {
  /** Resident set of each process that is there, as last read. */
  #rss = new Map<number, number>()
  #rssBytes = 0
  /** Counted more than once when proportional memory was read last, among so many processes. */
  #countedAgain = 0
  #countedAmong = 1

  /** In bytes; 0 while nothing has been read. */
  get bytes(): number {
    // What is gone is counted no more; what has come since may share nothing.
    const share = Math.min(1, this.#rss.size / this.#countedAmong)
    return this.#rssBytes - share * this.#countedAgain
  }

  /** Where the sampler reads the tree seldom, host and workers tell of themselves. */
  addReport({ rssBytes, workers }: HostReport): void {
    if (rssBytes === null) return
    this.#rssBytes = workers.rssBytes.reduce<number>((sum, rss) => sum + (rss ?? 0), rssBytes)
  }

  /** @returns memory in use on the whole machine, in bytes, where the sample tells it */
  addSample(sample: RawSample): number | null {
    const { stream, values } = sample
    let used: number | null = null
    const rss = new Map<number, number>()
    partsOf(sample).forEach(({ subject, number, variable }, at) => {
      const value = values[at] as number
      if (subject === 'process' && variable === 'rss_bytes') {
        const process = number as number
        // Of many processes only a part is read each time.
        rss.set(process, Number.isNaN(value) ? (this.#rss.get(process) ?? 0) : value)
      } else if (Number.isNaN(value)) {
        return
      } else if (subject === 'machine' && variable === 'memory_used_bytes') {
        used = value
      } else if (subject === 'tree' && variable === 'pss_bytes') {
        this.#countedAgain = Math.max(0, this.#rssBytes - value)
        this.#countedAmong = Math.max(1, this.#rss.size)
      }
    })
    if (stream === 'processes') {
      this.#rss = rss
      this.#rssBytes = [...rss.values()].reduce((sum, bytes) => sum + bytes, 0)
    }
    return used
  }
}
