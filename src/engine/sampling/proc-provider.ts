import { readFileSync } from 'node:fs'
import { freemem, totalmem } from 'node:os'
import { monotonicMs } from '../clock.ts'
import { busyMsByCore } from './cores.ts'
import type { ProcessReading, SamplingProvider } from './provider.ts'

/** The kernel shows CPU time in ticks of 10 ms on every Linux that Node runs on. */
const msPerTick = 10

/**
 * Reads the trial's processes from `/proc`: some ten microseconds each, so that the tree goes with
 * every sample.
 */
export function procProvider(): SamplingProvider {
  const pageBytes = pageSize()
  let previous = new Map<number, { readonly at: number; readonly cpuMs: number }>()
  return {
    leastTreeIntervalMs: 0,

    async readMachine() {
      // On Linux `freemem` is what can be had without swapping (MemAvailable).
      const memoryUsedBytes = totalmem() - freemem()
      return { at: monotonicMs(), busyMs: busyMsByCore(), memoryUsedBytes }
    },

    async readTree(root) {
      const at = monotonicMs()
      const current: typeof previous = new Map()
      const processes: ProcessReading[] = []
      for (const processId of treeBelow(root)) {
        const stat = statOf(processId)
        // It has ended since its parent was asked for its children, or not begun: then it has no memory.
        if (stat === null || stat.rssPages === 0) continue
        const now = { at: monotonicMs(), cpuMs: stat.cpuMs }
        const before = previous.get(processId)
        current.set(processId, now)
        processes.push({
          processId,
          cpuShare: before === undefined ? null : (now.cpuMs - before.cpuMs) / (now.at - before.at),
          rssBytes: stat.rssPages * pageBytes,
        })
      }
      previous = current
      return { at, processes, memoryUsedBytes: null }
    },
  }
}

/** A process and all below it. Node starts processes from its main thread alone. */
function treeBelow(root: number): number[] {
  const found = [root]
  // The list grows while it is walked: breadth first, without a queue of its own.
  for (const parent of found) {
    const children = contentOf(`/proc/${parent}/task/${parent}/children`)
    if (children !== null) found.push(...children.split(' ').filter(Boolean).map(Number))
  }
  return found
}

/** proc(5): the second field, in parentheses, may hold anything; utime is field 14, rss 24. */
function statOf(processId: number): { readonly cpuMs: number; readonly rssPages: number } | null {
  const stat = contentOf(`/proc/${processId}/stat`)
  if (stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return { cpuMs: ticks * msPerTick, rssPages: Number(fields[21]) }
}

/** Nobody tells Node the size of a page, but our own memory is known in bytes and in pages. */
function pageSize(): number {
  const pages = statOf(process.pid)?.rssPages ?? 1
  return 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages))
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
