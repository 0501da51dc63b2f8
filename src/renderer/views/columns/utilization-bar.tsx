import { formatPercent } from '../../../shared/format.ts'
import type { MetricKey, TrialMetrics } from '../../../shared/model/metric.ts'

/** Parts of the work window, by how many cores the work kept busy against the number of workers. */
const buckets = ['idle', 'poor', 'ok', 'ideal', 'over'] as const
type Bucket = (typeof buckets)[number]

const abouts: Readonly<Record<Bucket, string>> = {
  idle: 'next to no core was busy',
  poor: 'far fewer cores were busy than there are workers',
  ok: 'somewhat fewer cores were busy than there are workers',
  ideal: 'about as many cores were busy as there are workers',
  over: 'more cores were busy than there are workers',
}

/** How the work window was used; null where a part of it is not known. */
export function utilizationOf(
  metrics: TrialMetrics | null,
): Readonly<Record<Bucket, number>> | null {
  if (metrics === null) return null
  const shares: Partial<Record<Bucket, number>> = {}
  for (const bucket of buckets) {
    const share = metrics[`utilization_${bucket}` satisfies MetricKey]
    if (typeof share !== 'number') return null
    shares[bucket] = share
  }
  return shares as Record<Bucket, number>
}

/** The work window of a trial in one bar. */
export function UtilizationBar({
  metrics,
  none,
}: {
  /** Of the trial that is told of; null where there is none yet. */
  readonly metrics: TrialMetrics | null
  /** What is said where there is no trial to tell of. */
  readonly none: string
}) {
  const shares = utilizationOf(metrics)
  return (
    <div className="utilization">
      <div className="panel-head">
        <h3 title="the work window, by how many cores the work kept busy against the number of workers">
          Utilisation
        </h3>
        {shares === null && (
          <span className="read-out unit">{metrics === null ? none : 'not available here'}</span>
        )}
      </div>
      {shares !== null && (
        <>
          <div className="utilization-bar" aria-hidden="true">
            {buckets.map((bucket) => (
              <i key={bucket} data-bucket={bucket} style={{ width: `${shares[bucket] * 100}%` }} />
            ))}
          </div>
          <ul className="utilization-words">
            {buckets.map((bucket) => (
              <li key={bucket} data-bucket={bucket} title={abouts[bucket]}>
                {bucket} {formatPercent(shares[bucket])}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
