import os from 'node:os'
import { setTimeout } from 'node:timers/promises'

/** Busy fraction of the machine over so many ms, 0–1; null where the system shows no core times. */
export async function measureLoad(windowMs: number): Promise<number | null> {
  const before = os.cpus()
  await setTimeout(windowMs)
  return busyFraction(before, os.cpus())
}

type Cores = readonly Pick<os.CpuInfo, 'times'>[]

/**
 * The part of the time between two readings in which the cores were busy, 0–1; null where there is
 * none between them, or a core has come or gone.
 */
export function busyFraction(before: Cores, after: Cores): number | null {
  if (before.length !== after.length) return null
  const [from, to] = [sumOf(before), sumOf(after)]
  const total = to.busy - from.busy + to.idle - from.idle
  return total > 0 ? Math.min(1, Math.max(0, (to.busy - from.busy) / total)) : null
}

function sumOf(cores: Cores): { readonly busy: number; readonly idle: number } {
  let busy = 0
  let idle = 0
  for (const { times } of cores) {
    busy += times.user + times.nice + times.sys + times.irq
    idle += times.idle
  }
  return { busy, idle }
}
