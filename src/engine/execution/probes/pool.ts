import type { Model } from '../../../shared/model/execution-model.ts'
import { monotonicMs } from '../../clock.ts'
import { type Partner, startPartner } from '../partner/partner.ts'
import type { StepsReply, StepsRequest } from '../partner/steps.ts'

/** Partners that do steps, all asked at once. */
export interface StepsPool {
  /** Has each do some work; resolves with how long that took in ms, when all have told. */
  work(steps: number): Promise<number>
  /** A message there and back with each; resolves with how long that took in ms. */
  greet(): Promise<number>
  /** Has each begin work without an end. */
  occupy(): Promise<void>
  /** Asks each to end; resolves with how long that took in ms. */
  dismiss(): Promise<number>
  /** Ends all, whatever they are doing; resolves with how long that took in ms. */
  kill(): Promise<number>
  readonly partners: readonly Partner[]
}

/** Starts them all at once; resolves when all are ready, with how long that took in ms. */
export async function startPool(
  program: string,
  model: Model,
  workers: number,
): Promise<{ readonly pool: StepsPool; readonly spawnMs: number }> {
  const from = monotonicMs()
  const kind = model === 'threads' ? 'threads' : 'processes'
  const partners = Array.from({ length: workers }, () =>
    startPartner(kind, { program, part: 'steps' }),
  )
  await Promise.all(partners.map((partner) => partner.next()))
  const spawnMs = monotonicMs() - from
  const timed = async (done: () => Promise<unknown>) => {
    const begun = monotonicMs()
    await done()
    return monotonicMs() - begun
  }
  const askAll = (request: StepsRequest) =>
    Promise.all(partners.map((partner) => ask(partner, request)))
  const pool: StepsPool = {
    partners,
    work: (steps) =>
      timed(async () => {
        const states = (await askAll({ type: 'work', steps })).map(stateOf)
        if (new Set(states).size > 1) throw new Error('the workers came to different results')
      }),
    greet: () => timed(() => askAll({ type: 'work', steps: 0 })),
    occupy: async () => {
      await askAll({ type: 'busy' })
    },
    dismiss: () =>
      timed(() => {
        for (const partner of partners) partner.send({ type: 'exit' } satisfies StepsRequest)
        return Promise.all(partners.map(({ exited }) => exited))
      }),
    kill: () => timed(() => Promise.all(partners.map((partner) => partner.kill()))),
  }
  return { pool, spawnMs }
}

function ask(partner: Partner, request: StepsRequest): Promise<StepsReply> {
  partner.send(request)
  return partner.next() as Promise<StepsReply>
}

function stateOf(reply: StepsReply): number | null {
  return reply.type === 'done' ? reply.state : null
}
