import { modelTraits } from '../../../shared/model/execution-model.ts'
import type { Configuration } from '../../../shared/model/run.ts'

/** The numbers of workers that a run has; inline always has one, and is not counted. */
export function countsOf(configurations: readonly Configuration[]): readonly number[] {
  return [
    ...new Set(
      configurations.flatMap(({ model, workers }) =>
        modelTraits[model].startsWorkers ? [workers] : [],
      ),
    ),
  ]
}
