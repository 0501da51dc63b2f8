import { msPerTick } from './core-times.ts'
import { afterName, numbersAt } from './fields.ts'
import { ProcFile } from './proc-file.ts'

/** What `stat` tells of a process, or of a thread. */
export interface Stat {
  /** CPU time so far, in ms: of the process with all its threads, or of the thread. */
  readonly cpuMs: number
  readonly rssPages: number
  /** The core it was last on; of a process, its main thread. */
  readonly core: number
}

/** Fields 14, 15, 24 and 39 of proc_pid_stat(5), counted from the third. */
const statFields = [11, 12, 21, 36]

export function parseStat(stat: Buffer): Stat {
  const [user, system, rssPages, core] = numbersAt(stat, afterName(stat), statFields) as [
    number,
    number,
    number,
    number,
  ]
  return { cpuMs: (user + system) * msPerTick, rssPages, core }
}

/** One process of the tree that is watched. */
export class WatchedProcess {
  readonly processId: number
  /** What it was when it was last read, for the share of CPU since. */
  last: { readonly at: number; readonly cpuMs: number } | null = null
  core: number | null = null
  readonly #stat: ProcFile
  readonly #children: ProcFile

  constructor(processId: number) {
    this.processId = processId
    this.#stat = new ProcFile(`/proc/${processId}/stat`)
    this.#children = new ProcFile(`/proc/${processId}/task/${processId}/children`)
  }

  /** Null where it has ended. */
  read(): Stat | null {
    const content = this.#stat.read()
    return content === null ? null : parseStat(content)
  }

  /** Processes that its main thread started: Node starts processes from no other. */
  children(): number[] {
    const content = this.#children.read()
    if (content === null || content.length === 0) return []
    return content.toString('latin1').split(' ').filter(Boolean).map(Number)
  }

  close(): void {
    this.#stat.close()
    this.#children.close()
  }
}
