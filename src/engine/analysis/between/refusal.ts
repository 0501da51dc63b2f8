import { whyNotComparable } from '../comparability.ts'
import { runRefusal } from './run-refusal.ts'
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

function withoutTrials({ run, configuration, counted, letter, name }: SavedSide): string | null {
  if (counted.length > 0) return null
  const executed = run.trials.filter(
    ({ configuration_id, warm_up }) => configuration_id === configuration.id && !warm_up,
  )
  const statuses = Map.groupBy(executed, ({ status }) => status)
  const told = [...statuses].map(([status, trials]) => `${trials.length} ${status}`).join(', ')
  return `${letter} (${name}) has no trial that counts: ${told === '' ? 'none was made' : told}`
}
