import { executorNames } from '../../../shared/executor-names.ts'
import { type Model, modelTraits } from '../../../shared/model/execution-model.ts'
import type { Configuration } from '../../../shared/model/run.ts'
import { workloadName } from '../../../shared/model/workload.ts'

/** The configurations that one column shows, one at a time: one way to execute, with any number of workers. */
export interface ColumnGroup {
  readonly key: string
  readonly model: Model
  /** Who executes it; null in a run of Node alone, where nobody asks. */
  readonly executor: string | null
  readonly configurations: readonly Configuration[]
}

/** What a column is called, in its parts: the second line has the room. */
export interface ColumnTitle {
  readonly executor: string | null
  readonly name: string
  /** Of its workers; null where they are not counted. */
  readonly times: number | null
  readonly variant: string | null
}

/**
 * A column for each model of each runtime and interpreter; in Python also for each start method, transport
 * and kernel, which are what one compares there. The variants of Node's experiments share a column.
 */
export function columnGroups(configurations: readonly Configuration[]): readonly ColumnGroup[] {
  const names = executorNames(configurations)
  const isNodeAlone = configurations.every(({ runtime }) => runtime === 'node')
  return [...Map.groupBy(configurations, keyOf)].flatMap(([key, own]) => {
    const [first] = own
    if (first === undefined) return []
    const executor = isNodeAlone ? null : (names.get(first.id) ?? null)
    return [{ key, model: first.model, executor, configurations: own }]
  })
}

function keyOf({ runtime, interpreter, model, variant }: Configuration): string {
  return JSON.stringify([
    runtime,
    interpreter?.path ?? null,
    model,
    runtime === 'python' ? variant : null,
  ])
}

export function columnTitle(
  { model, executor }: Pick<ColumnGroup, 'model' | 'executor'>,
  { workers, runtime, variant }: Pick<Configuration, 'workers' | 'runtime' | 'variant'>,
): ColumnTitle {
  const { startsWorkers, title } = modelTraits[model]
  return {
    executor,
    name: title,
    times: startsWorkers ? workers : null,
    variant: runtime === 'node' ? null : variant,
  }
}

/** On one line, as `CPython 3.11.2 · Processes × 2, spawn`. */
export function titleWords({ executor, name, times, variant }: ColumnTitle): string {
  const words = `${name}${times === null ? '' : ` × ${times}`}${variant === null ? '' : `, ${variant}`}`
  return executor === null ? words : `${executor} · ${words}`
}

/** The workloads of a run, where it has several. */
export function worksOf(configurations: readonly Configuration[]): readonly string[] {
  return [...new Set(configurations.map(({ workload }) => workload))]
}

/** Those that do the work that is looked at; all where there is but one. */
export function ofWork(
  configurations: readonly Configuration[],
  work: string | null,
): readonly Configuration[] {
  const own = configurations.filter(({ workload }) => workload === work)
  return own.length > 0 ? own : configurations
}

export function workTitle(work: string): string {
  return workloadName(work)
}
