import type { Plan } from '../../shared/model/plan.ts'
import type { WorkloadDescription } from '../../shared/model/workload.ts'
import { experimentOf } from '../experiments/catalogue.ts'
import { loadWorkload } from '../workloads/catalogue.ts'
import type { Workload } from '../workloads/workload.ts'

/** What a plan has done: a workload, or the probe of its experiment. */
export interface Work {
  /** Null where it is a probe. */
  readonly workload: Workload | null
  /** Memory that each worker needs for it, in bytes. */
  readonly memoryOfTask: number
  /** Size of the data that workers share where they can, in bytes; 0 where there is none. */
  readonly sharedData: number
  readonly kind: WorkloadDescription['kind']
  /** What a trial of it takes, or that nobody knows; null where that follows from the plan. */
  readonly trialMs: number | 'unknown' | null
}

/** @param own the user's own module, where the plan names one */
export async function workOf(plan: Plan, own: Workload | null = null): Promise<Work> {
  const experiment = experimentOf(plan)
  if (experiment !== null && experiment.probe !== null) {
    // What a probe holds is told for a whole trial, whatever the workers.
    const memoryOfTask =
      (experiment.memoryBytes?.(plan.parameters) ?? 0) / Math.max(...plan.workers)
    // What was measured elsewhere was measured with the parameters it has by itself.
    const isUsual = Object.entries(experiment.probe.parameters).every(
      ([name, parameter]) => plan.parameters[name] === parameter.default,
    )
    const trialMs = isUsual ? experiment.trialMs : 'unknown'
    return {
      workload: null,
      memoryOfTask,
      sharedData: 0,
      kind: experiment.probe.kind,
      trialMs,
    }
  }
  const workload = own ?? (await loadWorkload(plan.workload))
  const memoryOfTask = workload.memoryBytes(plan.parameters)
  const sharedData = workload.shared?.bytes(plan.parameters) ?? 0
  const trialMs = experiment?.trialMs ?? null
  return { workload, memoryOfTask, sharedData, kind: workload.kind, trialMs }
}
