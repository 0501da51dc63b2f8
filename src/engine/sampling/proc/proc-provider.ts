import { totalmem } from 'node:os'
import { monotonicMs } from '../../clock.ts'
import type {
  ProcessMemory,
  ProcessReading,
  SamplingProvider,
  ThreadReading,
  WorkerThread,
} from '../provider.ts'
import { CoreTimes } from './core-times.ts'
import { AvailableMemory, readMemoryOf } from './memory.ts'
import { readOnce } from './proc-file.ts'
import { parseStat, WatchedProcess } from './watched-process.ts'
import { WatchedThread } from './watched-thread.ts'

/**
 * Until the workers are known, all processes are asked for their children with each reading; then, with
 * one reading in so many, the root and one other in turn: workers seldom start processes.
 */
const readingsPerSearch = 4
/** Of more processes than these only so many are read with each reading, in turn; of the others what was read last holds. */
const mostProcesses = 12
/** The machine's memory changes slowly, and takes as long to read as two processes. */
const readingsPerMemory = 4

/**
 * Reads the trial's processes and threads from `/proc`, through descriptors that stay open: some ten
 * microseconds a worker, so that all of them go with every sample.
 */
export function procProvider(): SamplingProvider {
  const pageBytes = pageSize()
  const total = totalmem()
  const cores = new CoreTimes()
  const available = new AvailableMemory()
  const tree = new ProcessTree()
  let threads: WatchedThread[] = []
  let readings = 0
  let free: number | null = null
  let turn = 0

  return {
    leastTreeIntervalMs: 0,

    readMachine() {
      if (readings++ % readingsPerMemory === 0) free = available.read()
      const memoryUsedBytes = free === null ? null : total - free
      return { at: monotonicMs(), busyMs: cores.read(), memoryUsedBytes }
    },

    readTree(root) {
      const at = monotonicMs()
      const processes: ProcessReading[] = []
      const all = [...tree.processes(root)]
      const groups = Math.ceil(all.length / mostProcesses)
      turn++
      all.forEach((each, index) => {
        const isDue = (index + turn) % groups === 0 || each.last === null
        if (isDue && !each.read(pageBytes)) {
          tree.forget(each)
          return
        }
        // It has ended and was not waited for yet, or not begun: then it has no memory.
        if (each.rssBytes === 0) return
        const { processId, cpuShare, rssBytes } = each
        processes.push({ processId, cpuShare, rssBytes })
      })
      const read = threads.map((thread) => readThread(thread, tree.coreOf(thread.processId), cores))
      return { at, processes, threads: read, memoryUsedBytes: null }
    },

    follow(workers: readonly WorkerThread[]) {
      for (const thread of threads) thread.close()
      tree.complete()
      threads = workers.map((worker) => new WatchedThread(worker))
    },

    readCounters: () => threads.map((thread) => thread.counters()),

    readMemory: (processId): ProcessMemory | null => readMemoryOf(processId),

    close() {
      cores.close()
      available.close()
      tree.close()
      for (const thread of threads) thread.close()
    },
  }
}

function readThread(
  thread: WatchedThread,
  mainCore: number | null,
  cores: CoreTimes,
): ThreadReading | null {
  const read = thread.read(mainCore)
  const before = thread.last
  const at = monotonicMs()
  thread.last = read === null ? null : { at, ...read }
  if (read === null || before === null || at <= before.at) return null
  return {
    cpuShare: Math.max(0, read.cpuMs - before.cpuMs) / (at - before.at),
    core: cores.placeOf(read.core),
    coreBefore: cores.placeOf(before.core),
  }
}

/** A process and all below it, as they come and go. */
class ProcessTree {
  #byId = new Map<number, WatchedProcess>()
  #turn = 0
  #isComplete = false
  #isSettled = false

  /** Those that are known, and those that have come. */
  processes(root: number): Iterable<WatchedProcess> {
    const first = this.#watch(root)
    if (this.#isSettled && this.#turn++ % readingsPerSearch !== 0) return this.#byId.values()
    const known = [...this.#byId.values()]
    const turn = Math.floor(this.#turn / readingsPerSearch)
    const other = known[turn % known.length] as WatchedProcess
    const asked = new Set(this.#isSettled ? [first, other] : known)
    this.#isSettled = this.#isComplete
    // The set grows while it is walked: who is new is asked at once.
    for (const parent of asked) {
      for (const child of parent.children()) {
        if (!this.#byId.has(child)) asked.add(this.#watch(child))
      }
    }
    return this.#byId.values()
  }

  /** All workers have been started: from the next search on there is little to find. */
  complete(): void {
    this.#isComplete = true
  }

  coreOf(processId: number): number | null {
    return this.#byId.get(processId)?.core ?? null
  }

  forget(process: WatchedProcess): void {
    process.close()
    this.#byId.delete(process.processId)
  }

  close(): void {
    for (const process of this.#byId.values()) process.close()
    this.#byId.clear()
  }

  #watch(processId: number): WatchedProcess {
    let process = this.#byId.get(processId)
    if (process === undefined) {
      process = new WatchedProcess(processId)
      this.#byId.set(processId, process)
    }
    return process
  }
}

/** Nobody tells Node the size of a page, but our own memory is known in bytes and in pages. */
function pageSize(): number {
  const stat = readOnce('/proc/self/stat')
  const pages = stat === null ? 1 : parseStat(stat).rssPages
  return 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages))
}
