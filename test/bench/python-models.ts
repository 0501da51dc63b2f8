import type { Model } from '../../src/shared/model/execution-model.ts'
import type { MetricKey } from '../../src/shared/model/metric.ts'
import type { PlanDocument } from '../../src/shared/model/plan.ts'
import type { Benchmark } from './benchmark.ts'
import { runPlan, withLab } from './with-lab.ts'

/** Median over trials of one figure under each model, in the Python that is used where nothing is said. */
function inPython(
  models: readonly Model[],
  figure: MetricKey,
  document: PlanDocument,
): Promise<number[]> {
  return withLab(async (lab) => {
    const trials = { duration_s: 2, repeat: 5, warmup: 1 }
    const run = await runPlan(lab, {
      runtimes: ['python'],
      models: [...models],
      ...trials,
      ...document,
    })
    const summaries = await lab.saved.summarize(run)
    return models.map((model) => {
      const summary = summaries.find(({ configuration }) => configuration.model === model)
      return summary?.metrics[figure]?.median ?? Number.NaN
    })
  })
}

interface Asked {
  readonly name: string
  readonly workload: string
  readonly parameters: NonNullable<PlanDocument['parameters']>
  readonly model: Model
}

/** Cores that two workers use. */
function cores(
  { name, workload, parameters, model }: Asked,
  asked: { readonly words: string; isMet(measured: number): boolean },
): Benchmark {
  return {
    name,
    asked: `${workload} by 2 ${model} of CPython with its lock, median of 5 trials ${asked.words}`,
    unit: 'cores used',
    isMet: asked.isMet,
    async measure() {
      const [used] = await inPython([model], 'cores_used', { workload, parameters, workers: [2] })
      return used as number
    },
  }
}

const primes = { workload: 'primes', parameters: { n: 20_000 } }
const sha256 = { workload: 'sha256', parameters: { size_kib: 1024, rounds: 4 } }

const sleepers = 16

const sleep: Benchmark = {
  name: 'gil-sleep-threads',
  asked: `sleep by ${sleepers} threads of CPython : inline, medians of 5 trials ≥ 14`,
  unit: '×',
  isMet: (measured) => measured >= 14,
  async measure() {
    const document = { workload: 'sleep', parameters: { ms: 50 }, workers: [sleepers] }
    const [inline, threads] = await inPython(['inline', 'threads'], 'throughput_per_s', document)
    return (threads as number) / (inline as number)
  },
}

export const pythonModelBenchmarks = [
  sleep,
  cores(
    { name: 'gil-sha256-threads', ...sha256, model: 'threads' },
    { words: '≥ 1.7', isMet: (measured) => measured >= 1.7 },
  ),
  cores(
    { name: 'gil-primes-threads', ...primes, model: 'threads' },
    { words: '≤ 1.15', isMet: (measured) => measured <= 1.15 },
  ),
  cores(
    { name: 'gil-primes-processes', ...primes, model: 'processes' },
    { words: '≥ 1.8', isMet: (measured) => measured >= 1.8 },
  ),
]
