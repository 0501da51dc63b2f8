import type { Model } from '../../src/shared/model/execution-model.ts'
import type { Observations } from '../../src/shared/model/experiment.ts'
import type { TrialMetrics } from '../../src/shared/model/metric.ts'
import type { Plan } from '../../src/shared/model/plan.ts'
import type { Configuration, Run, Trial } from '../../src/shared/model/run.ts'
import type { ParameterValues } from '../../src/shared/model/workload.ts'
import { exampleRun } from './example-run.ts'

/** A configuration, and what each of its trials saw or came to. */
export interface MadeUpTrials
  extends Partial<Pick<Configuration, 'workload' | 'runtime' | 'interpreter'>> {
  readonly model: Model
  readonly workers?: number
  readonly variant?: string | null
  readonly parameters?: ParameterValues
  readonly scheduling?: 'static' | 'dynamic'
  readonly observed?: readonly Observations[]
  readonly metrics?: readonly Partial<TrialMetrics>[]
}

/** A run of an experiment made up of such; configurations are numbered from 0. */
export function observedRun(plan: Partial<Plan>, sides: readonly MadeUpTrials[]): Run {
  const [configuration] = exampleRun.configurations
  const [trial] = exampleRun.trials
  if (configuration === undefined || trial === undefined) throw new Error('no example')
  return {
    ...exampleRun,
    plan: { ...exampleRun.plan, ...plan },
    configurations: sides.map(({ observed: _, metrics: __, ...side }, id) => ({
      ...configuration,
      workers: 2,
      ...side,
      id,
    })),
    trials: sides.flatMap(({ observed, metrics }, id) =>
      (observed ?? metrics ?? []).map(
        (seen, index): Trial => ({
          ...trial,
          index,
          configuration_id: id,
          observations: observed === undefined ? null : (seen as Observations),
          metrics:
            observed === undefined
              ? { ...trial.metrics, ...(seen as TrialMetrics) }
              : trial.metrics,
        }),
      ),
    ),
  }
}
