import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { endless, start, trialIsBusy } from '../support/command.ts'
import { daskPython } from '../support/dask.ts'
import { processesWith, python } from '../support/python.ts'
import type { Benchmark } from './benchmark.ts'

const models = ['processes', 'pool', 'process-pool']
const methods = ['spawn', 'fork', 'forkserver']
const inPython = ['--runtime', 'python', '--interpreter', python?.path ?? 'python3', '--models']
const onDask = ['--runtime', 'dask', '--interpreter', daskPython ?? '', '--models']
const ways = [
  ...['inline', 'threads', 'thread-pool'].map((model) => [...inPython, model]),
  ...models.flatMap((model) =>
    methods.map((method) => [...inPython, model, '--start-method', method]),
  ),
  // A local cluster: its scheduler and nannies are in the host.
  ...(daskPython === undefined ? [] : ['threads', 'processes'].map((each) => [...onDask, each])),
]

/** From `kill -9` of the app, in the middle of a task, until no process of the trial is left. */
async function timeToEnd(way: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'corescope-bench-'))
  try {
    const database = join(folder, 'bench.db')
    const { child, ended } = start(database, 'run', ...endless, ...way)
    await trialIsBusy(database)
    const asked = performance.now()
    child.kill('SIGKILL')
    await ended
    while (processesWith('CORESCOPE_DB', database).length > 0) await setTimeout(5)
    const took = performance.now() - asked
    console.error(`  ${Math.round(took)} ms  ${[way[1], ...way.slice(5)].join(' ')}`)
    return took
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Trackers of resources and fork servers are looked for too. */
export const pythonEndingBenchmark: Benchmark = {
  name: 'python-kill',
  asked: `SIGKILL of the app in the middle of a task of Python → nothing left, slowest of ${ways.length} ways to start workers, ≤ 2000`,
  unit: 'ms',
  isMet: (measured) => measured <= 2000,
  async measure() {
    if (process.platform !== 'linux') throw new Error('only Linux tells what a process inherited')
    let slowest = 0
    for (const way of ways) slowest = Math.max(slowest, await timeToEnd(way))
    return slowest
  },
}
