import { monotonicMs } from '../../clock.ts'
import type { Counted, CountingData, CountingHow } from '../partner/counting.ts'
import { startPartner } from '../partner/partner.ts'
import type { Probe } from './probe.ts'

/** Workers count together, in the way that the variant names, and it is seen how far they came. */
const races: Probe = {
  async observe({ model, workers, variant, parameters, partnerProgram, begin }) {
    const how = variant as CountingHow
    const updates = Number(how === 'message' ? parameters.messages : parameters.updates)
    const shared = model === 'threads' && how !== 'message' ? new SharedArrayBuffer(8) : null
    const data: CountingData = { how, updates, shared }
    const counters = Array.from({ length: workers }, () =>
      startPartner(model === 'threads' ? 'threads' : 'processes', {
        program: partnerProgram,
        part: 'counting',
        data,
      }),
    )
    await Promise.all(counters.map((counter) => counter.next()))
    let told = 0
    let lastToldAt = 0
    const all = counters.map(
      (counter) =>
        new Promise<Counted>((resolve, reject) => {
          void counter.exited.then(() => reject(new Error('a counter ended before its time')))
          counter.receive((message) => {
            if (message === 1) told++
            else {
              // Behind its last message, each of which is an update only where it is heard.
              if (how === 'message') lastToldAt = monotonicMs()
              resolve(message as Counted)
            }
          })
        }),
    )
    begin()
    for (const counter of counters) counter.send('go')
    const ends = await Promise.all(all)
    await Promise.all(counters.map((counter) => counter.kill()))

    const expected = workers * updates
    const apart = ends.reduce((sum, { own }) => sum + own, told)
    const counted = shared === null ? apart : Atomics.load(new Int32Array(shared), 0)
    const until = Math.max(lastToldAt, ...ends.map(({ to }) => to))
    const elapsed = until - Math.min(...ends.map(({ from }) => from))
    return {
      updates: expected,
      counted,
      lost: expected - counted,
      lost_percent: (100 * (expected - counted)) / expected,
      elapsed_ms: elapsed,
      /** Of one worker: they count at the same time. */
      per_update_ns: (elapsed * 1e6) / updates,
    }
  },
}

export default races
