import type { Interpreter } from '../../shared/model/interpreter.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { PlannedConfiguration } from '../../shared/model/run.ts'
import { experimentOf } from '../experiments/catalogue.ts'
import { plainConfigurations } from '../experiments/plain-configurations.ts'

/** Every way to execute the plan's work, as its experiment has it where it is one. */
export function configurationsOf(
  plan: Plan,
  interpreters?: readonly Interpreter[],
): readonly PlannedConfiguration[] {
  return (
    experimentOf(plan)?.configurations(plan, interpreters) ??
    plainConfigurations(plan, interpreters)
  )
}
