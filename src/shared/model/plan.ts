import * as z from 'zod'
import {
  models,
  type Runtime,
  runtimes,
  scalings,
  schedulings,
  startMethods,
  transports,
} from './execution-model.ts'
import { mostInterpreters, planLimits, type Range, samplers } from './plan-limits.ts'
import { shown } from './problem.ts'
import type { WorkloadDescription } from './workload.ts'

export { type SamplerChoice, samplers } from './plan-limits.ts'

/** How a field is written as a flag of the terminal. */
export interface FlagForm {
  /** Name without dashes, and the placeholder of its value. */
  readonly flag: string
  readonly value: string
  readonly about: string
  /** `pairs` is a repeatable `k=v`, `paths` a text that may be given again: commas are part of it. */
  readonly form: 'text' | 'number' | 'texts' | 'numbers' | 'pairs' | 'paths'
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

const schedulerError = allowed('an address as tcp://HOST:PORT or tls://HOST:PORT')
const schedulerAddress = z
  .string(schedulerError)
  .regex(/^(tcp|tls):\/\/([\w.-]{1,255}|\[[0-9a-fA-F:.]{2,45}\]):\d{1,5}$/, schedulerError)

/** Largest number of workers that a plan may ask for; whether they fit the machine is checked apart. */
export const mostWorkers = 4096

/** A name for a run, as its user writes it. */
export const labelSchema = text(10_000)
export const notesSchema = text(100_000)

/**
 * The plan: what to run, how often and how to watch it. This one schema gives the types, the
 * defaults, the flags of the terminal and the texts of the errors.
 */
export const planSchema = z.strictObject(
  {
    workload: z
      .string(allowed('the name of a workload, or the path of a module'))
      .default('primes')
      .meta({
        flag: 'workload',
        value: 'NAME|PATH',
        form: 'text',
        about:
          'what a task does; "corescope workloads" lists them; or the path of a module of your own, as ./my-task.mjs or ./my_task.py: it runs with your rights',
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
    runtimes: listOf(choice(runtimes), runtimes.length, `of ${runtimes.join(', ')}`)
      .default(['node'])
      .meta({
        flag: 'runtime',
        value: 'LIST',
        form: 'texts',
        about: 'what executes the work: node, python, dask; several are run beside each other',
      }),
    interpreters: z
      .array(text(4096), allowed('a list of paths or names of commands'))
      .max(mostInterpreters, allowed(`at most ${mostInterpreters} interpreters`))
      .refine((list) => new Set(list).size === list.length, {
        error: 'something is listed twice; allowed: each once',
      })
      .default([])
      .meta({
        flag: 'interpreter',
        value: 'PATH',
        form: 'paths',
        about:
          'the Python to use, a path or a command as pypy3; repeatable; "corescope interpreters" lists those that are found (default: the first CPython)',
      }),
    models: listOf(choice(models), models.length, `of ${models.join(', ')}`)
      .default(['threads', 'processes'])
      .meta({
        flag: 'models',
        value: 'LIST',
        form: 'texts',
        about:
          'how tasks are executed: inline, threads, processes; in Python also pool, thread-pool, process-pool, interpreters; on a Dask of yours: cluster',
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
    start_methods: listOf(
      choice(startMethods),
      startMethods.length,
      `of ${startMethods.join(', ')}`,
    )
      .default(['spawn'])
      .meta({
        flag: 'start-method',
        value: 'LIST',
        form: 'texts',
        about: 'how Python starts worker processes: spawn, fork, forkserver',
      }),
    transports: listOf(choice(transports), transports.length, `of ${transports.join(', ')}`)
      .default(['pipe'])
      .meta({
        flag: 'transport',
        value: 'LIST',
        form: 'texts',
        about:
          'how the messages of the workload "messages" travel to Python’s processes: pipe, queue, shared-memory',
      }),
    scheduler: schedulerAddress.nullable().default(null).meta({
      flag: 'scheduler',
      value: 'ADDRESS',
      form: 'text',
      about:
        'a Dask scheduler of your own, as tcp://192.0.2.7:8786, for --runtime dask (default: a cluster that is started here)',
    }),
    threads_per_worker: whole(planLimits.threads_per_worker, ' threads')
      .nullable()
      .default(null)
      .meta({
        flag: 'threads-per-worker',
        value: 'T',
        form: 'number',
        about: 'threads of each worker process of a Dask cluster that is started here (default: 1)',
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
    notes: notesSchema.default('').meta({
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

/** What of an experiment a plan can be checked with. */
export interface ExperimentPlan {
  readonly name: string
  /** Its plan where the user says nothing else. */
  readonly plan: PlanDocument
  /** Worker counts where the user gives none: the number of cores, or from 1 to more than there are. */
  readonly workers: 'cores' | 'sweep'
  /**
   * Which Pythons it runs where the user names none: one of each kind that is found, or the usual one,
   * as where it is left out.
   */
  readonly interpreters?: 'all' | 'first'
  /** Where it brings its own work, what that is and what may be set; null where it runs a workload. */
  readonly probe: WorkloadDescription | null
  /** Who can run it. Where it is left out, Node alone runs its probe; without one, whoever has its workload. */
  readonly runtimes?: readonly Runtime[]
}
