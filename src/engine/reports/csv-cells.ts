import { interpreterName } from '../../shared/model/interpreter.ts'
import type { Configuration, Run, Trial } from '../../shared/model/run.ts'
import type { Row } from './csv-text.ts'

/** What the rows of all tables begin with: whose they are. */
export const originColumns = [
  'run_id',
  'configuration_id',
  'workload',
  'runtime',
  'python',
  'model',
  'workers',
  'scheduling',
  'variant',
  'trial_index',
  'warm_up',
  'trial_status',
] as const

export function originCells(run: Run, configuration: Configuration, trial: Trial): Row {
  const { id, workload, model, workers, scheduling, variant } = configuration
  return {
    run_id: run.id,
    ...{ configuration_id: id, workload, ...executorCells(configuration) },
    ...{ model, workers, scheduling, variant },
    trial_index: trial.index,
    warm_up: trial.warm_up,
    trial_status: trial.status,
  }
}

export function parametersCell({ parameters }: Configuration): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

/** What executes it; `python` is empty where that is none. */
export function executorCells({ runtime, interpreter }: Configuration) {
  return { runtime, python: interpreter === null ? null : interpreterName(interpreter) }
}
