import { Flag, Import, Pin, Scissors } from 'lucide-react'
import { formatTime } from '../../../shared/format.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import { workloadName } from '../../../shared/model/workload.ts'

/** What has been done with a run: in the list and in its own view, in the same words. */
export function RunMarks({ run }: { readonly run: RunSummary }) {
  const { is_baseline, is_kept, thinned_at, imported_at, machine } = run
  return (
    <>
      {is_baseline && (
        <span
          className="mark"
          title={`Other runs of ${workloadName(run.plan.workload)} are held against this one`}
        >
          <Flag size={13} aria-hidden="true" /> baseline
        </span>
      )}
      {imported_at !== null && (
        <span className="mark" title={`Imported on ${formatTime(imported_at)}`}>
          <Import size={13} aria-hidden="true" />
          <span className="mark-text" dir="auto">
            {machine === null ? 'imported' : `imported from ${machine}`}
          </span>
        </span>
      )}
      {is_kept && (
        <span className="mark" title="Its samples are never thinned">
          <Pin size={13} aria-hidden="true" /> kept
        </span>
      )}
      {thinned_at !== null && (
        <span
          className="mark"
          title={`Samples thinned on ${formatTime(thinned_at)}: the overview and all results are there`}
        >
          <Scissors size={13} aria-hidden="true" /> thinned
        </span>
      )}
    </>
  )
}

export function hasMarks(run: RunSummary): boolean {
  return run.is_baseline || run.is_kept || run.thinned_at !== null || run.imported_at !== null
}
