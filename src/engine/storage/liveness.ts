import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Owner } from './run-recording.ts'

/** Of another machine only the signs of life are seen, and of one that gives none for so long it is over. */
const silenceMs = 10 * 60_000

/** This process, as the owner of a run. */
export function thisOwner(): Owner {
  return { processId: process.pid, birth: birthOf(process.pid), hostname: hostname() }
}

/** Whether the app that executes a run is still there. */
export function isOwnerAlive(owner: Owner, heartbeatAt: number, now: number): boolean {
  // A machine may be given another name in the middle of a run.
  const isHere = owner.birth !== null && birthOf(owner.processId) === owner.birth
  if (isHere) return true
  if (owner.hostname !== hostname()) return now - heartbeatAt < silenceMs
  if (!isProcessAlive(owner.processId)) return false
  const birth = birthOf(owner.processId)
  return owner.birth === null || birth === null || owner.birth === birth
}

function isProcessAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // Somebody else's process is alive all the same.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process was started, on Linux: the boot, and ticks since then (proc(5), field 22). */
function birthOf(processId: number): string | null {
  if (process.platform !== 'linux') return null
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return null
  }
}
