import type { Runtime } from './execution-model.ts'

/** What a workload says of itself: enough for a form, a flag, a help text and a check of its parameters. */
export interface WorkloadDescription {
  /** Of a module of the user's own: its path. */
  readonly name: string
  /** `cpu`: keeps a core busy. `io`: mostly waits. `own`: the user's own code, of which nothing is known. */
  readonly kind: 'cpu' | 'io' | 'own'
  /** One line: what a task does and what the workload shows. */
  readonly description: string
  readonly parameters: Readonly<Record<string, ParameterDescription>>
  /** What can execute it; Node alone where it is left out. */
  readonly runtimes?: readonly Runtime[]
}

const nodeAlone: readonly Runtime[] = ['node']

/** What can execute a workload, or an experiment. */
export function runtimesOf({
  runtimes = nodeAlone,
}: {
  readonly runtimes?: readonly Runtime[]
}): readonly Runtime[] {
  return runtimes
}

export interface ParameterDescription {
  readonly description: string
  readonly unit: string
  /** Smallest and largest value allowed, both included. */
  readonly minimum: number
  readonly maximum: number
  readonly default: number
  /** Whether only whole numbers make sense. */
  readonly whole: boolean
}

export type ParameterValues = Readonly<Record<string, number>>

/** Whether a workload is no name but the path of a module of the user's own. */
export function isModulePath(workload: string): boolean {
  return /[\\/]/.test(workload) || isModuleFile(workload)
}

/** What the file of a module ends in, after the last dot. */
export const moduleExtensions = ['mjs', 'js', 'cjs', 'mts', 'ts', 'cts', 'py'] as const

/** Whether it ends as the file of a module does, by which is known what can execute it. */
export function isModuleFile(path: string): boolean {
  const end = path.toLowerCase()
  return moduleExtensions.some((extension) => end.endsWith(`.${extension}`))
}

/** What can execute a module of the user's own, by the end of its path. */
export function runtimesOfModule(path: string): readonly Runtime[] {
  return isPythonModule(path) ? ['python', 'dask'] : nodeAlone
}

/** Of such a path, whether the module is written in Python. */
export function isPythonModule(path: string): boolean {
  return /\.py$/i.test(path)
}

/** A workload as it is shown: the file of a path, or the name as it is. */
export function workloadName(workload: string): string {
  return isModulePath(workload) ? (workload.split(/[\\/]/).at(-1) ?? workload) : workload
}

/** The values that a parameter may take, in words. */
export function describeRange({ minimum, maximum, whole: isWhole, unit }: ParameterDescription) {
  return `a ${isWhole ? 'whole ' : ''}number from ${minimum} to ${maximum} (${unit})`
}
