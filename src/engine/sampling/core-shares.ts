import type { SampleSeries } from '../../shared/model/sample.ts'
import type { MachineReading, ThreadReading } from './provider.ts'

type Values = Partial<Record<SampleSeries, number>>

/**
 * How busy each core was between two readings. The system counts in ticks of up to 10 ms (16 on
 * Windows), so that an interval may hold more of them than fit; what is over goes into the next, so
 * that no core is ever busier than it can be and the sum over time is still right.
 */
export class CoreShares {
  #previous: MachineReading | undefined
  #over: number[] = []

  /** @returns ms since the reading before, 0 for the first, and a value for each core */
  next(reading: MachineReading): { readonly dtMs: number; readonly values: Values } {
    const before = this.#previous
    this.#previous = reading
    const dtMs = before === undefined ? 0 : reading.at - before.at
    const values: Values = {}
    if (before === undefined || dtMs <= 0 || before.busyMs.length !== reading.busyMs.length) {
      this.#over = []
      return { dtMs: Math.max(0, dtMs), values }
    }
    reading.busyMs.forEach((busy, core) => {
      const worked = busy - (before.busyMs[core] as number) + (this.#over[core] ?? 0)
      const counted = Math.min(dtMs, Math.max(0, worked))
      // Bounded, so that a counter that leaps does not show for long.
      this.#over[core] = Math.min(dtMs, Math.max(-dtMs, worked - counted))
      values[`core.${core}.busy`] = counted / dtMs
    })
    return { dtMs, values }
  }
}

/**
 * The part of each core that was the workers' work: the CPU time of a worker's thread on the core it
 * was seen on; of one that was seen on another core before, half on each.
 *
 * @param cores number of cores
 */
export function workersByCore(threads: readonly (ThreadReading | null)[], cores: number): Values {
  const shares = new Array<number>(cores).fill(0)
  const add = (core: number, share: number) => {
    if (core < cores) shares[core] = (shares[core] as number) + share
  }
  for (const thread of threads) {
    if (thread === null) continue
    add(thread.core, thread.cpuShare / 2)
    add(thread.coreBefore, thread.cpuShare / 2)
  }
  const values: Values = {}
  shares.forEach((share, core) => {
    values[`core.${core}.workers_busy`] = Math.min(1, share)
  })
  return values
}
