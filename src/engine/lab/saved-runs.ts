import type { SavedTimeline } from '../../shared/contract.ts'
import type { Comparison } from '../../shared/model/comparison.ts'
import type { Findings } from '../../shared/model/findings.ts'
import type { ConfigurationSummary, Run } from '../../shared/model/run.ts'
import type { Sample } from '../../shared/model/sample.ts'
import type { DatabaseConnection } from './database-connection.ts'
import { noSuchRun, noSuchTrial } from './missing.ts'

/** One saved run: what was kept of it, and what follows from its trials. */
export class SavedRuns {
  readonly #connection: DatabaseConnection

  constructor(connection: DatabaseConnection) {
    this.#connection = connection
  }

  /** @param id a run's number, or `last` */
  run(id: number | 'last'): Promise<Run> {
    return this.#connection.read(({ library, keeping, opened }) => {
      const number = id === 'last' ? library.newest() : id
      const run = number === null ? null : library.read(number)
      if (run === null) {
        throw noSuchRun(id, opened.path, number !== null && keeping.isAway(number))
      }
      return run
    })
  }

  /** Samples of a trial, `t_ms` from the release of the barrier. */
  samples(trialId: number): Promise<Sample[]> {
    return this.#connection.read(({ library }) => [...library.samples(trialId)])
  }

  /**
   * A trial over time: as a screen can show it, or within bounds as finely as it was sampled.
   *
   * @param bounds in ms from the release of the barrier, or from the start of the trial where that was
   *   not reached
   */
  async timeline(
    trialId: number,
    bounds: { readonly from_ms?: number | undefined; readonly to_ms?: number | undefined } = {},
  ): Promise<SavedTimeline> {
    const { sampledTimeline } = await import('./sampled-timeline.ts')
    return this.#connection.read(({ library, opened }) => {
      const trial = library.trial(trialId)
      if (trial === null) throw noSuchTrial(trialId, opened.path)
      const releasedMs = trial.released_ms
      const isWhole = bounds.from_ms === undefined && bounds.to_ms === undefined
      // Where its samples were thinned, there is nothing finer.
      const isAll = isWhole || trial.thinned_at !== null
      const overview = isAll ? library.overview(trialId) : null
      if (overview !== null) return { timeline: overview, releasedMs }
      const origin = releasedMs ?? 0
      const span = {
        // Some before it, so that what was told last before the span is known in it.
        from: (bounds.from_ms ?? -Infinity) + origin - leadMs,
        to: (bounds.to_ms ?? Infinity) + origin,
      }
      return { timeline: sampledTimeline(library, trialId, trial, detailSlots, span), releasedMs }
    })
  }

  /** Median and spread of every figure, by configuration. */
  async summarize(run: Run): Promise<ConfigurationSummary[]> {
    const { summarizeRun } = await import('../analysis/statistics.ts')
    return summarizeRun(run)
  }

  /** The models of a run beside each other, in figures and in words. */
  async compare(run: Run): Promise<Comparison> {
    const { compareModels } = await import('../analysis/comparison.ts')
    return compareModels(run)
  }

  /** What an experiment has shown; null of any other run. */
  async findings(run: Run): Promise<Findings | null> {
    const { findingsOf } = await import('../experiments/findings.ts')
    return findingsOf(run)
  }
}

/** How long before a span its first values may have been told, in ms. */
const leadMs = 1000

/** Slots of a timeline that is made on demand: some for each pixel of a wide screen. */
const detailSlots = 4096
