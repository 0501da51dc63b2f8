import { setImmediate } from 'node:timers/promises'
import { dayMs, type Thinned } from '../../shared/model/library.ts'
import { overviewSlots, type TimelineData } from '../../shared/timeline.ts'
import type { Storage } from '../storage/storage.ts'
import { sampledTimeline } from './sampled-timeline.ts'

/**
 * Thins the runs that the policy names, in small steps: other work has its turn between them, and what
 * is done stays done wherever it ends.
 *
 * @param mayGoOn asked between the steps
 */
export async function thinOld(storage: Storage, mayGoOn: () => boolean): Promise<Thinned> {
  const { thinning, time } = storage
  const days = storage.within(() => thinning.policy.thin_after_days)
  if (days === null) return { runs: 0, bytes: 0 }
  // A clock that was set ahead thins nothing early.
  const now = time.earliest()
  const before = now - days * dayMs
  let runs = 0
  let bytes = 0
  for (const run of storage.within(() => thinning.thinnable(before))) {
    if (!(await isOverviewed(storage, run.id, mayGoOn))) continue
    for (;;) {
      await setImmediate()
      if (!mayGoOn()) return { runs, bytes }
      if (!storage.within(() => thinning.thinSome(run.id, before, now))) break
    }
    const left = storage.within(() => storage.library.find(run.id))
    if (left === null || left.sample_bytes > 0) continue
    runs++
    bytes += run.sample_bytes
  }
  return { runs, bytes }
}

/**
 * Thins what the policy says and deletes what was put away too long ago, as long as nothing is recorded.
 *
 * @param awayBefore in ms since the epoch
 * @returns whether anything has changed
 */
export async function tidyUp(
  storage: Storage,
  awayBefore: number,
  mayGoOn: () => boolean,
): Promise<boolean> {
  const { keeping } = storage
  const isFree = () => mayGoOn() && storage.within(() => keeping.running()) === null
  let hasChanged = false
  while (isFree()) {
    if (!storage.within(() => keeping.deleteExpired(awayBefore))) break
    hasChanged = true
    await setImmediate()
  }
  const { runs } = await thinOld(storage, isFree)
  return hasChanged || runs > 0
}

/** Makes sure that every trial of a run has its overview; false where one cannot be made. */
async function isOverviewed(
  storage: Storage,
  runId: number,
  mayGoOn: () => boolean,
): Promise<boolean> {
  const { thinning } = storage
  for (const trialId of storage.within(() => thinning.withoutOverview(runId))) {
    await setImmediate()
    if (!mayGoOn()) return false
    const overview = overviewOf(storage, trialId)
    if (overview === null) return false
    storage.within(() => thinning.keepOverview(trialId, overview))
  }
  return true
}

/** Made of a trial's samples; null where they cannot be read: somebody else may, so they stay. */
function overviewOf({ library }: Storage, trialId: number): TimelineData | null {
  try {
    const trial = library.trial(trialId)
    return trial === null ? null : sampledTimeline(library, trialId, trial, overviewSlots)
  } catch {
    return null
  }
}
