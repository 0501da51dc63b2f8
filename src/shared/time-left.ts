import type { RunEvent } from './model/progress.ts'

/** Tells how long a run will still take, from how long its trials have taken so far. */
export function timeLeft(now: () => number) {
  let planned = 0
  let ended = 0
  let spent = 0
  let startedAt: number | null = null
  return {
    hear(event: RunEvent): void {
      if (event.type === 'run-started') planned = event.trialsPlanned
      if (event.type === 'trial-started') startedAt = now()
      if (event.type === 'trial-ended' && startedAt !== null) {
        ended++
        spent += now() - startedAt
        startedAt = null
      }
    },
    /** ms, or null while no trial has ended. */
    ms(): number | null {
      if (ended === 0) return null
      const mean = spent / ended
      const running = startedAt === null ? 0 : Math.min(mean, now() - startedAt)
      return Math.max(0, (planned - ended) * mean - running)
    },
  }
}
