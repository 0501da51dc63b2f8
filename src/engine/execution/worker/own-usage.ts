import { readlinkSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** CPU time so far, in ms: of this thread in a worker thread, else of this process. */
export function ownCpuMs(): number {
  const { user, system } = isMainThread ? process.cpuUsage() : process.threadCpuUsage()
  return (user + system) / 1000
}

/** Resident set of this process, or null in a worker thread: the figure is the process's, not its own. */
export function ownRssBytes(): number | null {
  return isMainThread ? process.memoryUsage.rss() : null
}

/** JavaScript heap of this thread alone, in worker threads too. */
export function ownHeapUsedBytes(): number {
  return process.memoryUsage().heapUsed
}

export interface Switches {
  readonly voluntary: number
  readonly involuntary: number
}

/** Context switches of this process so far, all its threads together. */
export function processSwitches(): Switches {
  const { voluntaryContextSwitches, involuntaryContextSwitches } = process.resourceUsage()
  return { voluntary: voluntaryContextSwitches, involuntary: involuntaryContextSwitches }
}

/** The system's number of the thread that asks; null off Linux, which alone tells (proc_thread-self(5)). */
export function ownOsThreadId(): number | null {
  if (process.platform !== 'linux') return null
  try {
    const id = Number(/\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1])
    return Number.isInteger(id) ? id : null
  } catch {
    return null
  }
}
