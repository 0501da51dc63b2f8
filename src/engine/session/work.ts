import type { Interpreter } from '../../shared/model/interpreter.ts'
import type { Plan } from '../../shared/model/plan.ts'
import { isModulePath, type WorkloadDescription } from '../../shared/model/workload.ts'
import { experimentOf } from '../experiments/catalogue.ts'
import { loadWorkload } from '../workloads/catalogue.ts'
import type { Workload } from '../workloads/workload.ts'
import { configurationsOf } from './configurations.ts'

/** What a plan has done: a workload, or the probe of its experiment. */
export interface Work {
  /** By their names; empty where it is a probe. */
  readonly workloads: ReadonlyMap<string, Workload>
  /** The Pythons that it runs in. */
  readonly interpreters: readonly Interpreter[]
  /** Memory that each worker needs for it, in bytes. */
  readonly memoryOfTask: number
  /** Size of the data that workers share where they can, in bytes; 0 where there is none. */
  readonly sharedData: number
  readonly kind: WorkloadDescription['kind']
  /** What a trial of it takes, or that nobody knows; null where that follows from the plan. */
  readonly trialMs: number | 'unknown' | null
}

/**
 * @param interpreters the Pythons of the plan
 * @param ownModule loads a module of the user's own, by its path
 */
export async function workOf(
  plan: Plan,
  interpreters: readonly Interpreter[],
  ownModule: (path: string) => Promise<Workload>,
): Promise<Work> {
  const experiment = experimentOf(plan)
  if (experiment !== null && experiment.probe !== null) {
    // What a probe holds is told for a whole trial, whatever the workers.
    const memoryOfTask =
      (experiment.memoryBytes?.(plan.parameters) ?? 0) / Math.max(...plan.workers)
    // What was measured elsewhere was measured with the parameters it has by itself.
    const isUsual = Object.entries(experiment.probe.parameters).every(
      ([name, parameter]) => plan.parameters[name] === parameter.default,
    )
    const trialMs = isUsual ? experiment.trialMs : 'unknown'
    return {
      workloads: new Map(),
      interpreters,
      memoryOfTask,
      sharedData: 0,
      kind: experiment.probe.kind,
      trialMs,
    }
  }
  const workloads = new Map<string, Workload>()
  let [memoryOfTask, sharedData] = [0, 0]
  for (const { workload: name, parameters } of configurationsOf(plan, interpreters)) {
    const load = isModulePath(name) ? ownModule : loadWorkload
    const workload = workloads.get(name) ?? (await load(name))
    workloads.set(name, workload)
    memoryOfTask = Math.max(memoryOfTask, workload.memoryBytes(parameters))
    sharedData = Math.max(sharedData, workload.shared?.bytes(parameters) ?? 0)
  }
  const kinds = new Set([...workloads.values()].map(({ kind }) => kind))
  return {
    ...{ workloads, interpreters, memoryOfTask, sharedData },
    // Of several kinds, the one of which least is known.
    kind: kinds.has('own') ? 'own' : kinds.has('cpu') ? 'cpu' : 'io',
    trialMs: experiment?.trialMs ?? null,
  }
}
