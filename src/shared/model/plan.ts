import * as z from 'zod'
import { models, scalings, schedulings, sweepCounts, workerCounts } from './execution-model.ts'
import { mostRepetitions, mostTrials, planLimits, type Range, samplers } from './plan-limits.ts'
import { type Problem, printable, shown } from './problem.ts'
import type { ParameterDescription, ParameterValues, WorkloadDescription } from './workload.ts'

export { type SamplerChoice, samplers } from './plan-limits.ts'

/** How a field is written as a flag of the terminal. */
export interface FlagForm {
  /** Name without dashes, and the placeholder of its value. */
  readonly flag: string
  readonly value: string
  readonly about: string
  /** `pairs` is a repeatable `k=v`. */
  readonly form: 'text' | 'number' | 'texts' | 'numbers' | 'pairs'
}

type ErrorOf = { error: (issue: { readonly input?: unknown }) => string }

const allowed = (what: string): ErrorOf => ({
  error: (issue) => `${shown(issue.input)} is not allowed; allowed: ${what}`,
})

function number({ minimum, maximum }: Range, unit = '') {
  const error = allowed(`a number from ${minimum} to ${maximum}${unit}`)
  return z.number(error).min(minimum, error).max(maximum, error)
}

function whole({ minimum, maximum }: Range, unit = '') {
  const error = allowed(`a whole number from ${minimum} to ${maximum}${unit}`)
  return z.number(error).int(error).min(minimum, error).max(maximum, error)
}

/** A whole number, or one word in its stead. */
function wholeOr<const W extends string>(word: W, { minimum, maximum }: Range) {
  const error = allowed(`${word}, or a whole number from ${minimum} to ${maximum}`)
  const count = z.number(error).int(error).min(minimum, error).max(maximum, error)
  return z.union([z.literal(word, error), count], error)
}

function text(longest: number) {
  const error = {
    error: (issue: { readonly input?: unknown }) =>
      typeof issue.input === 'string'
        ? `${issue.input.length} characters are too many; allowed: at most ${longest}`
        : `${shown(issue.input)} is not allowed; allowed: a text`,
  }
  return z.string(error).max(longest, error)
}

function choice<const T extends readonly [string, ...string[]]>(of: T) {
  return z.enum(of, allowed(of.join(', ')))
}

function listOf<T extends z.ZodType>(item: T, most: number, what: string) {
  const error = allowed(`a list of 1 to ${most} ${what}`)
  return z
    .array(item, error)
    .min(1, error)
    .max(most, error)
    .refine((list) => new Set(list).size === list.length, {
      error: 'something is listed twice; allowed: each once',
    })
}

/** Largest number of workers that a plan may ask for; whether they fit the machine is checked apart. */
export const mostWorkers = 4096

/** A name for a run, as its user writes it. */
export const labelSchema = text(10_000)

/**
 * The plan: what to run, how often and how to watch it. This one schema gives the types, the
 * defaults, the flags of the terminal and the texts of the errors.
 */
