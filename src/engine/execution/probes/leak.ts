import type { FromVictim } from '../partner/victim.ts'

export type MemoryReading = Extract<FromVictim, { readonly type: 'memory' }>

/** Whose memory a leak was, and when it was given back. */
export interface Leak {
  readonly before_bytes: number
  readonly peak_bytes: number
  readonly after_bytes: number
  readonly grown_in_host_bytes: number
  readonly grown_in_worker_bytes: number
  readonly given_back_bytes: number
  /** From the end of the worker; null where most was not given back as long as it was watched. */
  readonly given_back_ms: number | null
}

/** Of what a program grew by, so much has to be back for it to count: the rest is noise of the others. */
const most = 0.9

/**
 * From the resident sets of a program and of its worker processes. Before the leak and after its worker
 * has been replaced they are equally many.
 *
 * @param toldAt when the first worker was told to leak
 * @param endedAt when it was ended
 * @returns null as long as there are not readings enough
 */
export function leakOf(
  readings: readonly MemoryReading[],
  toldAt: number,
  endedAt: number,
): Leak | null {
  const before = readings.findLast(({ at }) => at <= toldAt)
  const leaking = readings.filter(({ at }) => at > toldAt && at <= endedAt)
  const since = readings.filter(({ at }) => at > endedAt)
  const after = since.at(-1)
  if (before === undefined || leaking.length === 0 || after === undefined) return null
  const peak = leaking.reduce((a, b) => (treeBytes(b) > treeBytes(a) ? b : a))
  const enough = treeBytes(peak) - most * (treeBytes(peak) - treeBytes(before))
  const back = since.find((each) => treeBytes(each) <= enough)
  return {
    before_bytes: treeBytes(before),
    peak_bytes: treeBytes(peak),
    after_bytes: treeBytes(after),
    grown_in_host_bytes: peak.hostBytes - before.hostBytes,
    grown_in_worker_bytes: (peak.workerBytes[0] ?? 0) - (before.workerBytes[0] ?? 0),
    given_back_bytes: treeBytes(peak) - treeBytes(after),
    given_back_ms: back === undefined ? null : back.at - endedAt,
  }
}

function treeBytes({ hostBytes, workerBytes }: MemoryReading): number {
  return workerBytes.reduce((sum, each) => sum + each, hostBytes)
}
