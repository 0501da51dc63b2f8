import { workerCounts } from '../../shared/model/execution-model.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { Configuration } from '../../shared/model/run.ts'

/** Every way to execute the plan's work; inline has one worker, whatever the worker counts are. */
export function configurationsOf(plan: Plan): Omit<Configuration, 'id'>[] {
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
