import type * as z from 'zod'
import { type Runtime, sweepCounts } from './execution-model.ts'
import {
  defaultDurationS,
  type ExperimentPlan,
  type Plan,
  type PlanDocument,
  planSchema,
} from './plan.ts'
import { mostRepetitions, mostTrials, mostWorkerRecords } from './plan-limits.ts'
import { wayProblems, waysOf } from './plan-ways.ts'
import { type Problem, printable, shown } from './problem.ts'
import {
  describeRange,
  isModulePath,
  type ParameterDescription,
  type ParameterValues,
  runtimesOf,
  runtimesOfModule,
  type WorkloadDescription,
  workloadName,
} from './workload.ts'

/**
 * Checks a plan and fills in what it leaves open.
 *
 * @param document what the user gave, as parsed JSON
 * @param workloads the catalogue, for the workload's name and its parameters
 * @param cores the default number of workers
 */
export function parsePlan(
  document: unknown,
  workloads: readonly WorkloadDescription[],
  cores: number,
  experiments: readonly ExperimentPlan[] = [],
): { readonly plan: Plan } | { readonly problems: readonly Problem[] } {
  const { whole, experiment, problems: unknown } = withExperiment(document, experiments)
  const result = planSchema.safeParse(withModels(withRuntime(whole)))
  if (!result.success) return { problems: result.error.issues.map(asProblem) }
  const parsed = result.data
  const problems: Problem[] = [...unknown]

  const probe = experiment?.probe ?? null
  const known = probe === null ? workloads : [probe]
  const workload = known.find(({ name }) => name === parsed.workload)
  if (workload === undefined) {
    const names = known.map(({ name }) => name).join(', ')
    problems.push({
      path: 'workload',
      message:
        probe === null
          ? `${shown(parsed.workload)} is unknown; allowed: ${names}, or the path of a module of your own`
          : `${shown(parsed.workload)} is not allowed: the experiment brings its own work; allowed: ${names}, or nothing`,
    })
  }
  problems.push(...runtimeProblems(parsed.runtimes, workload, known, experiment))
  const tasks = parsed.tasks ?? null
  if (tasks !== null && (parsed.duration_s ?? null) !== null) {
    problems.push({
      path: 'tasks',
      message: 'given together with a duration; allowed: one of the two',
    })
  }
  const parameters: Record<string, number> = {}
  if (workload !== undefined) {
    problems.push(...parameterProblems(workload, parsed.parameters))
    for (const [name, description] of Object.entries(workload.parameters)) {
      parameters[name] = parsed.parameters[name] ?? description.default
    }
  }
  if (problems.length > 0) return { problems }
  const plan: Plan = {
    ...parsed,
    parameters,
    workers: parsed.workers ?? (experiment?.workers === 'sweep' ? sweepCounts(cores) : [cores]),
    tasks,
    duration_s: tasks === null ? (parsed.duration_s ?? defaultDurationS) : null,
  }
  const ways = wayProblems(plan)
  if (ways.length > 0) return { problems: ways }
  const size = sizeProblem(plan)
  return size === null ? { plan } : { problems: [size] }
}

/** What a plan leaves open, as its experiment would have it. */
function withExperiment(
  document: unknown,
  experiments: readonly ExperimentPlan[],
): {
  readonly whole: unknown
  readonly experiment: ExperimentPlan | null
  readonly problems: readonly Problem[]
} {
  const given = (document ?? {}) as PlanDocument
  const name: unknown = typeof document === 'object' ? given.experiment : undefined
  if (typeof name !== 'string') return { whole: document, experiment: null, problems: [] }
  const experiment = experiments.find((each) => each.name === name)
  if (experiment === undefined) {
    const names = experiments.map((each) => each.name).join(', ')
    const message = `${shown(name)} is unknown; allowed: ${names}`
    return { whole: document, experiment: null, problems: [{ path: 'experiment', message }] }
  }
  const { probe } = experiment
  const { tasks, duration_s, ...rest } = experiment.plan
  const hasAmount = (given.tasks ?? null) !== null || (given.duration_s ?? null) !== null
  const amount = hasAmount ? {} : { tasks, duration_s }
  // Its parameters speak of its own workload.
  const isOwn = given.workload === undefined || given.workload === rest.workload
  const parameters = { ...(isOwn ? rest.parameters : {}), ...given.parameters }
  const own = probe === null ? {} : { workload: probe.name }
  return { whole: { ...own, ...rest, ...amount, ...given, parameters }, experiment, problems: [] }
}

