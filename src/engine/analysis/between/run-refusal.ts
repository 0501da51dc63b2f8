import { type Run, ranProbe } from '../../../shared/model/run.ts'

/** Why nothing of a run is compared; null where it can be. */
export function runRefusal(run: Run): string | null {
  if (run.status === 'running') return `run ${run.id} is still running; wait for its end`
  if (ranProbe(run)) {
    return `run ${run.id} is the experiment ${run.plan.workload}: what its trials observe are no figures of a workload; open the run to see what it found`
  }
  return null
}
