import { cpus } from 'node:os'
import { mem, processes, type Systeminformation } from 'systeminformation'
import { monotonicMs } from '../clock.ts'
import type { SamplingProvider } from './provider.ts'

/**
 * Reads through `systeminformation` on every platform. Cores come from `os.cpus()`, since
 * `currentLoad()` answers from a cache for 200 ms and starts two processes (docs/decisions).
 */
export function systeminformationProvider(): SamplingProvider {
  let listedBefore = new Set<number>()
  return {
    name: 'systeminformation',
    // Within this time `processes()` answers with the listing before.
    leastTreeIntervalMs: 500,

    async readMachine() {
      const at = monotonicMs()
      const busyMs = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq)
      const { total, available } = await mem()
      return { at, busyMs, memoryUsedBytes: total > 0 ? total - available : null }
    },

    async readTree(root) {
      const { list } = await processes()
      const at = monotonicMs()
      const cores = cpus().length
      const tree = membersOf(root, list)
      const known = listedBefore
      listedBefore = new Set(list.map(({ pid }) => pid))
      return {
        at,
        processes: tree.map(({ pid, cpu, memRss }) => ({
          processId: pid,
          // Per cent of the whole machine. That of a process seen for the first time means nothing.
          cpuShare: known.has(pid) ? (cpu / 100) * cores : null,
          rssBytes: memRss * 1024,
        })),
      }
    },
  }
}

function membersOf(
  root: number,
  list: readonly Systeminformation.ProcessesProcessData[],
): Systeminformation.ProcessesProcessData[] {
  const children = Map.groupBy(list, ({ parentPid }) => parentPid)
  const members = list.filter(({ pid }) => pid === root)
  // The list grows while it is walked: a breadth-first search without a queue of its own.
  for (const member of members) members.push(...(children.get(member.pid) ?? []))
  return members
}
