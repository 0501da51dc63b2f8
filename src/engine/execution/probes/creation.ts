import { startPool } from './pool.ts'
import type { Probe } from './probe.ts'

/** Workers from the call that starts them to their exit, stage by stage, all at once. */
const creation: Probe = {
  async observe({ model, workers, variant, parameters, partnerProgram, begin }) {
    const steps = Number(parameters.steps)
    const start = () => startPool(partnerProgram, model, workers)
    if (variant === 'cold') {
      begin()
      const { pool, spawnMs } = await start()
      const first = await pool.greet()
      const work = await pool.work(steps)
      const teardown = await pool.dismiss()
      return {
        spawn_ms: spawnMs,
        first_message_ms: first,
        work_ms: work,
        teardown_ms: teardown,
        total_ms: spawnMs + first + work + teardown,
      }
    }
    const { pool } = await start()
    if (variant === 'kill') {
      await pool.occupy()
      begin()
      return { kill_ms: await pool.kill() }
    }
    // What has been used is warm: its code has been compiled.
    for (let round = 0; round < warmingRounds; round++) await pool.work(steps)
    begin()
    const first = await pool.greet()
    const work = await pool.work(steps)
    const total = first + work
    await pool.dismiss()
    // It was started before, and stays.
    return {
      spawn_ms: null,
      first_message_ms: first,
      work_ms: work,
      teardown_ms: null,
      total_ms: total,
    }
  },
}

export default creation

const warmingRounds = 5
