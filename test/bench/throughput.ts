import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Lab } from '../../src/engine/lab.ts'
import { programs } from '../support/programs.ts'
import { type Benchmark, medianRatio } from './benchmark.ts'

const n = 100_000
const tasks = 800
const pairs = 7

const run = promisify(execFile)

async function bare(script: string): Promise<number> {
  const path = fileURLToPath(new URL(`./bare/${script}`, import.meta.url))
  const { stdout } = await run(process.execPath, [path, String(n), String(tasks)])
  return Number(stdout)
}

async function throughLab(lab: Lab, model: 'threads' | 'processes'): Promise<number> {
  const plan = await lab.checkPlan({
    workload: 'primes',
    parameters: { n },
    models: [model],
    workers: [1],
    tasks,
    repeat: 1,
    warmup: 0,
  })
  const started = await lab.start(plan, { force: false, announce: () => {} })
  const { run: result } = await started.finished
  return Number(result.trials[0]?.metrics.throughput_per_s)
}

function throughput(model: 'threads' | 'processes', script: string): Benchmark {
  return {
    name: `throughput-${model}`,
    asked: `work of one worker through the lab : in a bare script, median of ${pairs} pairs ≥ 0.97`,
    unit: 'ratio',
    isMet: (measured) => measured >= 0.97,
    async measure() {
      const folder = await mkdtemp(join(tmpdir(), 'corescope-bench-'))
      const lab = new Lab({ databasePath: join(folder, 'bench.db'), programs, version: 'bench' })
      try {
        return await medianRatio(
          pairs,
          () => throughLab(lab, model),
          () => bare(script),
        )
      } finally {
        await lab.close()
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

export const throughputBenchmarks = [
  throughput('threads', 'primes-thread.ts'),
  throughput('processes', 'primes-process.ts'),
]
