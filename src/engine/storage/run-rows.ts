import type { Plan } from '../../shared/model/plan.ts'
import type { RunSummary } from '../../shared/model/run.ts'

/** A run as the database gives it. */
export type RunRow = Omit<
  RunSummary,
  | 'plan'
  | 'started_at'
  | 'ended_at'
  | 'imported_at'
  | 'thinned_at'
  | 'tags'
  | 'is_baseline'
  | 'is_kept'
> & {
  readonly plan: string
  readonly started_at: number
  readonly ended_at: number | null
  readonly imported_at: number | null
  readonly thinned_at: number | null
  readonly tags: string
  readonly is_baseline: number
  readonly is_kept: number
}

const columns = (notes: string, plan: string) => `
  SELECT runs.id, uid, label, ${notes} AS notes, runs.status, reason, ${plan} AS plan,
         runs.started_at, ended_at, trials_planned,
         (SELECT count(*) FROM trials WHERE run_id = runs.id AND trials.status = 'done') AS trials_done,
         (SELECT json_group_array(tag) FROM (SELECT tag FROM tags WHERE run_id = runs.id ORDER BY tag)) AS tags,
         EXISTS (SELECT 1 FROM baselines WHERE run_id = runs.id) AS is_baseline,
         is_kept, thinned_at, runs.sample_bytes, imported_at, machine
  FROM runs LEFT JOIN catalogue ON catalogue.run_id = runs.id`

/** Runs with all that their user wrote. */
export const selectRuns = columns('notes', 'plan')

/** Runs as a list shows them: what can be long is neither read nor parsed. */
export const selectListed = columns(
  `''`,
  `CASE WHEN octet_length(plan) < 4000 THEN plan ELSE json_set(plan, '$.notes', '') END`,
)

/** Null where a row is none that Corescope wrote: one such does not take the others with it. */
export function asSummary(row: RunRow): RunSummary | null {
  try {
    const plan = JSON.parse(row.plan) as Plan
    if (typeof plan.workload !== 'string') return null
    if (!Array.isArray(plan.models) || !Array.isArray(plan.workers)) return null
    return {
      ...row,
      // Plans of before know of no experiments.
      plan: { ...plan, experiment: plan.experiment ?? null, scaling: plan.scaling ?? 'strong' },
      started_at: new Date(row.started_at).toISOString(),
      ended_at: instant(row.ended_at),
      imported_at: instant(row.imported_at),
      thinned_at: instant(row.thinned_at),
      tags: JSON.parse(row.tags),
      is_baseline: row.is_baseline === 1,
      is_kept: row.is_kept === 1,
    }
  } catch {
    return null
  }
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
