import { monotonicMs } from '../../clock.ts'
import type { Part } from './part.ts'

/**
 * Work of a length that does not depend on who does it: so many steps of Marsaglia's xorshift32
 * ("Xorshift RNGs", 2003), each of which needs the one before.
 */
export function doSteps(steps: number, seed = 1): number {
  let state = seed
  for (let step = 0; step < steps; step++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
  }
  return state >>> 0
}

export type StepsRequest =
  | { readonly type: 'work'; readonly steps: number; readonly resultBytes?: number }
  /** Begins work that has no end, and says so first. */
  | { readonly type: 'busy' }
  | { readonly type: 'exit' }

export type StepsReply =
  | { readonly type: 'ready' }
  | {
      readonly type: 'done'
      readonly state: number
      readonly ms: number
      readonly result: string
    }
  | { readonly type: 'busy' }

/** Does steps when it is asked to. */
const steps: Part = (channel) => {
  const reply = (message: StepsReply) => channel.send(message)
  channel.receive((message) => {
    const request = message as StepsRequest
    if (request.type === 'exit') process.exit()
    if (request.type === 'busy') {
      reply({ type: 'busy' })
      // What was said has to leave before the loop stops turning.
      setImmediate(() => {
        for (;;) doSteps(1_000_000)
      })
      return
    }
    const from = monotonicMs()
    const state = doSteps(request.steps)
    const ms = monotonicMs() - from
    reply({ type: 'done', state, ms, result: 'x'.repeat(request.resultBytes ?? 0) })
  })
  reply({ type: 'ready' })
}

export default steps
