import type { LabDescription } from '../../shared/contract.ts'
import type { Runtime } from '../../shared/model/execution-model.ts'
import type { ExperimentDescription } from '../../shared/model/experiment.ts'
import { runtimesOf } from '../../shared/model/workload.ts'

/** The experiment of a plan; null where it has none, or one that this lab does not know. */
export function experimentOf(
  description: LabDescription | null,
  { experiment }: { readonly experiment: string | null },
): ExperimentDescription | null {
  if (description === null || experiment === null) return null
  return description.experiments.find(({ name }) => name === experiment) ?? null
}

/** Who can run an experiment. */
export function runtimesOfExperiment(
  { workloads, defaultPlan }: LabDescription,
  { probe, plan, runtimes }: ExperimentDescription,
): readonly Runtime[] {
  if (runtimes !== undefined || probe !== null) return runtimesOf({ ...(runtimes && { runtimes }) })
  const name = plan.workload ?? defaultPlan.workload
  return runtimesOf(workloads.find((each) => each.name === name) ?? {})
}
