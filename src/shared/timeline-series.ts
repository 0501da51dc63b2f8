/* What a timeline holds: each series, how it is laid out, merged, and rounded where it leaves the program. */

/** Joins what a slot holds with one value more; `taken` counts that one in. */
export type Merge = (held: number, next: number, taken: number) => number

export const mean: Merge = (held, next, taken) => held + (next - held) / taken
export const larger: Merge = (held, next) => Math.max(held, next)
export const smaller: Merge = (held, next) => Math.min(held, next)
export const later: Merge = (_, next) => next

export interface TimelineSeries {
  readonly name: SeriesName
  /** Whether there is one of it, or one for each core or worker. */
  readonly of: 'trial' | 'core' | 'worker'
  readonly merge: Merge
  /** After the point. */
  readonly digits: number
}

const seriesByName = {
  t: { of: 'trial', merge: later, digits: 1 },
  busyCores: { of: 'trial', merge: mean, digits: 3 },
  busyCoresLow: { of: 'trial', merge: smaller, digits: 3 },
  busyCoresHigh: { of: 'trial', merge: larger, digits: 3 },
  treeCpu: { of: 'trial', merge: mean, digits: 3 },
  treeCpuLow: { of: 'trial', merge: smaller, digits: 3 },
  treeCpuHigh: { of: 'trial', merge: larger, digits: 3 },
  hostRss: { of: 'trial', merge: larger, digits: 0 },
  hostRssLow: { of: 'trial', merge: smaller, digits: 0 },
  treeRss: { of: 'trial', merge: larger, digits: 0 },
  treeRssLow: { of: 'trial', merge: smaller, digits: 0 },
  treePss: { of: 'trial', merge: larger, digits: 0 },
  treePssLow: { of: 'trial', merge: smaller, digits: 0 },
  treeUss: { of: 'trial', merge: larger, digits: 0 },
  treeUssLow: { of: 'trial', merge: smaller, digits: 0 },
  tasks: { of: 'trial', merge: later, digits: 0 },
  tasksAt: { of: 'trial', merge: later, digits: 1 },
  coreBusy: { of: 'core', merge: mean, digits: 2 },
  coreWorkersBusy: { of: 'core', merge: mean, digits: 2 },
  workerTasks: { of: 'worker', merge: later, digits: 0 },
  workerCpu: { of: 'worker', merge: mean, digits: 2 },
  workerMemory: { of: 'worker', merge: larger, digits: 0 },
} as const satisfies Record<string, Omit<TimelineSeries, 'name'>>

export type SeriesName = keyof typeof seriesByName

export const timelineSeries: readonly TimelineSeries[] = Object.entries(seriesByName).map(
  ([name, series]) => ({ name: name as SeriesName, ...series }),
)

/** Values of a series in each slot. */
export function widthOf(
  { of }: TimelineSeries,
  { cores, workers }: { readonly cores: number; readonly workers: number },
): number {
  return of === 'core' ? cores : of === 'worker' ? workers : 1
}

/**
 * A timeline as plain JSON, to be sent and stored. Null stands for "not read". One that was kept before
 * there was a series lacks it.
 */
export type TimelineData = Readonly<Record<SeriesName, readonly (number | null)[]>> & {
  readonly cores: number
  readonly workers: number
  readonly slotReadings: number
  readonly inLastSlot: number
}
