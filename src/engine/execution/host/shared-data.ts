import { modelTraits } from '../../../shared/model/execution-model.ts'
import { loadWorkload } from '../../workloads/catalogue.ts'
import type { TrialSpec } from '../protocol.ts'

/**
 * The data of a workload that has some to share, where workers share the host's memory; null else. Only
 * then does the host load the workload.
 *
 * @throws RangeError where there is not so much memory
 */
export async function makeSharedData(
  spec: Pick<TrialSpec, 'workload' | 'parameters' | 'seed' | 'model' | 'sharesData'>,
): Promise<SharedArrayBuffer | null> {
  if (spec.sharesData !== true || modelTraits[spec.model].separateProcesses) return null
  const { shared } = await loadWorkload(spec.workload)
  return shared?.make(spec.parameters, spec.seed, 0) ?? null
}
