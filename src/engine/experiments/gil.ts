import { kernels } from '../../shared/model/execution-model.ts'
import type { Interpreter } from '../../shared/model/interpreter.ts'
import type { Plan } from '../../shared/model/plan.ts'
import { type PlannedWay, waysOf } from '../../shared/model/plan-ways.ts'
import type { Problem } from '../../shared/model/problem.ts'
import type { PlannedConfiguration } from '../../shared/model/run.ts'
import { executorOf } from '../analysis/executor.ts'
import type { Experiment } from './experiment.ts'
import { gilFindings } from './gil-findings.ts'
import { fewestWaiting, type LockWork, lacksFor, lockWorks } from './gil-work.ts'

const gil: Experiment = {
  name: 'gil',
  title: 'One lock, or none',
  question: 'What does the interpreter’s lock do to threads, and what gets round it?',
  lookFor:
    'The cores that threads use. Under the lock they take turns at computing in Python, whatever their number; they do not where native code lets go of it, where they wait, and where there is none. Processes have a lock each.',
  plan: {
    workload: 'primes',
    parameters: { n: 20_000 },
    runtimes: ['node', 'python'],
    models: ['inline', 'threads', 'processes'],
    duration_s: 0.5,
    repeat: 5,
    warmup: 0,
  },
  workers: 'cores',
  interpreters: 'all',
  runtimes: ['node', 'python'],
  trialMs: null,
  probe: null,
  configurations,
  findings: gilFindings,
  problems,
}

export default gil

/** Each kind of work under each model, and what is compiled, by one executor after another. */
function configurations(plan: Plan, interpreters?: readonly Interpreter[]): PlannedConfiguration[] {
  const ways = waysOf(plan, interpreters)
  const byExecutor = Map.groupBy(ways, (way) => executorOf(way)).values()
  return [...byExecutor].flatMap((own) => {
    const plain = lockWorks.flatMap((work) => own.flatMap((way) => asPlanned(plan, work, way)))
    return [...plain, ...compiled(plan, own)]
  })
}

function asPlanned(plan: Plan, work: LockWork, way: PlannedWay): PlannedConfiguration {
  const isMany = work.kind === 'waiting' && way.model !== 'inline'
  return {
    ...way,
    workload: work.workload,
    parameters: work.parameters ?? plan.parameters,
    scheduling: plan.scheduling,
    workers: isMany ? Math.max(fewestWaiting, way.workers) : way.workers,
  }
}

/** The computing once more in kernels that are compiled, where there is what compiles them. */
function compiled(plan: Plan, ways: readonly PlannedWay[]): PlannedConfiguration[] {
  const [computing] = lockWorks
  return kernels.flatMap((kernel) =>
    ways.flatMap(({ interpreter, ...way }) => {
      const isThere =
        way.runtime === 'python' &&
        interpreter !== null &&
        lacksFor(kernel, interpreter).length === 0
      // What starts threads of its own is not given to several workers.
      const isWanted =
        way.model === 'inline' || (way.model === 'threads' && kernel !== 'cython prange')
      if (!isThere || !isWanted || computing === undefined) return []
      return [asPlanned(plan, computing, { ...way, interpreter, variant: kernel })]
    }),
  )
}

function problems({ workload, models, workers, tasks, scaling }: Plan): Problem[] {
  const found: Problem[] = []
  if (workload !== 'primes') {
    const message = `${workload} is not what it compares; allowed: primes, beside which it runs sha256 and sleep`
    found.push({ path: 'workload', message })
  }
  if (!models.includes('inline') || models.length === 1) {
    const message = 'speed-up is over inline; allowed: inline and another'
    found.push({ path: 'models', message })
  }
  if (workers.length > 1) {
    const message = 'one picture has one number of workers; allowed: one, as 4'
    found.push({ path: 'workers', message })
  }
  if (tasks !== null) {
    const message = 'its kinds of work take differently long; allowed: a duration'
    found.push({ path: 'tasks', message })
  }
  if (scaling === 'weak') {
    found.push({ path: 'scaling', message: 'weak is of a number of tasks; allowed: strong' })
  }
  return found
}
