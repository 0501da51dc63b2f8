/* Without the schema library: hosts and workers know these too, and are to start fast. */

/** What executes the work: each with hosts and workers of its own. */
export const runtimes = ['node', 'python', 'dask'] as const
export type Runtime = (typeof runtimes)[number]

export const models = [
  'inline',
  'threads',
  'processes',
  'pool',
  'thread-pool',
  'process-pool',
  'interpreters',
  'cluster',
] as const
export type Model = (typeof models)[number]

/** The three ways that all models are kinds of: a family has one colour and one sign. */
export const families = ['inline', 'threads', 'processes'] as const
export type Family = (typeof families)[number]

export interface ModelTraits {
  readonly startsWorkers: boolean
  readonly separateProcesses: boolean
  /** Whether they belong to the host's process tree, which is what is sampled. */
  readonly isInTree: boolean
  readonly family: Family
  /** Who has it. */
  readonly runtimes: readonly Runtime[]
  /** As a title, and the words for one of its workers and for several. */
  readonly title: string
  readonly worker: string
  readonly workers: string
}

const thread = {
  startsWorkers: true,
  separateProcesses: false,
  isInTree: true,
  family: 'threads',
} as const
const ofThread = { ...thread, worker: 'thread', workers: 'threads' } as const
const process = {
  startsWorkers: true,
  separateProcesses: true,
  isInTree: true,
  family: 'processes',
} as const
const ofProcess = { ...process, worker: 'process', workers: 'processes' } as const

/** What sets the models apart wherever they are not treated alike. */
export const modelTraits: Readonly<Record<Model, ModelTraits>> = {
  inline: {
    startsWorkers: false,
    separateProcesses: false,
    isInTree: true,
    family: 'inline',
    runtimes,
    title: 'Inline',
    worker: 'inline',
    workers: 'inline',
  },
  threads: { ...ofThread, runtimes, title: 'Threads' },
  processes: { ...ofProcess, runtimes, title: 'Processes' },
  pool: { ...ofProcess, runtimes: ['python'], title: 'multiprocessing.Pool' },
  'thread-pool': { ...ofThread, runtimes: ['python'], title: 'ThreadPoolExecutor' },
  'process-pool': { ...ofProcess, runtimes: ['python'], title: 'ProcessPoolExecutor' },
  interpreters: {
    ...thread,
    runtimes: ['python'],
    title: 'Sub-interpreters',
    worker: 'interpreter',
    workers: 'interpreters',
  },
  cluster: { ...ofProcess, isInTree: false, runtimes: ['dask'], title: 'Cluster' },
}

/** Those that a runtime has. */
export function modelsOf(runtime: Runtime): Model[] {
  return models.filter((model) => modelTraits[model].runtimes.includes(runtime))
}

/** How Python starts its worker processes. */
export const startMethods = ['spawn', 'fork', 'forkserver'] as const
export type StartMethod = (typeof startMethods)[number]

/** How Python's worker processes are sent what they are to work on. */
export const transports = ['pipe', 'queue', 'shared-memory'] as const
export type Transport = (typeof transports)[number]

/** Kernels of `primes` that are compiled, which Python's interpreters run beside the plain one. */
export const kernels = ['cython nogil', 'cython prange', 'ctypes'] as const
export type Kernel = (typeof kernels)[number]

/** The compiled kernel among the words of a variant; null where it is the workload's own. */
export function kernelOf(variant: string | null): Kernel | null {
  return kernels.find((kernel) => variant?.split(', ').includes(kernel)) ?? null
}

export const schedulings = ['static', 'dynamic'] as const
export type Scheduling = (typeof schedulings)[number]

/** What stays the same while workers are added: all the work, or the work of each. */
export const scalings = ['strong', 'weak'] as const
export type Scaling = (typeof scalings)[number]

/** The worker counts that a model is run with: inline there is one worker, whatever the plan says. */
export function workerCounts(model: Model, planned: readonly number[]): readonly number[] {
  return modelTraits[model].startsWorkers ? planned : [1]
}

/** So many counts are told apart on a curve; more only take time. */
const mostCounts = 12

/**
 * Worker counts from 1 to twice the cores (at least 4), each where they are few, else spread evenly by
 * ratio: where a curve bends, in which model, shows beyond the cores as well.
 */
export function sweepCounts(cores: number): number[] {
  const most = Math.max(4, 2 * cores)
  if (most <= mostCounts) return Array.from({ length: most }, (_, index) => index + 1)
  const spread = Array.from({ length: mostCounts }, (_, index) =>
    Math.round(most ** (index / (mostCounts - 1))),
  )
  return [...new Set([...spread, cores])].sort((a, b) => a - b)
}
