import { executorNames } from '../../shared/executor-names.ts'
import { formatConfiguration } from '../../shared/format.ts'
import { type Kernel, kernelOf } from '../../shared/model/execution-model.ts'
import type { MetricKey } from '../../shared/model/metric.ts'
import type { Configuration, ConfigurationSummary } from '../../shared/model/run.ts'
import { baselineKey, executorOf } from '../analysis/executor.ts'
import { summarizeRun, valuesOf } from '../analysis/statistics.ts'
import type { ExperimentRun } from './experiment.ts'
import { type LockWork, lockWorks } from './gil-work.ts'

/** A configuration whose trials count, as the judge looks at it. */
export interface LockSeen {
  readonly summary: ConfigurationSummary
  readonly work: LockWork
  readonly kernel: Kernel | null
  /** Who executes it: its key, and its name in the run. */
  readonly key: string
  readonly executor: string
  /** Its model and workers. */
  readonly how: string
  /** The same work by the same code inline; null where it has no trial that counts. */
  readonly inline: ConfigurationSummary | null
  /** Medians of throughput; null where there is no inline. */
  readonly speedUp: number | null
  median(key: MetricKey): number | null
  values(key: MetricKey): readonly number[]
}

export function lockSeen(run: ExperimentRun): LockSeen[] {
  const all = summarizeRun(run)
  const counted = all.filter(({ counted }) => counted.length > 0)
  const names = executorNames(run.configurations)
  return counted.flatMap((summary) => {
    const { configuration } = summary
    const work = lockWorks.find(({ workload }) => workload === configuration.workload)
    if (work === undefined) return []
    const inline = counted.find(
      (each) =>
        each.configuration.model === 'inline' &&
        baselineKey(each.configuration) === baselineKey(inOneThread(configuration)),
    )
    const [own, base] = [summary, inline].map((each) => each?.metrics.throughput_per_s?.median)
    const kernel = kernelOf(configuration.variant)
    return [
      {
        ...{ summary, work, kernel, inline: inline ?? null },
        key: executorOf(configuration),
        executor: names.get(configuration.id) ?? '',
        how: formatConfiguration({
          ...configuration,
          variant: kernel === null ? configuration.variant : null,
        }),
        speedUp: own === undefined || base === undefined || base === 0 ? null : own / base,
        median: (key) => summary.metrics[key]?.median ?? null,
        values: (key) => valuesOf(summary.counted, key),
      },
    ]
  })
}

/** By executor, in the run's order. */
export function byExecutor(seen: readonly LockSeen[]): readonly (readonly LockSeen[])[] {
  return [...Map.groupBy(seen, ({ key }) => key).values()]
}

/** What starts threads of its own has its like without them. */
function inOneThread(configuration: Configuration): Configuration {
  return kernelOf(configuration.variant) === 'cython prange'
    ? { ...configuration, variant: 'cython nogil' }
    : configuration
}
