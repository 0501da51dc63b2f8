import type { RunEvent } from './model/progress.ts'

/**
 * Tells how long a run will still take, from how long the trials took that were seen from here; of one
 * that is repeated until it is precise, at most.
 */
export function timeLeft(now: () => number) {
  let planned = 0
  let ended = 0
  let seen = 0
  let spent = 0
  let startedAt: number | null = null
  return {
    hear(event: RunEvent): void {
      if (event.type === 'run-started') planned = event.trialsPlanned
      if (event.type === 'trial-started') startedAt = now()
      if (event.type !== 'trial-ended') return
      ended++
      if (startedAt === null) return
      seen++
      spent += now() - startedAt
      startedAt = null
    },
    /** @param count trials that had ended before this one began to hear */
    resume(count: number): void {
      ended = count
    },
    /** ms, or null while no trial has been seen from its start to its end. */
    ms(): number | null {
      if (seen === 0) return null
      const mean = spent / seen
      const running = startedAt === null ? 0 : Math.min(mean, now() - startedAt)
      return Math.max(0, (planned - ended) * mean - running)
    },
  }
}
