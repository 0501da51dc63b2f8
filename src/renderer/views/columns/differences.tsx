import { formatRatio } from '../../../shared/format.ts'
import {
  type ComparedMetric,
  type Comparison,
  comparedMetrics,
} from '../../../shared/model/comparison.ts'
import type { Configuration } from '../../../shared/model/run.ts'

const names: Readonly<Record<ComparedMetric, string>> = {
  throughput_per_s: 'Throughput',
  cpu_per_task_ms: 'CPU / task',
  spawn_p50_ms: 'Spawn',
  peak_rss_bytes: 'Peak RSS',
  peak_pss_bytes: 'Peak PSS',
  peak_uss_bytes: 'Peak USS',
  memory_per_worker_bytes: 'Memory / worker',
}

/** What lies between two columns: the right one's figures over the left one's, as they fill in. */
export function Differences({
  comparison,
  a,
  b,
}: {
  readonly comparison: Comparison
  readonly a: Configuration
  readonly b: Configuration
}) {
  // Between two trials the columns may show different numbers of workers: the right one's counts.
  const own = comparison.comparisons.filter((each) => each.b === b.id)
  const trials = own[0]?.trials
  return (
    <aside className="differences" aria-label={`${b.model} compared with ${a.model}`}>
      <p className="differences-title">
        {b.model} ÷ {a.model}
      </p>
      <dl>
        {comparedMetrics.map((metric) => {
          const found = own.find((each) => each.metric === metric)
          return (
            <div key={metric} data-known={found !== undefined}>
              <dt>{names[metric]}</dt>
              <dd>{found === undefined ? '–' : formatRatio(found.ratio)}</dd>
            </div>
          )
        })}
      </dl>
      <p className="differences-basis">
        {trials === undefined
          ? 'after a trial of each'
          : `medians of ${trials[0] === trials[1] ? trials[0] : trials.join(' and ')} ${trials[0] === 1 && trials[1] === 1 ? 'trial' : 'trials'}`}
      </p>
    </aside>
  )
}
