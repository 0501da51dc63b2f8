import type { ChildProcess } from 'node:child_process'

/**
 * Ends a child that was started detached, and all of its process group, at once. On Windows there are no
 * groups: what a child has started there is in a job that ends with it.
 */
export function killGroup(leader: ChildProcess): void {
  try {
    if (process.platform === 'win32') leader.kill('SIGKILL')
    else if (leader.pid !== undefined) process.kill(-leader.pid, 'SIGKILL')
  } catch {
    // The group is empty.
  }
}
