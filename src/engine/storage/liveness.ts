import { hostname } from 'node:os'
import type { Owner } from './run-recording.ts'

/** A run gives a sign of life twice a second; one that has given none for so long is over. */
const silenceMs = 60_000

/** Whether the app that executes a run is still there. Of another machine only its signs of life are seen. */
export function isOwnerAlive(owner: Owner, heartbeatAt: number, now: number): boolean {
  if (now - heartbeatAt > silenceMs) return false
  return owner.hostname !== hostname() || isProcessAlive(owner.processId)
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
