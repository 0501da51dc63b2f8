import { totalmem } from 'node:os'
import { leastShareMs } from '../../../shared/model/sample.ts'
import { monotonicMs } from '../../clock.ts'
import type { ProcessMemory, ProcessReading, SamplingProvider, ThreadReading } from '../provider.ts'
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
/**
 * Of more workers than these only so many are looked at with each reading, in turn, for all but their CPU
 * time; threads and processes alike, so that neither is seen more often.
 */
const mostLookedAt = 12
/** The machine's memory changes slowly, and takes as long to read as two processes. */
const readingsPerMemory = 4

/**
 * Reads the trial's processes and threads from `/proc`, through descriptors that stay open: some ten
 * microseconds a worker.
 */
export function procProvider(): SamplingProvider {
  const pageBytes = pageSize()
  const total = totalmem()
  const cores = new CoreTimes()
  const available = new AvailableMemory()
  const tree = new ProcessTree()
  let threads: (WatchedThread | null)[] = []
  let readings = 0
  let turn = 0

  return {
    leastTreeIntervalMs: 0,

    readMachine() {
      const free = readings++ % readingsPerMemory === 0 ? available.read() : null
      const memoryUsedBytes = free === null ? null : total - free
      return { at: monotonicMs(), busyMs: cores.read(), memoryUsedBytes }
    },

    readTree(root, isWhole = true) {
      const at = monotonicMs()
      const processes: ProcessReading[] = []
      const all = [...tree.processes(root)]
      turn++
      const most = Math.max(all.length - 1, threads.length, 1)
      const groups = isWhole ? 1 : Math.ceil(most / mostLookedAt)
      const isDue = (index: number) => (index + turn) % groups === 0
      all.forEach((each, index) => {
        const isRead = isDue(index) || each.last === null
        if (isRead && !each.read(pageBytes, turn)) {
          tree.forget(each)
          return
        }
        // It has ended and was not waited for yet, or not begun: then it has no memory.
        if (each.rssBytes === 0) return
        const { processId, cpuShare, rssBytes } = each
        processes.push(
          isRead
            ? { processId, cpuShare, rssBytes }
            : { processId, cpuShare: null, rssBytes: null },
        )
      })
      const read = threads.map((thread, index) => {
        if (thread === null) return null
        const main = thread.isMain ? tree.find(thread.processId) : undefined
        // A worker that has died and was not waited for yet can still be read: it is none any more.
        if (thread.isMain && (main === undefined || main.rssBytes === 0)) return null
        const mainCore = main?.turn === turn ? main.core : null
        return readThread(thread, isDue(index), mainCore, cores)
      })
      return { at, processes, threads: read, memoryUsedBytes: null }
    },

    follow(workers) {
      for (const thread of threads) thread?.close()
      // A host that is not of Node may have started them from another thread than its main one.
      for (const worker of workers) if (worker !== null) tree.include(worker.processId)
      tree.complete()
      threads = workers.map((worker) => (worker === null ? null : new WatchedThread(worker)))
    },

    readCounters: () => threads.map((thread) => thread?.counters() ?? null),

    readMemory: (processId): ProcessMemory | null => readMemoryOf(processId),

    close() {
      cores.close()
      available.close()
      tree.close()
      for (const thread of threads) thread?.close()
    },
  }
}

/** @param mainCore the core of its process's main thread, where it is that and was just read */
function readThread(
  thread: WatchedThread,
  isDue: boolean,
  mainCore: number | null,
  cores: CoreTimes,
): ThreadReading | null {
  const read = thread.read(isDue)
  if (read === null) {
    thread.last = null
    return null
  }
  const before = thread.last
  const coreBefore = thread.lastCore
  const core = thread.isMain ? mainCore : read.core
  thread.lastCore = core ?? coreBefore
  const at = monotonicMs()
  const isLong = before === null || at - before.at >= leastShareMs
  if (isLong) thread.last = { at, cpuMs: read.cpuMs }
  const seenOn = new Set([coreBefore, core].filter((each) => each !== null))
  return {
    cpuShare:
      before === null || !isLong ? null : Math.max(0, read.cpuMs - before.cpuMs) / (at - before.at),
    core: core === null ? null : cores.placeOf(core),
    spentOn: [...seenOn].map((each) => cores.placeOf(each)),
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

  /** It belongs to it, though nobody has told of it as a child. */
  include(processId: number): void {
    this.#watch(processId)
  }

  find(processId: number): WatchedProcess | undefined {
    return this.#byId.get(processId)
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
