import type { HeatChart, Line } from './model/chart.ts'
import type { TimelineData } from './timeline.ts'

/* A trial over time as what charts draw, with 0 at the release of the barrier. */

/** A trial over time, and when its barrier was released: ms from its start, null where that was not reached. */
export interface ReleasedTimeline {
  readonly timeline: TimelineData
  readonly releasedMs: number | null
}

/** A line but for what tells it from others. */
export type LineShape = Pick<Line, 'x' | 'y' | 'low' | 'high'>

/** Busy cores of the whole machine; in cores. */
export function busyCoresLine({ timeline, releasedMs }: ReleasedTimeline): LineShape {
  const { t, busyCores, busyCoresLow, busyCoresHigh } = timeline
  return {
    x: aligned(t, releasedMs),
    y: busyCores,
    low: busyCoresLow ?? null,
    high: busyCoresHigh ?? null,
  }
}

/** Memory of host and workers: proportional where it is known, else resident; in bytes. */
export function memoryLine({ timeline, releasedMs }: ReleasedTimeline): LineShape {
  const { t, treePss, treePssLow, treeRss, treeRssLow } = timeline
  const isProportional = treePss?.some((bytes) => bytes !== null) ?? false
  // A slot shows the largest of its readings.
  const y = isProportional ? treePss : treeRss
  const low = isProportional ? treePssLow : treeRssLow
  return { x: aligned(t, releasedMs), y, low: low ?? null, high: low === undefined ? null : y }
}

/** Tasks done since the release over the time they took; in tasks/s. Before the release there is none. */
export function throughputLine({ timeline, releasedMs }: ReleasedTimeline): LineShape {
  const { t, tasks, tasksAt } = timeline
  const y = t.map((_, slot) => {
    const [done, at] = [tasks[slot], tasksAt?.[slot]]
    if (releasedMs === null || done == null || at == null) return null
    return at > releasedMs && done > 0 ? (done * 1000) / (at - releasedMs) : null
  })
  return { x: aligned(t, releasedMs), y, low: null, high: null }
}

/** How busy each core was, and what of it was the work of the trial's own workers. */
export function coreRows({
  timeline,
  releasedMs,
}: ReleasedTimeline): Pick<HeatChart, 'slots' | 'end' | 'rows'> {
  const { t, cores, coreBusy, coreWorkersBusy } = timeline
  const ends = aligned(t, releasedMs)
  const ofCore = (shares: readonly (number | null)[], core: number) =>
    ends.map((_, slot) => shares[slot * cores + core] ?? null)
  const isAttributed = coreWorkersBusy?.some((share) => share !== null) ?? false
  return {
    // A slot is told by its last reading: it begins where the one before it ends.
    slots: ends.map((end, slot) => ends[slot - 1] ?? end - ((ends[1] ?? end) - (ends[0] ?? end))),
    end: ends.at(-1) ?? 0,
    rows: Array.from({ length: cores }, (_, core) => ({
      name: `core ${core}`,
      shares: ofCore(coreBusy, core),
      ownShares: isAttributed ? ofCore(coreWorkersBusy, core) : null,
    })),
  }
}

function aligned(t: readonly (number | null)[], releasedMs: number | null): number[] {
  return t.map((ms) => (ms ?? 0) - (releasedMs ?? 0))
}
