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
