import { workerCounts } from '../../shared/model/execution-model.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { PlannedConfiguration } from '../../shared/model/run.ts'

/** Every model at every number of workers; inline has one worker, whatever the worker counts are. */
export function plainConfigurations(plan: Plan): PlannedConfiguration[] {
  const { workload, parameters, scheduling } = plan
  return plan.models.flatMap((model) =>
    workerCounts(model, plan.workers).map((workers) => ({
      workload,
      parameters,
      runtime: 'node' as const,
      model,
      workers,
      scheduling,
      variant: null,
    })),
  )
}
