import type { Interpreter } from '../../shared/model/interpreter.ts'
import type { Plan } from '../../shared/model/plan.ts'
import { waysOf } from '../../shared/model/plan-ways.ts'
import type { PlannedConfiguration } from '../../shared/model/run.ts'

/** Every way to execute a plan's work, as the plan schedules it. */
export function plainConfigurations(
  plan: Plan,
  interpreters?: readonly Interpreter[],
): PlannedConfiguration[] {
  const { workload, parameters, scheduling } = plan
  return waysOf(plan, interpreters).map((way) => ({ workload, parameters, scheduling, ...way }))
}
