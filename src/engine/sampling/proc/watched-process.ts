import { leastShareMs } from '../../../shared/model/sample.ts'
import { monotonicMs } from '../../clock.ts'
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
  /** CPU time since the reading before / time, 1 = one core; null where there is none, or it is too close. */
  cpuShare: number | null = null
  rssBytes = 0
  /** Where its main thread was when it was last read. */
  core: number | null = null
  /** Number of the tree's reading in which it was last read. */
  turn = -1
  /** Null before the first reading. */
  last: { readonly at: number; readonly cpuMs: number } | null = null
  readonly #stat: ProcFile
  readonly #children: ProcFile

  constructor(processId: number) {
    this.processId = processId
    this.#stat = new ProcFile(`/proc/${processId}/stat`)
    this.#children = new ProcFile(`/proc/${processId}/task/${processId}/children`)
  }

  /**
   * @param turn number of the tree's reading
   * @returns whether it is still there
   */
  read(pageBytes: number, turn: number): boolean {
    const content = this.#stat.read()
    if (content === null) return false
    const { cpuMs, rssPages, core } = parseStat(content)
    const at = monotonicMs()
    const before = this.last
    this.cpuShare = null
    if (before === null || at - before.at >= leastShareMs) {
      if (before !== null) this.cpuShare = Math.max(0, cpuMs - before.cpuMs) / (at - before.at)
      this.last = { at, cpuMs }
    }
    this.rssBytes = rssPages * pageBytes
    this.core = core
    this.turn = turn
    return true
  }

  /** Processes that its main thread started: Node starts processes from no other. */
  children(): number[] {
    const content = this.#children.readList()
    if (content === null || content.length === 0) return []
    return content.toString('latin1').split(' ').filter(Boolean).map(Number)
  }

  close(): void {
    this.#stat.close()
    this.#children.close()
  }
}
