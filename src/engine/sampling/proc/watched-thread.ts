import type { ThreadCounters, WorkerThread } from '../provider.ts'
import { numbersAt } from './fields.ts'
import { ProcFile, readOnce } from './proc-file.ts'
import { parseStat } from './watched-process.ts'

const nsPerMs = 1e6

/** The thread that does a worker's tasks. */
export class WatchedThread {
  readonly processId: number
  /** What it was when it was last read, for the share of CPU since. */
  last: { readonly at: number; readonly cpuMs: number } | null = null
  /** The core it was last seen on. */
  lastCore: number | null = null
  readonly #folder: string
  readonly #schedule: ProcFile
  readonly #stat: ProcFile | null

  constructor({ processId, osThreadId }: WorkerThread) {
    this.processId = processId
    this.#folder = `/proc/${processId}/task/${osThreadId}`
    this.#schedule = new ProcFile(`${this.#folder}/schedstat`)
    // Of a process's main thread, the core is in what is read of the process.
    this.#stat = osThreadId === processId ? null : new ProcFile(`${this.#folder}/stat`)
  }

  /** Whether it is the main thread of a process, whose core is in what is read of that. */
  get isMain(): boolean {
    return this.#stat === null
  }

  /**
   * @param isDue whether its core is to be read as well
   * @returns CPU time so far, and the core it is on, or was last, where that was read; null where it has
   *   ended
   */
  read(isDue: boolean): { readonly cpuMs: number; readonly core: number | null } | null {
    const cpuMs = cpuMsIn(this.#schedule.read())
    const own = isDue || cpuMs === null ? (this.#stat?.read() ?? null) : null
    const stat = own === null ? null : parseStat(own)
    // A kernel may be built without schedstat: then ticks have to do, where they are the thread's own.
    const known = cpuMs ?? stat?.cpuMs ?? null
    return known === null ? null : { cpuMs: known, core: stat?.core ?? null }
  }

  /** Null where it has ended. */
  counters(): ThreadCounters | null {
    const status = readOnce(`${this.#folder}/status`)?.toString('latin1')
    if (status === undefined) return null
    return {
      voluntary: switches(status, 'voluntary'),
      involuntary: switches(status, 'nonvoluntary'),
    }
  }

  close(): void {
    this.#schedule.close()
    this.#stat?.close()
  }
}

/**
 * The first number of `schedstat` is the time spent on a CPU, in ns (Documentation/scheduler/sched-stats).
 * A kernel that does not keep it shows 0, which no thread has that can be followed.
 *
 * @returns in ms; null where it is not kept, or the thread has ended
 */
export function cpuMsIn(schedule: Buffer | null): number | null {
  if (schedule === null) return null
  const [ns] = numbersAt(schedule, 0, [0]) as [number]
  return Number.isNaN(ns) || ns === 0 ? null : ns / nsPerMs
}

function switches(status: string, kind: 'voluntary' | 'nonvoluntary'): number | null {
  const found = new RegExp(`^${kind}_ctxt_switches:\\s+(\\d+)$`, 'm').exec(status)?.[1]
  return found === undefined ? null : Number(found)
}
