import { readFileSync } from 'node:fs'

/** Kernel clock ticks a second in what `/proc` shows: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/**
 * CPU time, in ms, of this app so far and of the children it has waited for: the sampler's `ps` and
 * the like. A trial's host is waited for after its work window, so that a difference over the window
 * holds the observer alone. Null where the platform does not tell of children.
 */
export function observerCpuMs(): number | null {
  if (process.platform !== 'linux') return null
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    // proc(5): the second field, in parentheses, may hold anything; cutime and cstime are 16 and 17.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const children = Number(fields[13]) + Number(fields[14])
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000 + (children * 1000) / ticksPerSecond
  } catch {
    return null
  }
}
