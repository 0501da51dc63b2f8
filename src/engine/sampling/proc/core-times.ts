import { numbersAt } from './fields.ts'
import { ProcFile } from './proc-file.ts'

/** The kernel shows CPU time in ticks of 10 ms on every Linux that Node runs on. */
export const msPerTick = 10

const newline = 0x0a

/**
 * user, nice, system, irq, softirq of `/proc/stat` (proc_stat(5)), counted from the number after the
 * core's name. What a guest takes is in `user` already; waiting for a disk is idleness, and what the
 * hypervisor took away was nobody's work here.
 */
const busyFields = [1, 2, 3, 6, 7]

/** By core: time since boot in which it worked, in ms. */
export class CoreTimes {
  readonly #file: ProcFile
  #numbers: readonly number[] = []

  constructor(path = '/proc/stat') {
    this.#file = new ProcFile(path)
  }

  read(): number[] {
    const stat = this.#file.read()
    if (stat === null) return []
    const busy = busyMsIn(stat)
    if (busy.length !== this.#numbers.length) this.#numbers = coresIn(stat)
    return busy
  }

  /** Which of the cores read it is that the kernel calls by a number; the number where it is none of them. */
  placeOf(core: number): number {
    const place = this.#numbers[core] === core ? core : this.#numbers.indexOf(core)
    return place < 0 ? core : place
  }

  close(): void {
    this.#file.close()
  }
}

/**
 * @param stat what `/proc/stat` holds
 * @returns one entry for each core that is on; a core that is off leaves no gap
 */
export function busyMsIn(stat: Buffer): number[] {
  const busy: number[] = []
  // The first line is the sum of all cores, those that follow are the cores'.
  for (let at = stat.indexOf(newline) + 1; isCoreLine(stat, at); ) {
    const end = stat.indexOf(newline, at)
    const line = stat.subarray(at, end < 0 ? stat.length : end)
    const ticks = numbersAt(line, 0, busyFields).reduce((sum, value) => sum + (value || 0), 0)
    busy.push(ticks * msPerTick)
    if (end < 0) break
    at = end + 1
  }
  return busy
}

/** @returns the kernel's numbers of the cores that are on, in the order of `busyMsIn` */
export function coresIn(stat: Buffer): number[] {
  return [...stat.toString('latin1').matchAll(/^cpu(\d+) /gm)].map(([, number]) => Number(number))
}

function isCoreLine(stat: Buffer, at: number): boolean {
  return at > 0 && stat[at] === 0x63 && stat[at + 1] === 0x70 && stat[at + 2] === 0x75
}
