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
