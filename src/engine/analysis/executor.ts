import type { Configuration } from '../../shared/model/run.ts'

type Executed = Pick<Configuration, 'workload' | 'parameters' | 'runtime' | 'interpreter'>

/** Equal for configurations of a run whose work is executed by the same program. */
export function executorOf({ runtime, interpreter }: Executed): string {
  return JSON.stringify([runtime, interpreter?.path ?? null])
}

/** Equal for configurations of a run that have one inline baseline: the same work by the same program. */
export function baselineKey(configuration: Executed): string {
  const { workload, parameters } = configuration
  return JSON.stringify([executorOf(configuration), workload, parameters])
}
