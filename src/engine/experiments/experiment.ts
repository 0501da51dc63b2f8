import type { ExperimentDescription } from '../../shared/model/experiment.ts'
import type { Findings } from '../../shared/model/findings.ts'
import type { Interpreter } from '../../shared/model/interpreter.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { Problem } from '../../shared/model/problem.ts'
import type { PlannedConfiguration, Run } from '../../shared/model/run.ts'
import type { ParameterValues } from '../../shared/model/workload.ts'

/** What of a run its findings follow from. */
export type ExperimentRun = Pick<
  Run,
  'plan' | 'status' | 'environment' | 'configurations' | 'trials'
>

/**
 * One line of what people are told about processes and threads, as something one can run: what is to be
 * executed, and what its trials say. Both are pure, so that a saved run says what the live one did.
 */
export interface Experiment extends ExperimentDescription {
  /** @param interpreters those of the plan; left out where they are not known yet */
  configurations(plan: Plan, interpreters?: readonly Interpreter[]): readonly PlannedConfiguration[]
  /** Of the trials that have ended so far; of a run that goes on as well. */
  findings(run: ExperimentRun): Findings
  /** What of a plan makes no sense for it; none where it is left out. */
  problems?(plan: Plan): readonly Problem[]
  /** Memory that the largest trial of a probe takes, in bytes; 0 where it is left out. */
  memoryBytes?(parameters: ParameterValues): number
}
