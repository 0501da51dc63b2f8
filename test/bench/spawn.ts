import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ExecutionModel } from '../../src/engine/execution/host/model.ts'
import { processes } from '../../src/engine/execution/host/processes.ts'
import { threads } from '../../src/engine/execution/host/threads.ts'
import { workerProgram } from '../support/programs.ts'
import { type Benchmark, medianRatio } from './benchmark.ts'

const pairs = 31
const bareScript = (name: string) => fileURLToPath(new URL(`./bare/${name}`, import.meta.url))

/** Start call → "ready", by the model that hosts use. */
function throughLab(model: ExecutionModel): Promise<number> {
  return new Promise((resolve) => {
    const start = performance.now()
    let spawned = 0
    const worker = model.start(workerProgram, {
      message(message) {
        if (message.type !== 'ready') return
        spawned = performance.now() - start
        worker.send({ type: 'exit' })
      },
      exited: () => resolve(spawned),
    })
  })
}

/** Start call → first sign of life of a script that does nothing but give one. */
async function bareFork(): Promise<number> {
  const start = performance.now()
  const child = fork(bareScript('say.cjs'))
  const exited = once(child, 'exit')
  await once(child, 'message')
  const spawned = performance.now() - start
  await exited
  return spawned
}

/** Start call → `online` of a worker whose script is empty. */
async function bareWorker(): Promise<number> {
  const start = performance.now()
  const worker = new Worker(bareScript('empty.cjs'))
  const exited = once(worker, 'exit')
  await once(worker, 'online')
  const spawned = performance.now() - start
  await exited
  return spawned
}

function spawn(
  name: string,
  most: number,
  model: ExecutionModel,
  bare: () => Promise<number>,
): Benchmark {
  return {
    name: `spawn-${name}`,
    asked: `start → ready of a worker : of a bare empty one, median of ${pairs} pairs ≤ ${most}`,
    unit: 'ratio',
    isMet: (measured) => measured <= most,
    measure: () => medianRatio(pairs, () => throughLab(model), bare),
  }
}

export const spawnBenchmarks = [
  spawn('process', 1.35, processes, bareFork),
  spawn('thread', 1.5, threads, bareWorker),
]
