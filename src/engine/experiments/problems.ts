import { defaultDurationS, type Plan } from '../../shared/model/plan.ts'
import { mostRepetitions, mostTrials } from '../../shared/model/plan-limits.ts'
import type { Problem } from '../../shared/model/problem.ts'
import type { WorkloadDescription } from '../../shared/model/workload.ts'
import { experimentOf } from './catalogue.ts'

/** What of a checked plan makes no sense for its experiment; none where it is none. */
export function experimentProblems(plan: Plan): readonly Problem[] {
  const experiment = experimentOf(plan)
  if (experiment === null) return []
  const amount = experiment.probe === null ? null : amountProblem(plan, experiment.probe)
  if (amount !== null) return [amount]
  const own = experiment.problems?.(plan) ?? []
  if (own.length > 0) return own
  if (plan.repeat === 'auto' && experiment.probe !== null) {
    const message = `auto goes by throughput, and ${experiment.name} has none; allowed: a number of trials`
    return [{ path: 'repeat', message }]
  }
  const configurations = experiment.configurations(plan).length
  if (configurations === 0) {
    const message = `the experiment has nothing to run with ${plan.models.join(', ')} alone; allowed: threads, processes`
    return [{ path: 'models', message }]
  }
  const trials = configurations * (mostRepetitions(plan) + plan.warmup)
  if (trials <= mostTrials) return []
  const path = plan.repeat === 'auto' ? 'max_repeat' : 'repeat'
  const message = `${trials} trials of ${configurations} configurations are too many; allowed: at most ${mostTrials} trials`
  return [{ path, message }]
}

/** A probe has no tasks of the plan's. The usual duration is in every plan that says nothing of it. */
function amountProblem(
  { tasks, duration_s }: Plan,
  { parameters }: WorkloadDescription,
): Problem | null {
  const path = tasks === null ? 'duration_s' : 'tasks'
  if (tasks === null && duration_s === defaultDurationS) return null
  const names = Object.keys(parameters).join(', ')
  return { path, message: `the experiment brings its own work; allowed: its parameters (${names})` }
}
