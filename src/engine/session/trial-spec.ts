import type { Plan } from '../../shared/model/plan.ts'
import type { Configuration } from '../../shared/model/run.ts'
import type { TrialSpec } from '../execution/protocol.ts'
import type { Workload } from '../workloads/workload.ts'

/** The host alone, before its workers: long enough for its memory to settle. */
const baselineMs = 100

/** A trial of a configuration as its host is told of it; `workload` is null where it is a probe. */
export function trialSpec(
  plan: Plan,
  { workload: name, parameters, runtime, model, workers, scheduling, variant }: Configuration,
  workload: Workload | null,
  equipped: Pick<TrialSpec, 'expected' | 'folder' | 'serverPort' | 'kernels'>,
): TrialSpec {
  const { seed, scaling, tasks, duration_s, interval_ms } = plan
  // A probe does its own amount of work.
  const durationMs = workload === null || duration_s === null ? null : duration_s * 1000
  return {
    workload: name,
    isProbe: workload === null,
    variant,
    parameters,
    seed,
    model,
    workers,
    scheduling,
    tasks: scaling === 'weak' && tasks !== null ? tasks * workers : tasks,
    durationMs,
    intervalMs: interval_ms,
    baselineMs,
    own: workload?.own?.exports,
    sharesData: workload?.shared !== undefined,
    scheduler: runtime === 'dask' ? plan.scheduler : null,
    ...equipped,
  }
}