const planSchema = z.strictObject(
  {
    workload: z
      .string(allowed('the name of a workload, or the path of a module'))
      .default('primes')
      .meta({
        flag: 'workload',
        value: 'NAME|PATH',
        form: 'text',
        about:
          'what a task does; "corescope workloads" lists them; or the path of a module of your own, as ./my-task.mjs: it runs with your rights',
      }),
    parameters: z
      .record(z.string(), z.number(allowed('a number')), allowed('an object of numbers'))
      .default({})
      .meta({
        flag: 'param',
        value: 'k=v',
        form: 'pairs',
        about: 'a parameter of the workload; repeatable',
      }),
    experiment: z.string(allowed('the name of an experiment')).nullish().default(null).meta({
      flag: 'experiment',
      value: 'NAME',
      form: 'text',
      about: 'what to show with it; "corescope experiment" lists them',
    }),
    models: listOf(choice(models), models.length, `of ${models.join(', ')}`)
      .default(['threads', 'processes'])
      .meta({
        flag: 'models',
        value: 'LIST',
        form: 'texts',
        about: 'how tasks are executed: inline, threads, processes',
      }),
    workers: listOf(whole({ minimum: 1, maximum: mostWorkers }), 64, 'worker counts')
      .optional()
      .meta({
        flag: 'workers',
        value: 'LIST',
        form: 'numbers',
        about: 'worker counts to compare, as 1,2,4 (default: the number of cores)',
      }),
    tasks: whole(planLimits.tasks, ' tasks').nullish().meta({
      flag: 'tasks',
      value: 'N',
      form: 'number',
      about: 'a fixed number of tasks for each trial',
    }),
    duration_s: number(planLimits.duration_s, ' s').nullish().meta({
      flag: 'duration',
      value: 'S',
      form: 'number',
      about: 'or as many tasks as fit in S seconds (default: 2)',
    }),
    repeat: wholeOr('auto', planLimits.repeat).default(3).meta({
      flag: 'repeat',
      value: 'R',
      form: 'number',
      about:
        'trials of each configuration; auto: until the ratios of throughput are known within 3 %',
    }),
    max_repeat: whole(planLimits.max_repeat).default(30).meta({
      flag: 'max-repeat',
      value: 'R',
      form: 'number',
      about: 'the most trials of each configuration under --repeat auto',
    }),
    warmup: whole(planLimits.warmup).default(1).meta({
      flag: 'warmup',
      value: 'W',
      form: 'number',
      about: 'trials of each configuration that are run first and not counted',
    }),
    scheduling: choice(schedulings).default('static').meta({
      flag: 'scheduling',
      value: 'HOW',
      form: 'text',
      about: 'static: equal chunks; dynamic: the next free worker takes the next task',
    }),
    scaling: choice(scalings).default('strong').meta({
      flag: 'scaling',
      value: 'HOW',
      form: 'text',
      about: 'tasks of a sweep: strong: as many in all; weak: as many for each worker',
    }),
    interval_ms: whole(planLimits.interval_ms, ' ms').default(250).meta({
      flag: 'interval',
      value: 'MS',
      form: 'number',
      about: 'time between two samples',
    }),
    sampler: choice(samplers).default('auto').meta({
      flag: 'sampler',
      value: 'NAME',
      form: 'text',
      about: 'what reads the machine: proc (Linux), systeminformation, or auto: the best there is',
    }),
    timeout_s: number(planLimits.timeout_s, ' s').default(600).meta({
      flag: 'timeout',
      value: 'S',
      form: 'number',
      about:
        'the longest that a trial may take beyond its planned duration; then it is ended and kept as failed',
    }),
    memory_mib: whole(planLimits.memory_mib, ' MiB').nullable().default(null).meta({
      flag: 'max-memory',
      value: 'MIB',
      form: 'number',
      about:
        'the most memory that a trial may hold; then it is ended (default: nine tenths of what can be had)',
    }),
    seed: whole(planLimits.seed).default(1).meta({
      flag: 'seed',
      value: 'S',
      form: 'number',
      about: 'seed of the order of trials and of the data that tasks work on',
    }),
    label: labelSchema.default('').meta({
      flag: 'label',
      value: 'TEXT',
      form: 'text',
      about: 'a name for the run',
    }),
    notes: text(100_000).default('').meta({
      flag: 'notes',
      value: 'TEXT',
      form: 'text',
      about: 'anything worth keeping with the run',
    }),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown: ${(issue.keys as string[]).map(shown).join(', ')}; allowed: ${planKeys().join(', ')}`
        : `${shown(issue.input)} is not allowed; allowed: an object with ${planKeys().join(', ')}`,
  },
)

function planKeys(): string[] {
  return Object.keys(planSchema.shape)
}

type Parsed = z.infer<typeof planSchema>

/** A plan as a user writes it: every field may be left out. */
export type PlanDocument = Partial<z.input<typeof planSchema>>

/** A plan with everything decided. Exactly one of `tasks` and `duration_s` is a number. */
export interface Plan extends Readonly<Omit<Parsed, 'workers' | 'tasks' | 'duration_s'>> {
  readonly workers: readonly number[]
  readonly tasks: number | null
  readonly duration_s: number | null
}

/** The flags of the terminal, in the order of the schema, with the default as a text where there is one. */
export function planFlags(): readonly (FlagForm & { key: keyof Plan; default: string | null })[] {
  const defaults = planSchema.parse({}) as Record<string, unknown>
  return Object.entries(planSchema.shape).map(([key, schema]) => {
    const value = defaults[key]
    const isShown = value !== undefined && value !== null && value !== '' && key !== 'parameters'
    return {
      ...(schema.meta() as unknown as FlagForm),
      key: key as keyof Plan,
      default: isShown ? String(value) : null,
    }
  })
}

/** Where a plan says nothing of the amount of work, in s. */
export const defaultDurationS = 2

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
  const result = planSchema.safeParse(whole)
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
  const size = sizeProblem(plan)
  return size === null ? { plan } : { problems: [size] }
}

/** What of an experiment a plan can be checked with. */
export interface ExperimentPlan {
  readonly name: string
  /** Its plan where the user says nothing else. */
  readonly plan: PlanDocument
  /** Worker counts where the user gives none: the number of cores, or from 1 to more than there are. */
  readonly workers: 'cores' | 'sweep'
  /** Where it brings its own work, what that is and what may be set; null where it runs a workload. */
  readonly probe: WorkloadDescription | null
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

/** Workers of all trials together: more would not fit either. */
const mostWorkerRecords = 250_000

function sizeProblem(plan: Plan): Problem | null {
  const { models: chosen, workers, repeat, warmup } = plan
  const rounds = mostRepetitions(plan) + warmup
  let trials = 0
  let records = 0
  for (const model of chosen) {
    const counts = workerCounts(model, workers)
    trials += counts.length * rounds
    records += counts.reduce((sum, count) => sum + count, 0) * rounds
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

/** The values that a parameter may take, in words. */
export function describeRange({ minimum, maximum, whole: isWhole, unit }: ParameterDescription) {
  return `a ${isWhole ? 'whole ' : ''}number from ${minimum} to ${maximum} (${unit})`
}

function asProblem(issue: z.core.$ZodIssue): Problem {
  let path = ''
  for (const step of issue.path) {
    path += typeof step === 'number' ? `[${step}]` : `${path === '' ? '' : '.'}${String(step)}`
  }
  return { path: printable(path), message: issue.message }
}
