import { setTimeout } from 'node:timers/promises'
import { defineWorkload } from './workload.ts'

/** A timer may fire up to this early on the clock that tasks are timed with. */
const earlyMs = 1

export default defineWorkload({
  name: 'sleep',
  kind: 'io',
  description: 'waits: cores stay idle, so only the number of workers counts',
  parameters: {
    ms: {
      description: 'how long a task waits',
      unit: 'ms',
      minimum: 0,
      maximum: 60_000,
      default: 50,
      whole: true,
    },
  },
  needs: 'nothing',
  memoryBytes: () => 0,
  prepare: ({ ms }) => ({
    async task() {
      const start = performance.now()
      await setTimeout(ms)
      const waited = performance.now() - start
      return waited + earlyMs >= ms ? ms : Math.floor(waited)
    },
  }),
  expected: ({ ms }) => [ms],
})
