import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { modelsOf } from '../../src/shared/model/execution-model.ts'
import { endless, ourProcesses, start, trialIsBusy } from '../support/command.ts'
import type { Benchmark } from './benchmark.ts'

const rounds = 3
const models = modelsOf('node')

/** From the signal, in the middle of a task, until the app and all it started are gone. */
async function timeToEnd(model: string, signal: 'SIGINT' | 'SIGKILL'): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'corescope-bench-'))
  try {
    const database = join(folder, 'bench.db')
    const { child, ended } = start(database, 'run', '--models', model, ...endless)
    await trialIsBusy(database)
    const asked = performance.now()
    child.kill(signal)
    await ended
    while ((await ourProcesses()).length > 0) await setTimeout(5)
    return performance.now() - asked
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function ending(name: string, signal: 'SIGINT' | 'SIGKILL', mostMs: number): Benchmark {
  return {
    name,
    asked: `${signal} in the middle of a task → nothing left, slowest of ${rounds} × ${models.join(', ')}, ≤ ${mostMs}`,
    unit: 'ms',
    isMet: (measured) => measured <= mostMs,
    async measure() {
      let slowest = 0
      for (let round = 0; round < rounds; round++) {
        for (const model of models) slowest = Math.max(slowest, await timeToEnd(model, signal))
      }
      return slowest
    },
  }
}

export const endingBenchmarks = [ending('ctrl-c', 'SIGINT', 1000), ending('kill', 'SIGKILL', 2000)]
