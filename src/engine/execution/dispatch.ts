import type { Batch, BatchAnswer, TrialSpec } from './protocol.ts'

/** Longest that the tasks of a batch are to take together, in ms; a worker gives up one that takes longer. */
export const batchMs = 1
/** Most tasks in a batch. */
export const batchTasks = 64

/** A batch for a worker, or null: there is none any more. */
export type Order = readonly [worker: number, batch: Batch | null]

/**
 * Hands out the tasks of a dynamic trial (docs/decisions/0016): the next free worker takes the next
 * tasks. How many of them go into one message is found out for each worker: one at first, then as many
 * as take it 1 ms if each takes as long as the longest of its last batch, at most twice as many as
 * that had, and at most 64. So a task that is worth a message travels alone, and one that was long
 * takes its worker back to single tasks. As the work runs out, nobody gets more than half of an equal
 * share of what is left (factoring: Hummel, Schonberg and Flynn, CACM 35(8), 1992).
 *
 * @param now in ms, on the clock of `releasedAt`
 * @returns takes the answer of a worker, or null with which it begins; gives what is to be sent now, and
 *   to whom. A worker that gets nothing waits: there may be more for it if another gives up a batch.
 */
export function dispatcher(
  work: Pick<TrialSpec, 'workers' | 'tasks' | 'durationMs'>,
  releasedAt: number,
  now: () => number,
): (worker: number, answer: BatchAnswer | null) => readonly Order[] {
  const { workers, tasks, durationMs } = work
  const until = durationMs === null ? Number.POSITIVE_INFINITY : releasedAt + durationMs
  /** In the order in which they are handed out; what has been given up comes first. */
  const waiting: Batch[] = [{ from: 0, to: tasks ?? Number.POSITIVE_INFINITY }]
  const underWay = new Map<number, Batch>()
  const sizes = Array.from({ length: workers }, () => 1)
  let idle: number[] = []

  const take = (worker: number): Batch | null => {
    const [first] = waiting
    if (first === undefined || now() >= until) return null
    const left = waiting.reduce((sum, each) => sum + lengthOf(each), 0)
    const share = Math.max(1, Math.floor(left / (2 * workers)))
    const size = Math.min(sizes[worker] as number, share, lengthOf(first))
    const batch = { from: first.from, to: first.from + size }
    if (size === lengthOf(first)) waiting.shift()
    else waiting[0] = { from: batch.to, to: first.to }
    return batch
  }

  const settle = (worker: number, { checksums, longestMs }: BatchAnswer): void => {
    const batch = underWay.get(worker)
    if (batch === undefined) throw new Error(`worker ${worker} has no tasks under way`)
    underWay.delete(worker)
    const reached = batch.from + checksums.length
    if (reached < batch.to) waiting.unshift({ from: reached, to: batch.to })
    const fitting = Math.floor(batchMs / longestMs)
    sizes[worker] = Math.max(1, Math.min(fitting, 2 * checksums.length, batchTasks))
  }

  return (worker, answer) => {
    if (answer !== null) settle(worker, answer)
    const asking = [...idle, worker]
    idle = []
    const orders: Order[] = []
    for (const each of asking) {
      const batch = take(each)
      if (batch !== null) underWay.set(each, batch)
      orders.push([each, batch])
    }
    const mayComeBack = [...underWay.values()].some((each) => lengthOf(each) > 1)
    if (!mayComeBack) return orders
    idle = orders.filter(([, batch]) => batch === null).map(([each]) => each)
    return orders.filter(([, batch]) => batch !== null)
  }
}

const lengthOf = ({ from, to }: Batch): number => to - from
