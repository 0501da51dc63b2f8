import { type Run, ranProbe } from '../../../shared/model/run.ts'
import { whyNotComparable } from '../comparability.ts'
import type { SavedSide } from './sides.ts'

/**
 * Why two sides are not compared: what each is, then in what they differ that has to be the same.
 *
 * @returns none where they are
 */
export function refusals(a: SavedSide, b: SavedSide, acrossMachines: boolean): string[] {
  const runs = a.run === b.run ? [a.run] : [a.run, b.run]
  const own = runs.flatMap((run) => runRefusal(run) ?? [])
  if (own.length > 0) return own
  const differing = whyNotComparable(a, b, acrossMachines)
  return differing.length > 0 ? differing : [a, b].flatMap((side) => withoutTrials(side) ?? [])
}

/** Why nothing of a run is compared; null where it can be. */
export function runRefusal(run: Run): string | null {
  if (run.status === 'running') return `run ${run.id} is still running; wait for its end`
  if (ranProbe(run)) {
    return `run ${run.id} is the experiment ${run.plan.workload}: what its trials observe are no figures of a workload; open the run to see what it found`
  }
  return null
}

function withoutTrials({ run, configuration, counted, letter, name }: SavedSide): string | null {
  if (counted.length > 0) return null
  const executed = run.trials.filter(
    ({ configuration_id, warm_up }) => configuration_id === configuration.id && !warm_up,
  )
  const statuses = Map.groupBy(executed, ({ status }) => status)
  const told = [...statuses].map(([status, trials]) => `${trials.length} ${status}`).join(', ')
  return `${letter} (${name}) has no trial that counts: ${told === '' ? 'none was made' : told}`
}
