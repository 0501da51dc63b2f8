import { type Family, modelTraits, type Runtime } from '../../shared/model/execution-model.ts'
import type { Plan } from '../../shared/model/plan.ts'
import { mostRepetitions } from '../../shared/model/plan-limits.ts'
import type { WorkloadDescription } from '../../shared/model/workload.ts'
import { configurationsOf } from './configurations.ts'

/** A trial that was measured before, with the same workload and parameters. */
export interface KnownTrial {
  readonly runtime: Runtime
  readonly workers: number
  readonly throughput_per_s: number
}

/** What a run takes beside its trials, and a trial beside its work and its workers, in ms: as seen here. */
const runMs = 1000
const trialMs = 320
/** Starting and ending one more worker. */
const workerMs: Readonly<Record<Family, number>> = { inline: 0, threads: 12, processes: 25 }

/**
 * How long a plan will take; one that is repeated until it is precise, at most.
 *
 * @param known the newest trial of the same work in each runtime: one may take a hundred times as long as another
 * @param ownTrialMs what a trial of its experiment takes, where that is known; null where it follows
 *   from the plan
 * @returns ms; null where nothing is known of how long a task takes
 */
export function estimateTime(
  plan: Plan,
  known: readonly KnownTrial[],
  cores: number,
  kind: WorkloadDescription['kind'],
  ownTrialMs: number | 'unknown' | null = null,
): { readonly time_ms: number | null; readonly timeBasis: string } {
  if (ownTrialMs === 'unknown') {
    return {
      time_ms: null,
      timeBasis:
        'With these parameters it has not been tried: after its first trial the time left will be known.',
    }
  }
  if (ownTrialMs !== null) {
    const trials = configurationsOf(plan).length * (mostRepetitions(plan) + plan.warmup)
    return {
      time_ms: runMs + trials * (ownTrialMs + trialMs),
      timeBasis: 'The trials, as they took elsewhere.',
    }
  }
  // What waits is not held up by a lack of cores; of the user's own code it is not known.
  const atOnce = (workers: number) => (kind === 'io' ? workers : Math.min(workers, cores))
  const perTaskMs = (runtime: Runtime) =>
    taskMs(
      known.find((each) => each.runtime === runtime),
      atOnce,
    )
  if (plan.tasks !== null && plan.runtimes.some((runtime) => perTaskMs(runtime) === null)) {
    return {
      time_ms: null,
      timeBasis:
        'This work has not been run here yet: after its first trial the time left will be known.',
    }
  }
  let time = runMs
  for (const { runtime, model, workers } of configurationsOf(plan)) {
    const work =
      plan.tasks === null
        ? (plan.duration_s as number) * 1000
        : (plan.tasks * (perTaskMs(runtime) as number)) / atOnce(workers)
    const starting = (workers * workerMs[modelTraits[model].family]) / Math.min(workers, cores)
    time += (mostRepetitions(plan) + plan.warmup) * (work + trialMs + starting)
  }
  const basis =
    plan.tasks === null
      ? 'The trials, and what starting and ending their workers takes.'
      : 'From how long a task took in earlier runs here.'
  const timeBasis =
    plan.repeat === 'auto' ? `${basis} It ends earlier where it is precise earlier.` : basis
  return { time_ms: time, timeBasis }
}

/** Time of one task of one worker: from the throughput of a trial. */
function taskMs(
  newest: KnownTrial | undefined,
  atOnce: (workers: number) => number,
): number | null {
  if (newest === undefined || newest.throughput_per_s <= 0) return null
  return (1000 * atOnce(newest.workers)) / newest.throughput_per_s
}
