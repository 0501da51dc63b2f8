import type { LabDescription } from '../../shared/contract.ts'
import {
  type Model,
  models,
  modelTraits,
  type Runtime,
  type Scaling,
  type Scheduling,
  type StartMethod,
  type Transport,
} from '../../shared/model/execution-model.ts'
import type { ExperimentDescription } from '../../shared/model/experiment.ts'
import type { PlanDocument } from '../../shared/model/plan.ts'
import type { SamplerChoice } from '../../shared/model/plan-limits.ts'
import {
  isModuleFile,
  isModulePath,
  runtimesOfModule,
  type WorkloadDescription,
} from '../../shared/model/workload.ts'
import { experimentOf } from './experiments.ts'

/** The form's content: everything has a value, also what does not count just now. */
export interface PlanDraft {
  /** By its name; null where two ways of running are compared and no more. */
  readonly experiment: string | null
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
  readonly runtimes: readonly Runtime[]
  /** Paths or commands; empty leaves the choice to the lab. */
  readonly interpreters: readonly string[]
  readonly start_methods: readonly StartMethod[]
  readonly transports: readonly Transport[]
  /** Address of a Dask of the user's own; null where one is started here. */
  readonly scheduler: string | null
  readonly threads_per_worker: number | null
  readonly scaling: Scaling
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

/** What a draft's work is: the probe of its experiment, or else a workload. */
export function workOf(
  description: LabDescription,
  experiment: ExperimentDescription | null,
  workload: string,
): WorkloadDescription | undefined {
  return experiment?.probe ?? description.workloads.find(({ name }) => name === workload)
}

/** The same without its experiment; what a probe did is done by the default workload. */
export function withoutExperiment(draft: PlanDraft, description: LabDescription): PlanDraft {
  const free = { ...draft, experiment: null, label: '', notes: '' }
  if (experimentOf(description, draft)?.probe == null) return free
  const { workload, parameters, tasks, duration_s } = description.defaultPlan
  return {
    ...free,
    ...{ workload, parameters, duration_s },
    tasks: tasks ?? proposedTasks,
    amount: tasks === null ? 'duration' : 'tasks',
  }
}

/**
 * The same in other runtimes: with those of its models that one of them has, and with some for each of them
 * that would have none.
 */
export function withRuntimes(draft: PlanDraft, runtimes: readonly Runtime[]): PlanDraft {
  const { scheduler } = draft
  const own = draft.models.filter((model) =>
    runtimes.some((runtime) => hasModel(runtime, model, scheduler)),
  )
  const added = runtimes.flatMap((runtime): readonly Model[] => {
    // A cluster that is there already is all that Dask then has workers in.
    if (runtime === 'dask' && scheduler !== null) return ['cluster']
    return own.some((model) => hasModel(runtime, model, scheduler)) ? [] : ['threads', 'processes']
  })
  const wanted = [...own, ...added]
  return { ...draft, runtimes, models: models.filter((model) => wanted.includes(model)) }
}

/** Whether a runtime can be asked for a model, Dask at the address of a scheduler or without one. */
export function hasModel(runtime: Runtime, model: Model, scheduler: string | null): boolean {
  if (runtime === 'dask' && scheduler !== null) return model === 'inline' || model === 'cluster'
  return model !== 'cluster' && modelTraits[model].runtimes.includes(runtime)
}

/** The same with a module of the user's own: one that Node cannot load runs in Python, and the reverse. */
export function withModule(draft: PlanDraft, path: string): PlanDraft {
  // Before its end is typed nothing is known of it.
  const able = isModuleFile(path) ? runtimesOfModule(path) : draft.runtimes
  const runtimes = draft.runtimes.filter((runtime) => able.includes(runtime))
  return {
    ...withRuntimes(draft, runtimes.length > 0 ? runtimes : able.slice(0, 1)),
    workload: path,
  }
}

/** The plan as the lab is asked for it. What is empty in the form is left for the lab to refuse. */
export function documentOf(draft: PlanDraft): unknown {
  const { amount, duration_s, tasks, repetition, isOwn, ...rest } = draft
  const repeat = repetition === 'auto' ? 'auto' : rest.repeat
  // What is being typed as a path is not taken for a name.
  const workload = isOwn && !isModulePath(rest.workload) ? `./${rest.workload}` : rest.workload
  // What is chosen for a runtime that is not stays in the form alone.
  const isInPython = rest.runtimes.some((runtime) => runtime !== 'node')
  const ofBoth = isInPython ? {} : { interpreters: [] }
  const ofPython = rest.runtimes.includes('python')
    ? {}
    : { start_methods: undefined, transports: undefined }
  const isWithDask = rest.runtimes.includes('dask')
  const ofDask = {
    ...(!isWithDask && { scheduler: null }),
    ...((!isWithDask || rest.scheduler !== null) && { threads_per_worker: null }),
  }
  return {
    ...rest,
    ...ofBoth,
    ...ofPython,
    ...ofDask,
    workload,
    repeat,
    ...(amount === 'duration' ? { duration_s } : { tasks }),
  }
}

/** A form filled with a plan from a file or of a saved run; what the plan leaves open is as by default. */
export function draftOf(plan: PlanDocument, description: LabDescription): PlanDraft {
  const fallback = defaultDraft(description)
  const name = plan.workload ?? fallback.workload
  const experiment = experimentOf(description, { experiment: plan.experiment ?? null })
  const workload = workOf(description, experiment, name)
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
