import { modelTraits } from '../../shared/model/execution-model.ts'
import type { Assignment, TrialSpec } from './protocol.ts'

type Work = Pick<TrialSpec, 'scheduling' | 'model' | 'workers' | 'tasks' | 'durationMs'>

/**
 * What each worker is told at the release of the barrier. Static work is cut into chunks whose sizes
 * differ by at most one task. Inline there is one worker and so nothing to hand out.
 */
export function assignmentFor(work: Work, worker: number): Assignment {
  const { scheduling, model, workers, tasks, durationMs } = work
  if (scheduling === 'dynamic' && modelTraits[model].startsWorkers) return { how: 'dynamic' }
  if (tasks === null) {
    return { how: 'until', first: worker, step: workers, durationMs: durationMs ?? 0 }
  }
  return {
    how: 'range',
    from: Math.floor((worker * tasks) / workers),
    to: Math.floor(((worker + 1) * tasks) / workers),
  }
}
