import { setImmediate } from 'node:timers/promises'
import { monotonicMs } from '../../clock.ts'
import { doSteps } from '../partner/steps.ts'
import { startPool } from './pool.ts'
import type { Probe, ProbeContext } from './probe.ts'

/** Rounds of one trial, of which the median counts; fewer where they are long. */
const rounds = { cold: 3, other: 15 } as const
const longestMs = 1000
/** Done before it counts, whatever the length of a task: else a short one would be measured uncompiled. */
const warmingSteps = 5_000_000

/** As many tasks as there are workers, one after another or all at once, until the last result is there. */
const breakEven: Probe = {
  async observe(context) {
    const { variant, begin } = context
    const once = await way(context)
    begin()
    const times: number[] = []
    const from = monotonicMs()
    const most = variant === 'cold' ? rounds.cold : rounds.other
    while (times.length < most && monotonicMs() - from < longestMs) times.push(await once.round())
    await once.end()
    times.sort((a, b) => a - b)
    return { elapsed_ms: times[Math.floor(times.length / 2)] as number, rounds: times.length }
  },
}

export default breakEven

interface Way {
  /** @returns ms until the last result was there */
  round(): Promise<number>
  end(): Promise<unknown>
}

async function way({ model, workers, variant, parameters, partnerProgram }: ProbeContext) {
  const steps = Number(parameters.steps)
  const inline: Way = {
    async round() {
      await setImmediate()
      const from = monotonicMs()
      const states = Array.from({ length: workers }, () => doSteps(steps))
      if (states.some((state) => state !== states[0])) throw new Error('the results differ')
      return monotonicMs() - from
    },
    end: async () => {},
  }
  const cold: Way = {
    async round() {
      const { pool, spawnMs } = await startPool(partnerProgram, model, workers)
      const workMs = await pool.work(steps)
      await pool.dismiss()
      // Nobody waits for the end of workers whose results are there.
      return spawnMs + workMs
    },
    end: async () => {},
  }
  if (model === 'inline') {
    doSteps(warmingSteps)
    await inline.round()
    return inline
  }
  if (variant === 'cold') return cold
  const { pool } = await startPool(partnerProgram, model, workers)
  await pool.work(warmingSteps)
  await pool.work(steps)
  return { round: () => pool.work(steps), end: () => pool.dismiss() } satisfies Way
}
