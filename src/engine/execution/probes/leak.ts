import type { Observations } from '../../../shared/model/experiment.ts'
import type { FromVictim } from '../partner/victim.ts'

export type MemoryReading = Extract<FromVictim, { readonly type: 'memory' }>

/** So much of what was leaked may still be missing where it counts as given back. */
const nearlyAll = 0.1

/**
 * Whose memory a leak was, and when it was given back: from the resident sets of a program and of its
 * worker processes. Before and after it they are equally many.
 *
 * @param readings the first of them before the leak, the last after its worker has been replaced
 * @param toldAt when the first worker was told to leak
 * @param endedAt when it was ended
 */
export function leakOf(
  readings: readonly MemoryReading[],
  toldAt: number,
  endedAt: number,
): Observations {
  const leaking = readings.filter(({ at }) => at <= endedAt)
  const before = readings.findLast(({ at }) => at <= toldAt)
  const peak = leaking.at(-1)
  const after = readings.at(-1)
  if (before === undefined || peak === undefined || after === undefined || after === peak) {
    throw new Error('the memory of the victim could not be read')
  }
  const most = leaking.reduce((a, b) => (treeBytes(b) > treeBytes(a) ? b : a))
  const enough = treeBytes(after) + nearlyAll * (treeBytes(most) - treeBytes(after))
  const back = readings.find((each) => each.at > endedAt && treeBytes(each) <= enough)
  return {
    before_bytes: treeBytes(before),
    peak_bytes: treeBytes(most),
    after_bytes: treeBytes(after),
    grown_in_host_bytes: most.hostBytes - before.hostBytes,
    grown_in_worker_bytes: (most.workerBytes[0] ?? 0) - (before.workerBytes[0] ?? 0),
    given_back_bytes: treeBytes(most) - treeBytes(after),
    given_back_ms: back === undefined ? null : back.at - endedAt,
  }
}

function treeBytes({ hostBytes, workerBytes }: MemoryReading): number {
  return workerBytes.reduce((sum, each) => sum + each, hostBytes)
}
