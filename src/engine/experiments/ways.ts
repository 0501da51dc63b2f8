import { type Model, type Scheduling, workerCounts } from '../../shared/model/execution-model.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { PlannedConfiguration } from '../../shared/model/run.ts'

/** Under which model a probe does what it does, and in which variant. */
export interface Way {
  readonly model: Model
  readonly variant: string | null
}

/** Each variant under each model that starts workers. */
export function everyWay(variants: readonly string[]): Way[] {
  return variants.flatMap((variant) => [
    { model: 'threads', variant },
    { model: 'processes', variant },
  ])
}

/** Each way whose model is planned, with every number of workers. */
export function configurationsOfWays(
  { workload, parameters, models, workers }: Plan,
  ways: readonly Way[],
  scheduling: Scheduling = 'static',
): PlannedConfiguration[] {
  return ways
    .filter(({ model }) => models.includes(model))
    .flatMap(({ model, variant }) =>
      workerCounts(model, workers).map((count) => ({
        workload,
        parameters,
        runtime: 'node' as const,
        interpreter: null,
        model,
        workers: count,
        scheduling,
        variant,
      })),
    )
}
