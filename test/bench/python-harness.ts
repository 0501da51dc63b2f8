import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Lab } from '../../src/engine/lab.ts'
import type { Model } from '../../src/shared/model/execution-model.ts'
import type { PlanDocument } from '../../src/shared/model/plan.ts'
import type { Trial } from '../../src/shared/model/run.ts'
import { python } from '../support/python.ts'
import { type Benchmark, medianRatio } from './benchmark.ts'
import { runPlan, withLab } from './with-lab.ts'

const throughputPairs = 15
const spawnPairs = 21

const run = promisify(execFile)
const script = fileURLToPath(new URL('./bare/python_harness.py', import.meta.url))

function pythonPath(): string {
  if (python === null) throw new Error('there is no python3 of 3.8 or later on the PATH')
  return python.path
}

async function bare(...words: readonly string[]): Promise<number> {
  const { stdout } = await run(pythonPath(), [script, ...words])
  return Number(stdout)
}

/** One trial of one worker of Python. */
async function trialOf(lab: Lab, document: PlanDocument): Promise<Trial> {
  const { trials, reason } = await runPlan(lab, {
    ...{ runtimes: ['python'], interpreters: [pythonPath()], workers: [1], repeat: 1, warmup: 0 },
    ...document,
  })
  const [trial] = trials
  if (trial?.status !== 'done') throw new Error(`no trial was made: ${trial?.reason ?? reason}`)
  return trial
}

function throughput(
  workload: string,
  parameters: Readonly<Record<string, number>>,
  model: Model,
  tasks: number,
): Benchmark {
  const document: PlanDocument = { workload, parameters: { ...parameters }, models: [model], tasks }
  // A pool that hands out single tasks is what a task's own cost shows in.
  if (model === 'pool') document.scheduling = 'dynamic'
  return {
    name: `python-${workload}-${model}`,
    asked: `work of one worker of Python through the lab : in a bare script, median of ${throughputPairs} pairs ≥ 0.97`,
    unit: 'ratio',
    isMet: (measured) => measured >= 0.97,
    measure: () =>
      withLab((lab) =>
        medianRatio(
          throughputPairs,
          async () => Number((await trialOf(lab, document)).metrics.throughput_per_s),
          () => bare('throughput', workload, model, String(tasks)),
        ),
      ),
  }
}

function spawn(model: 'threads' | 'processes'): Benchmark {
  const document: PlanDocument = {
    ...{ workload: 'primes', parameters: { n: 100 }, models: [model], tasks: 1 },
  }
  return {
    name: `python-spawn-${model}`,
    asked: `start → ready of a worker of Python : of a bare empty one, median of ${spawnPairs} pairs ≤ 1.3`,
    unit: 'ratio',
    isMet: (measured) => measured <= 1.3,
    measure: () =>
      withLab((lab) =>
        medianRatio(
          spawnPairs,
          async () => Number((await trialOf(lab, document)).metrics.spawn_p50_ms),
          () => bare('spawn', model),
        ),
      ),
  }
}

/** All that the harness itself costs, against a script that does the same by hand. */
export const pythonHarnessBenchmarks = [
  throughput('primes', { n: 20_000 }, 'threads', 250),
  throughput('primes', { n: 20_000 }, 'processes', 250),
  throughput('sha256', { size_kib: 1024, rounds: 1 }, 'threads', 1500),
  throughput('sha256', { size_kib: 1024, rounds: 1 }, 'processes', 1500),
  throughput('squares', {}, 'pool', 100_000),
  spawn('processes'),
  spawn('threads'),
]
