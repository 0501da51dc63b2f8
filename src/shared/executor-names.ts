import { formatConfiguration } from './format.ts'
import type { Runtime } from './model/execution-model.ts'
import { interpreterName } from './model/interpreter.ts'
import type { Configuration } from './model/run.ts'
import { workloadName } from './model/workload.ts'

type Executed = Pick<Configuration, 'runtime' | 'interpreter'>

/** Runtimes as they are called. */
export const runtimeNames: Readonly<Record<Runtime, string>> = {
  node: 'Node',
  python: 'Python',
  dask: 'Dask',
}

/** Who executes a configuration, in a few words: `Node`, `CPython 3.11.2`, `Dask on CPython 3.11.2`. */
export function executorName({ runtime, interpreter }: Executed): string {
  if (runtime === 'node') return runtimeNames.node
  const name = interpreter === null ? runtimeNames.python : interpreterName(interpreter)
  return runtime === 'dask' ? `${runtimeNames.dask} on ${name}` : name
}

/** Whether a run is executed by more than one program, so that they must be told apart. */
export function hasSeveralExecutors(all: readonly Executed[]): boolean {
  const keys = all.map(({ runtime, interpreter }) => `${runtime} ${interpreter?.path ?? ''}`)
  return new Set(keys).size > 1
}

/** The names of a run's executors, by configuration; two that are named alike have their places with them. */
export function executorNames(
  all: readonly (Executed & Pick<Configuration, 'id'>)[],
): ReadonlyMap<number, string> {
  return new Map(all.map((each) => [each.id, executorNameAmong(each, all)]))
}

/** Who executes a configuration, told from those beside it. */
export function executorNameAmong(each: Executed, all: readonly Executed[]): string {
  const name = executorName(each)
  const path = each.interpreter?.path ?? ''
  const others = all.flatMap((other) =>
    executorName(other) === name && other.interpreter !== null && other.interpreter.path !== path
      ? [other.interpreter.path]
      : [],
  )
  return others.length > 0 ? `${name} (${placeAmong(path, others)})` : name
}

/** Of a path no more is said than this, in letters, as long as that tells it from the others. */
const mostOfPath = 40

/** As much of the end of a path as tells it from others; all of it, where it is short. */
function placeAmong(path: string, others: readonly string[]): string {
  if (path.length <= mostOfPath) return path
  const folders = path.split(/(?=[\\/])/)
  const telling = folders
    .map((_, at) => folders.slice(at).join(''))
    .filter((end) => others.every((other) => !other.endsWith(end)))
  const end = telling.find(({ length }) => length <= mostOfPath) ?? telling.at(-1) ?? path
  return end === path ? path : `…${end}`
}

/**
 * What tells the work of a configuration from that of those beside it, as `CPython 3.11.2, primes`: who
 * executes it and what it does, where these differ.
 */
export function workNameParts(
  each: Executed & Pick<Configuration, 'workload'>,
  all: readonly (Executed & Pick<Configuration, 'workload'>)[],
): readonly string[] {
  return [
    ...(hasSeveralExecutors(all) ? [executorNameAmong(each, all)] : []),
    ...(all.some(({ workload }) => workload !== each.workload)
      ? [workloadName(each.workload)]
      : []),
  ]
}

/** A configuration in words: with who executes it and what it does, where those beside it differ in these. */
export function nameBeside(
  each: Executed & Pick<Configuration, 'workload' | 'model' | 'workers' | 'variant'>,
  all: readonly (Executed & Pick<Configuration, 'workload'>)[],
): string {
  return [...workNameParts(each, all), formatConfiguration(each)].join(', ')
}

/** All that execute a run, on one line; empty where it is Node alone, which goes without saying. */
export function executorWords(all: readonly (Executed & Pick<Configuration, 'id'>)[]): string {
  if (all.every(({ runtime }) => runtime === 'node')) return ''
  return [...new Set(executorNames(all).values())].join(', ')
}
