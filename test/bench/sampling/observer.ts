import { median } from 'simple-statistics'
import type { Benchmark } from '../benchmark.ts'
import { runPlan, withLab } from '../with-lab.ts'

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
      repeat: 3,
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
    asked: `the observer's CPU at ${interval_ms} ms with ${workers} process workers ≤ ${most * 100} % of a core, median of 3 trials`,
    unit: 'of a core',
    isMet: (measured) => measured <= most,
    measure: () => observerShare(load),
  }
}

export const observerBenchmarks = [
  observer({ workers: 16, interval_ms: 250 }, 0.005),
  observer({ workers: 64, interval_ms: 100 }, 0.02),
]
