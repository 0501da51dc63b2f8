import { seriesNames } from '../../shared/model/sample.ts'
import type { RowBuilder } from '../../shared/sample-row.ts'
import type { MachineReading, ThreadReading } from './provider.ts'

const busyOf = seriesNames('core', 'busy')
const workersBusyOf = seriesNames('core', 'workers_busy')

/**
 * How busy each core was between two readings. The system counts in ticks of up to 10 ms (16 on
 * Windows), so that an interval may hold more of them than fit; what is over goes into the next, so
 * that no core is ever busier than it can be and the sum over time is still right.
 */
export class CoreShares {
  #previous: MachineReading | undefined
  #over: number[] = []

  /**
   * Puts a value for each core into the row.
   *
   * @returns ms since the reading before, 0 for the first
   */
  put(reading: MachineReading, row: RowBuilder): number {
    const before = this.#previous
    this.#previous = reading
    const dtMs = before === undefined ? 0 : reading.at - before.at
    if (before === undefined || dtMs <= 0 || before.busyMs.length !== reading.busyMs.length) {
      this.#over = []
      return Math.max(0, dtMs)
    }
    reading.busyMs.forEach((busy, core) => {
      const worked = busy - (before.busyMs[core] as number) + (this.#over[core] ?? 0)
      const counted = Math.min(dtMs, Math.max(0, worked))
      // Bounded, so that a counter that leaps does not show for long.
      this.#over[core] = Math.min(dtMs, Math.max(-dtMs, worked - counted))
      row.put(busyOf(core), counted / dtMs)
    })
    return dtMs
  }
}

/**
 * The part of each core that was the workers' work: the CPU time of a worker's thread, in equal parts on
 * the cores it is thought to have been spent on.
 *
 * @param cores number of cores
 */
export function putWorkersByCore(
  threads: readonly (ThreadReading | null)[],
  cores: number,
  row: RowBuilder,
): void {
  const shares = new Array<number>(cores).fill(0)
  const add = (core: number, share: number) => {
    if (core < cores) shares[core] = (shares[core] as number) + share
  }
  for (const thread of threads) {
    if (thread === null || thread.cpuShare === null) continue
    for (const core of thread.spentOn) add(core, thread.cpuShare / thread.spentOn.length)
  }
  shares.forEach((share, core) => {
    row.put(workersBusyOf(core), Math.min(1, share))
  })
}