/** A module that only Python can load is run by it, where nothing else is said. */
function withRuntime(document: unknown): unknown {
  if (typeof document !== 'object' || document === null) return document
  const { workload, runtimes } = document as PlanDocument
  if (runtimes !== undefined || typeof workload !== 'string' || !isModulePath(workload)) {
    return document
  }
  const [runtime] = runtimesOfModule(workload)
  return { ...document, runtimes: [runtime] }
}

/** On a Dask of the user's own there is one model, which need not be named. */
function withModels(document: unknown): unknown {
  if (typeof document !== 'object' || document === null) return document
  const { models, runtimes, scheduler } = document as PlanDocument
  const isOnlyDask = Array.isArray(runtimes) && runtimes.every((runtime) => runtime === 'dask')
  if (models !== undefined || !isOnlyDask || (scheduler ?? null) === null) return document
  return { ...document, models: ['cluster'] }
}

/** What is asked for of a runtime that it does not have. */
function runtimeProblems(
  asked: readonly Runtime[],
  workload: WorkloadDescription | undefined,
  known: readonly WorkloadDescription[],
  experiment: ExperimentPlan | null,
): Problem[] {
  const by = asked.join(' and ')
  if (experiment !== null) {
    const able = runtimesOf(experiment)
    const without = asked.filter((runtime) => !able.includes(runtime))
    if (without.length > 0) {
      const message = `the experiment ${experiment.name} does not run in ${without.join(', ')}; allowed: ${able.join(', ')}`
      return [{ path: 'runtimes', message }]
    }
  }
  // What a probe does is its experiment's.
  if (workload === undefined || experiment?.probe) return []
  const able = runtimesOf(workload)
  if (asked.every((runtime) => able.includes(runtime))) return []
  if (workload.kind === 'own') {
    const message = `${by} cannot load ${printable(workloadName(workload.name))}; allowed: ${able.join(', ')}`
    return [{ path: 'runtimes', message }]
  }
  const names = known
    .filter((each) => each.kind !== 'own' && asked.every((it) => runtimesOf(each).includes(it)))
    .map(({ name }) => name)
  const message = `${printable(workload.name)} is not there for ${by}; allowed with ${by}: ${names.join(', ')}`
  return [{ path: 'workload', message }]
}

function sizeProblem(plan: Plan): Problem | null {
  const { repeat, warmup } = plan
  const rounds = mostRepetitions(plan) + warmup
  let trials = 0
  let records = 0
  for (const { workers } of waysOf(plan)) {
    trials += rounds
    records += workers * rounds
  }
  if (trials <= mostTrials && records <= mostWorkerRecords) return null
  return {
    path: repeat === 'auto' ? 'max_repeat' : 'repeat',
    message: `${trials} trials of ${records} workers in all are too many; allowed: at most ${mostTrials} trials and ${mostWorkerRecords} workers`,
  }
}

function parameterProblems(workload: WorkloadDescription, given: ParameterValues): Problem[] {
  const problems: Problem[] = []
  for (const [name, value] of Object.entries(given)) {
    const path = `parameters.${name}`
    if (!Object.hasOwn(workload.parameters, name)) {
      const names = Object.keys(workload.parameters).join(', ')
      problems.push({
        path: printable(path),
        message: `unknown to ${printable(workload.name)}; allowed: ${names === '' ? 'none' : names}`,
      })
      continue
    }
    const description = workload.parameters[name] as ParameterDescription
    const { minimum, maximum, whole: isWhole } = description
    if (value < minimum || value > maximum || (isWhole && !Number.isInteger(value))) {
      problems.push({
        path,
        message: `${value} is not allowed; allowed: ${describeRange(description)}`,
      })
    }
  }
  return problems
}

function asProblem(issue: z.core.$ZodIssue): Problem {
  let path = ''
  for (const step of issue.path) {
    path += typeof step === 'number' ? `[${step}]` : `${path === '' ? '' : '.'}${String(step)}`
  }
  return { path: printable(path), message: issue.message }
}
