import { execFile, fork } from 'node:child_process'
import { cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median } from 'simple-statistics'
import { type Benchmark, medianRatio } from '../benchmark.ts'
import { runPlan, withLab } from '../with-lab.ts'

const bare = (name: string) => fileURLToPath(new URL(`../bare/${name}`, import.meta.url))

interface Load {
  readonly workers: number
  readonly interval_ms: number
}

/** What watching so many process workers costs, of one core, and of it by part. */
async function observerShare({ workers, interval_ms }: Load): Promise<number> {
  return withLab(async (lab) => {
    const run = await runPlan(lab, {
      models: ['processes'],
      workers: [workers],
      interval_ms,
      duration_s: 8,
      repeat: 5,
      warmup: 1,
    })
    const counted = run.trials.filter((trial) => !trial.warm_up)
    const of = (
      key: 'observer_cpu_share' | `observer_${'sampling' | 'recording' | 'shell'}_share`,
    ) => median(counted.map((trial) => Number(trial.metrics[key])))
    const parts = (['sampling', 'recording', 'shell'] as const)
      .map((part) => `${part} ${(of(`observer_${part}_share`) * 100).toFixed(2)} %`)
      .join(', ')
    console.error(`  parts     ${parts}`)
    return of('observer_cpu_share')
  })
}

function observer(load: Load, most: number): Benchmark {
  const { workers, interval_ms } = load
  return {
    name: `observer-${workers}`,
    asked: `the observer's CPU at ${interval_ms} ms with ${workers} process workers ≤ ${most * 100} % of a core, median of 5 trials`,
    unit: 'of a core',
    isMet: (measured) => measured <= most,
    measure: () => observerShare(load),
  }
}

const processesSampled = 16
const intervalMs = 250

/** CPU time of one sample, in ms. */
async function costOfSample(
  how: 'ours' | 'systeminformation',
  workers: readonly (number | undefined)[],
): Promise<number> {
  const numbers = [process.pid, intervalMs, 6, ...workers].map(String)
  const args = [bare('sample-tree.ts'), how, ...numbers]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return Number(stdout)
}

const cheaper: Benchmark = {
  name: 'sampling-cost',
  asked: `CPU of a sample by calls of systeminformation alone : by the lab's sampler, ${processesSampled} busy processes, median of 3 pairs ≥ 30`,
  unit: 'ratio',
  isMet: (measured) => measured >= 30,
  async measure() {
    const busy = Array.from({ length: processesSampled }, () =>
      fork(bare('busy.cjs'), { stdio: 'ignore' }),
    )
    try {
      await setTimeout(3000)
      const ids = busy.map(({ pid }) => pid)
      return await medianRatio(
        3,
        () => costOfSample('systeminformation', ids),
        () => costOfSample('ours', ids),
      )
    } finally {
      for (const child of busy) child.kill('SIGKILL')
    }
  },
}

const workersPerCore = 4

const lateness: Benchmark = {
  name: 'sampler-lateness',
  asked: `the sampler's lateness at 100 ms with ${workersPerCore} busy workers a core: p99 ≤ 15 ms, and no sample lost`,
  unit: 'ms, the worse of the two models',
  isMet: (measured) => measured <= 15,
  measure: () =>
    withLab(async (lab) => {
      const run = await runPlan(lab, {
        workers: [workersPerCore * cpus().length],
        interval_ms: 100,
        duration_s: 25,
        repeat: 1,
        warmup: 0,
      })
      const lost = run.trials.reduce((sum, { metrics }) => sum + Number(metrics.samples_missed), 0)
      console.error(`  lost      ${lost}`)
      if (lost > 0) return Number.POSITIVE_INFINITY
      return Math.max(...run.trials.map(({ metrics }) => Number(metrics.sampler_lateness_p99_ms)))
    }),
}

const pairs = 9

const disturbance: Benchmark = {
  name: 'sampling-on-off',
  asked: `throughput with sampling on : off, a worker on each core, median of ${pairs} pairs ≥ 0.99`,
  unit: 'ratio',
  isMet: (measured) => measured >= 0.99,
  measure: () =>
    withLab((watched) =>
      withLab(
        (unwatched) => {
          const throughput = async (lab: typeof watched, interval_ms: number) => {
            const plan = { tasks: 1200, interval_ms, repeat: 1, warmup: 0 }
            const run = await runPlan(lab, { ...plan, models: ['processes'] })
            return Number(run.trials[0]?.metrics.throughput_per_s)
          }
          return medianRatio(
            pairs,
            () => throughput(watched, intervalMs),
            // Longer than the trial: the workers do not tell of themselves either.
            () => throughput(unwatched, 10_000),
          )
        },
        { programs: { sampler: bare('silent-sampler.ts') } },
      ),
    ),
}

export const observerBenchmarks = [
  observer({ workers: 16, interval_ms: 250 }, 0.005),
  observer({ workers: 64, interval_ms: 100 }, 0.02),
  cheaper,
  lateness,
  disturbance,
]
