import { type Model, models, modelTraits, type Runtime, workerCounts } from './execution-model.ts'
import { type Interpreter, interpreterName } from './interpreter.ts'
import type { Plan } from './plan.ts'
import type { Problem } from './problem.ts'

type Ways = Pick<
  Plan,
  | 'workload'
  | 'runtimes'
  | 'interpreters'
  | 'models'
  | 'workers'
  | 'start_methods'
  | 'transports'
  | 'scheduler'
  | 'threads_per_worker'
>

/** One way to execute the work of a plan. */
export interface PlannedWay {
  readonly runtime: Runtime
  readonly interpreter: Interpreter | null
  readonly model: Model
  readonly workers: number
  readonly variant: string | null
}

/**
 * Every way of a plan: its models under each runtime that has them, in each of its interpreters, at every
 * number of workers. What a runtime does not have is left out.
 *
 * @param interpreters those of the plan, as they were found; where that is not known yet, some that
 *   can do everything stand for them
 */
export function waysOf(
  plan: Ways,
  interpreters: readonly Interpreter[] = unknownInterpreters(plan),
): PlannedWay[] {
  return plan.runtimes.flatMap((runtime) =>
    interpretersFor(runtime, interpreters).flatMap((interpreter) =>
      plannedModels(runtime, interpreter, plan).flatMap((model) =>
        workerCounts(model, plan.workers).flatMap((workers) =>
          variantsOf(runtime, model, workers, plan).map((variant) => ({
            runtime,
            interpreter,
            model,
            workers,
            variant,
          })),
        ),
      ),
    ),
  )
}

/** Whether a plan needs a Python at all. */
export function needsInterpreter({ runtimes }: Pick<Plan, 'runtimes'>): boolean {
  return runtimes.some((runtime) => runtime !== 'node')
}

function interpretersFor(
  runtime: Runtime,
  interpreters: readonly Interpreter[],
): readonly (Interpreter | null)[] {
  if (runtime === 'node') return [null]
  return runtime === 'dask' ? interpreters.filter(({ dask }) => dask !== null) : interpreters
}

function plannedModels(
  runtime: Runtime,
  interpreter: Interpreter | null,
  plan: Ways,
): readonly Model[] {
  const own = plan.models.filter((model) => has(runtime, model))
  if (runtime === 'python') return own.filter((model) => interpreter?.models.includes(model))
  if (runtime !== 'dask') return own
  // Of a cluster that is there already nobody here decides what it is made of.
  if (plan.scheduler !== null) return [...own.filter((model) => model === 'inline'), 'cluster']
  return own.filter((model) => model !== 'cluster')
}

function variantsOf(
  runtime: Runtime,
  model: Model,
  workers: number,
  plan: Ways,
): readonly (string | null)[] {
  if (runtime === 'dask') return [shapeOfCluster(model, workers, plan)]
  const startsProcesses = runtime === 'python' && modelTraits[model].separateProcesses
  if (!startsProcesses) return [null]
  // Executors have ways of their own to send.
  if (plan.workload !== 'messages' || model !== 'processes') return plan.start_methods
  return plan.start_methods.flatMap((method) =>
    plan.transports.map((transport) => `${method}, ${transport}`),
  )
}

function shapeOfCluster(model: Model, workers: number, plan: Ways): string | null {
  if (model === 'cluster') return plan.scheduler
  const threads = plan.threads_per_worker
  return model === 'processes' && threads !== null ? `${workers / threads} × ${threads}` : null
}

function unknownInterpreters({ interpreters }: Ways): readonly Interpreter[] {
  const paths = interpreters.length === 0 ? ['python3'] : interpreters
  return paths.map((path) => ({
    path,
    implementation: 'Python',
    version: '3',
    gil: true,
    models,
    numpy: '',
    cython: '',
    dask: '',
    compiler: '',
    headers: true,
  }))
}

/** What a plan says of its runtimes that does not go together; what its interpreters lack is not known here. */
export function wayProblems(plan: Ways): Problem[] {
  const { runtimes, scheduler, threads_per_worker: threads } = plan
  const problems: Problem[] = []
  const isCluster = runtimes.includes('dask') && scheduler !== null
  // A cluster that is there already is not made of anything here.
  const canStart = (runtime: Runtime, model: Model) =>
    has(runtime, model) && !(isCluster && runtime === 'dask' && model !== 'inline')
  for (const model of plan.models) {
    if (model === 'cluster' ? isCluster : runtimes.some((each) => canStart(each, model))) continue
    problems.push({ path: 'models', message: whyNotThere(model, plan) })
  }
  if (scheduler !== null && !runtimes.includes('dask')) {
    const message = 'given without Dask; allowed: with the runtime dask'
    problems.push({ path: 'scheduler', message })
  }
  if (threads === null) return problems
  const wrong = (message: string) => problems.push({ path: 'threads_per_worker', message })
  if (!runtimes.includes('dask')) wrong('given without Dask; allowed: with the runtime dask')
  else if (scheduler !== null) wrong('a cluster of your own has its own; allowed: none')
  else if (plan.workers.some((workers) => workers % threads !== 0)) {
    wrong(
      `${plan.workers.join(', ')} workers are not all made of ${threads} threads each; allowed: a number that divides them`,
    )
  }
  return problems
}

/** What a plan asks of its interpreters that none of them has. */
export function interpreterProblems(
  plan: Ways,
  interpreters: readonly Interpreter[],
  platform: string,
): Problem[] {
  const problems: Problem[] = []
  const names = interpreters.map(interpreterName).join(', ')
  if (platform === 'win32' && needsInterpreter(plan)) {
    plan.start_methods.forEach((method, index) => {
      if (method === 'spawn') return
      const message = `Windows has no ${method}; allowed: spawn`
      problems.push({ path: `start_methods[${index}]`, message })
    })
  }
  const ways = waysOf(plan, interpreters)
  plan.models.forEach((model, index) => {
    if (ways.some((way) => way.model === model)) return
    const wanted = model === 'interpreters' ? 'a CPython 3.14 or later' : 'another interpreter'
    const message = `${names} has no ${modelTraits[model].title}; allowed: other models, or ${wanted}`
    problems.push({ path: `models[${index}]`, message })
  })
  return problems
}

function has(runtime: Runtime, model: Model): boolean {
  return modelTraits[model].runtimes.includes(runtime)
}

function whyNotThere(model: Model, { runtimes, scheduler }: Ways): string {
  if (model === 'cluster') {
    return '"cluster" is a Dask of your own; allowed: with the runtime dask and the address of its scheduler'
  }
  if (scheduler !== null && runtimes.includes('dask') && has('dask', model)) {
    return `${model} needs a cluster of Dask that is started here; allowed on one of yours: inline, cluster`
  }
  const allowed = models.filter(
    (each) => each !== 'cluster' && runtimes.some((runtime) => has(runtime, each)),
  )
  const needed = modelTraits[model].runtimes.join(' or ')
  return `${model} needs the runtime ${needed}; allowed with ${runtimes.join(', ')}: ${allowed.join(', ')}`
}
