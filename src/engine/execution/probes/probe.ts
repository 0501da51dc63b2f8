import type { Model } from '../../../shared/model/execution-model.ts'
import type { Observations } from '../../../shared/model/experiment.ts'
import type { ParameterValues } from '../../../shared/model/workload.ts'

/** What a probe is given. */
export interface ProbeContext {
  readonly model: Model
  readonly workers: number
  readonly variant: string | null
  readonly parameters: ParameterValues
  readonly seed: number
  /** A folder of the trial's own, which is removed after it. */
  readonly folder: string
  /** The built program of partners (`partner/program.ts`): what a probe starts as threads or processes. */
  readonly partnerProgram: string
  /** To be called when all is prepared, right before what is measured: the trial's work begins. */
  begin(): void
}

/**
 * A trial that is no crew doing tasks but a procedure of its own. It runs in the trial's host, which the
 * lab ends together with all that it started; what is to die is therefore started beneath the host.
 */
export interface Probe {
  /**
   * Does it once. Nothing it started is left when it resolves.
   *
   * @throws Error in words, where it could not be observed
   */
  observe(context: ProbeContext): Promise<Observations>
}
