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
import { WatchedProcess } from './watched-process.ts'
import { WatchedThread } from './watched-thread.ts'

/** Processes below the root that are asked for their children with each reading, in turn. */
const askedForChildren = 2

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

  return {
    leastTreeIntervalMs: 0,

    readMachine() {
      const free = available.read()
      const memoryUsedBytes = free === null ? null : total - free
      return { at: monotonicMs(), busyMs: cores.read(), memoryUsedBytes }
    },

    readTree(root) {
      const at = monotonicMs()
      const processes: ProcessReading[] = []
      for (const each of tree.processes(root)) {
        const stat = each.read()
        if (stat === null) {
          tree.forget(each)
          continue
        }
        each.core = stat.core
        const before = each.last
        const now = monotonicMs()
        each.last = { at: now, cpuMs: stat.cpuMs }
        // It has ended and was not waited for yet, or not begun: then it has no memory.
        if (stat.rssPages === 0) continue
        processes.push({
          processId: each.processId,
          cpuShare: before === null ? null : (stat.cpuMs - before.cpuMs) / (now - before.at),
          rssBytes: stat.rssPages * pageBytes,
        })
      }
      const read = threads.map((thread) => readThread(thread, tree.coreOf(thread.processId)))
      return { at, processes, threads: read, memoryUsedBytes: null }
    },

    follow(workers: readonly WorkerThread[]) {
      for (const thread of threads) thread.close()
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

function readThread(thread: WatchedThread, mainCore: number | null): ThreadReading | null {
  const read = thread.read(mainCore)
  const before = thread.last
  const at = monotonicMs()
  thread.last = read === null ? null : { at, ...read }
  if (read === null || before === null || at <= before.at) return null
  return {
    cpuShare: Math.max(0, read.cpuMs - before.cpuMs) / (at - before.at),
    core: read.core,
    coreBefore: before.core,
  }
}

/** A process and all below it, as they come and go. */
class ProcessTree {
  #byId = new Map<number, WatchedProcess>()
  #turn = 0

  /**
   * Those that are known, and those that have come. The root is asked for its children every time,
   * the others in turn: workers seldom start processes, and there may be many of them.
   */
  processes(root: number): readonly WatchedProcess[] {
    const asked = new Set([this.#watch(root)])
    const known = [...this.#byId.values()]
    for (let at = 0; at < Math.min(askedForChildren, known.length); at++) {
      asked.add(known[this.#turn++ % known.length] as WatchedProcess)
    }
    // The set grows while it is walked: who is new is asked at once.
    for (const parent of asked) {
      for (const child of parent.children()) {
        if (!this.#byId.has(child)) asked.add(this.#watch(child))
      }
    }
    return [...this.#byId.values()]
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
  const self = new WatchedProcess(process.pid)
  const pages = self.read()?.rssPages ?? 1
  self.close()
  return 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages))
}
