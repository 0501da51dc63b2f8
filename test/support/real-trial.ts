import { expect } from 'vitest'
import type { WorkerIdentity } from '../../src/engine/execution/protocol.ts'
import { Reaper } from '../../src/engine/execution/reaper.ts'
import { runTrial } from '../../src/engine/execution/trial.ts'
import type { Model } from '../../src/shared/model/execution-model.ts'
import { programs } from './programs.ts'
import { endlessPrimes } from './watched-trial.ts'

export interface RealTrial {
  readonly host: number
  readonly workers: readonly WorkerIdentity[]
}

/** Starts a real host with real workers, has something done while they work, and ends them. */
export async function whileWorking(
  spec: { readonly model: Model; readonly workers: number },
  examine: (trial: RealTrial) => Promise<void>,
): Promise<void> {
  const reaper = await Reaper.start(programs.reaper)
  const stop = new AbortController()
  const begun = Promise.withResolvers<void>()
  let host = 0
  let workers: readonly WorkerIdentity[] = []
  const trial = runTrial(
    { ...endlessPrimes, ...spec },
    { runtime: 'node', program: programs.host },
    reaper,
    stop.signal,
    {
      started: (processId) => {
        host = processId
      },
      crew: (identities) => {
        workers = identities
      },
      phase: (name) => name === 'work' && begun.resolve(),
      report: () => {},
      look: async () => {},
    },
  )
  try {
    const early = trial.then((outcome) => expect.fail(JSON.stringify(outcome)))
    await Promise.race([begun.promise, early])
    await examine({ host, workers })
  } finally {
    stop.abort()
    await trial
    reaper.close()
  }
}
