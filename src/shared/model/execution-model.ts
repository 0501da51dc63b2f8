/* Without the schema library: hosts and workers know these too, and are to start fast. */

export const models = ['inline', 'threads', 'processes'] as const
export type Model = (typeof models)[number]

/** What sets the models apart wherever they are not treated alike. */
export const modelTraits: Readonly<
  Record<Model, { readonly startsWorkers: boolean; readonly separateProcesses: boolean }>
> = {
  inline: { startsWorkers: false, separateProcesses: false },
  threads: { startsWorkers: true, separateProcesses: false },
  processes: { startsWorkers: true, separateProcesses: true },
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
