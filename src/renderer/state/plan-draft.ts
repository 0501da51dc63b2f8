import type { LabDescription } from '../../shared/contract.ts'
import type { Model, Scheduling } from '../../shared/model/execution-model.ts'
import type { PlanDocument } from '../../shared/model/plan.ts'
import type { SamplerChoice } from '../../shared/model/plan-limits.ts'
import { isModulePath } from '../../shared/model/workload.ts'

/** The form's content: everything has a value, also what does not count just now. */
export interface PlanDraft {
  readonly workload: string
  /** Whether the workload is the path of the user's own module, as far as it has been typed. */
  readonly isOwn: boolean
  readonly parameters: Readonly<Record<string, number | null>>
  readonly models: readonly Model[]
  readonly workers: readonly number[]
  readonly amount: 'duration' | 'tasks'
  readonly duration_s: number | null
  readonly tasks: number | null
  /** A number of trials, or as many as it takes to be precise. */
  readonly repetition: 'number' | 'auto'
  readonly repeat: number | null
  readonly max_repeat: number | null
  readonly warmup: number | null
  readonly interval_ms: number | null
  readonly scheduling: Scheduling
  readonly sampler: SamplerChoice
  readonly timeout_s: number | null
  /** Null leaves it to the machine. */
  readonly memory_mib: number | null
  readonly seed: number | null
  readonly label: string
  readonly notes: string
}

/** Tasks that are proposed where a number of them is chosen. */
const proposedTasks = 200

/** Trials that are proposed where a number of them is chosen: enough to say who wins. */
const proposedRepeat = 5

/** The default comparison: what `corescope run` does without flags. */
export function defaultDraft({ defaultPlan }: LabDescription): PlanDraft {
  return {
    ...defaultPlan,
    ...repetitionOf(defaultPlan.repeat),
    isOwn: isModulePath(defaultPlan.workload),
    amount: 'duration',
    tasks: proposedTasks,
  }
}

export function defaultParameters(
  workload: LabDescription['workloads'][number] | undefined,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(workload?.parameters ?? {}).map(([name, each]) => [name, each.default]),
  )
}

/** The plan as the lab is asked for it. What is empty in the form is left for the lab to refuse. */
export function documentOf(draft: PlanDraft): unknown {
  const { amount, duration_s, tasks, repetition, isOwn, ...rest } = draft
  const repeat = repetition === 'auto' ? 'auto' : rest.repeat
  // What is being typed as a path is not taken for a name.
  const workload = isOwn && !isModulePath(rest.workload) ? `./${rest.workload}` : rest.workload
  return { ...rest, workload, repeat, ...(amount === 'duration' ? { duration_s } : { tasks }) }
}

/** A form filled with a plan from a file or of a saved run; what the plan leaves open is as by default. */
export function draftOf(plan: PlanDocument, description: LabDescription): PlanDraft {
  const fallback = defaultDraft(description)
  const name = plan.workload ?? fallback.workload
  const workload = description.workloads.find((each) => each.name === name)
  const given = Object.fromEntries(
    Object.entries(plan).filter(([, value]) => value !== null && value !== undefined),
  )
  return {
    ...fallback,
    ...given,
    ...repetitionOf(plan.repeat ?? fallback.repeat ?? proposedRepeat),
    workload: name,
    isOwn: isModulePath(name),
    parameters: { ...defaultParameters(workload), ...plan.parameters },
    amount: plan.tasks == null ? 'duration' : 'tasks',
  }
}

function repetitionOf(repeat: number | 'auto'): Pick<PlanDraft, 'repetition' | 'repeat'> {
  return repeat === 'auto'
    ? { repetition: 'auto', repeat: proposedRepeat }
    : { repetition: 'number', repeat }
}
