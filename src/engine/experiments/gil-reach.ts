import type { ExperimentRun } from './experiment.ts'
import type { LockSeen } from './gil-seen.ts'

/** How many of the cores that workers could use they do. */
export type Reach = 'one' | 'all' | 'some'

/** Cores that so many workers could use at the most. */
export function reachable({ environment }: ExperimentRun, workers: number): number {
  return Math.min(workers, environment?.usable_cores ?? workers)
}

/**
 * About one core is up to a quarter of the further ones more, all are four fifths of them; null where one
 * is all there is, or it was not measured.
 */
export function reachOf(run: ExperimentRun, each: LockSeen): Reach | null {
  const cores = each.median('cores_used')
  const most = reachable(run, each.summary.configuration.workers)
  if (cores === null || most < 2) return null
  if (cores >= 0.8 * most) return 'all'
  return cores >= 0.8 && cores < 1 + 0.25 * (most - 1) ? 'one' : 'some'
}
