import { cpus, freemem, totalmem } from 'node:os'
import type { Systeminformation } from 'systeminformation'
import { monotonicMs } from '../clock.ts'
import { busyMsByCore } from './cores.ts'
import type { SamplingProvider } from './provider.ts'

/**
 * Reads through `systeminformation` on any platform. Cores come from `os.cpus()`, since
 * `currentLoad()` answers from a cache for 200 ms and starts two processes (docs/decisions/0003).
 */
export function systeminformationProvider(): SamplingProvider {
  let listedBefore = new Set<number>()
  return {
    // Within this time `processes()` answers with the listing before.
    leastTreeIntervalMs: 500,

    async readMachine() {
      return {
        at: monotonicMs(),
        busyMs: busyMsByCore(),
        // macOS counts what it could give back at once as used; asking further starts processes.
        memoryUsedBytes: process.platform === 'darwin' ? null : totalmem() - freemem(),
      }
    },

    async readTree(root) {
      const { mem, processes } = await systeminformation()
      const { list } = await processes()
      const at = monotonicMs()
      const known = listedBefore
      listedBefore = new Set(list.map(({ pid }) => pid))
      const memory = process.platform === 'darwin' ? await mem() : null
      return {
        at,
        processes: membersOf(root, list).map(({ pid, cpu, memRss }) => ({
          processId: pid,
          // That of a process seen for the first time means nothing.
          cpuShare: known.has(pid) ? cpu * coresPerPercent() : null,
          rssBytes: memRss * 1024,
        })),
        threads: [],
        memoryUsedBytes: memory === null ? null : memory.total - memory.available,
      }
    },

    // Not to be had in a way that is portable: what workers tell of themselves has to do.
    follow() {},
    readCounters: () => [],
    readMemory: () => null,
    close() {},
  }
}

/** Loaded when it is needed: a sampler that never lists processes does without. */
const systeminformation = () => import('systeminformation')

/** `ps` on macOS gives per cent of one core; elsewhere it is per cent of all of them. */
function coresPerPercent(): number {
  return process.platform === 'darwin' ? 0.01 : cpus().length / 100
}

function membersOf(
  root: number,
  list: readonly Systeminformation.ProcessesProcessData[],
): Systeminformation.ProcessesProcessData[] {
  const children = Map.groupBy(list, ({ parentPid }) => parentPid)
  const members = list.filter(({ pid }) => pid === root)
  // The list grows while it is walked: breadth first, without a queue of its own.
  for (const member of members) members.push(...(children.get(member.pid) ?? []))
  return members
}
