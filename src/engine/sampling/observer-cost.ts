import { readFileSync } from 'node:fs'

/** Kernel clock ticks a second in what `/proc` shows: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/** CPU time so far, in ms. */
export interface ObserverCost {
  /** Of this app, all its threads. */
  readonly processMs: number
  /**
   * Of the children it has waited for: the sampler's `ps` and the like. A trial's host is waited for
   * after its work window, so that a difference over the window holds the observer alone.
   */
  readonly childrenMs: number
}

/** What this app has taken of the CPU; null where the platform does not tell of children. */
export function observerCost(): ObserverCost | null {
  if (process.platform !== 'linux') return null
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    // proc(5): the second field, in parentheses, may hold anything; cutime and cstime are 16 and 17.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const children = Number(fields[13]) + Number(fields[14])
    const { user, system } = process.cpuUsage()
    return { processMs: (user + system) / 1000, childrenMs: (children * 1000) / ticksPerSecond }
  } catch {
    return null
  }
}
