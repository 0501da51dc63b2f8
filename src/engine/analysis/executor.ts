import { kernelOf } from '../../shared/model/execution-model.ts'
import type { Configuration } from '../../shared/model/run.ts'

type Executed = Pick<Configuration, 'workload' | 'parameters' | 'runtime' | 'interpreter'>

/** Equal for configurations of a run whose work is executed by the same program. */
export function executorOf({
  runtime,
  interpreter,
}: Pick<Executed, 'runtime' | 'interpreter'>): string {
  return JSON.stringify([runtime, interpreter?.path ?? null])
}

/** Equal for configurations of a run whose work is executed by the same program in the same kernel. */
export function codeOf(configuration: Executed & Pick<Configuration, 'variant'>): string {
  return JSON.stringify([executorOf(configuration), kernelOf(configuration.variant)])
}

/** Equal for configurations of a run that have one inline baseline: the same work by the same code. */
export function baselineKey(configuration: Executed & Pick<Configuration, 'variant'>): string {
  const { workload, parameters } = configuration
  return JSON.stringify([codeOf(configuration), workload, parameters])
}
