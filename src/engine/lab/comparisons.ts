import type { MetricKey } from '../../shared/model/metric.ts'
import { LabError } from '../../shared/model/problem.ts'
import type { Run } from '../../shared/model/run.ts'
import {
  mostSides,
  type RunComparison,
  type SideReference,
} from '../../shared/model/run-comparison.ts'
import type { Trend } from '../../shared/model/trend.ts'
import type { ReleasedTimeline } from '../../shared/timeline-lines.ts'
import type { DatabaseConnection } from './database-connection.ts'
import { noSuchRun } from './missing.ts'
import type { SavedRuns } from './saved-runs.ts'

/** Saved configurations beside each other, and over time. */
export class Comparisons {
  readonly #connection: DatabaseConnection
  readonly #saved: SavedRuns

  constructor(connection: DatabaseConnection, saved: SavedRuns) {
    this.#connection = connection
    this.#saved = saved
  }

  /**
   * Sides beside each other, the first of which is what the others are compared with. A pair that is
   * refused is in the result, with its reasons.
   *
   * @param most sides, after runs that are named as a whole have been taken apart
   * @throws LabError `not-found`; `bad-input` where nothing is left to compare, or too much
   */
  async between(
    references: readonly SideReference[],
    acrossMachines: boolean,
    most = mostSides,
  ): Promise<RunComparison> {
    const [{ sidesToCompare }, { compareSides }] = await Promise.all([
      import('../analysis/between/sides.ts'),
      import('../analysis/between/run-comparison.ts'),
    ])
    const runs = new Map<number, Run>()
    for (const { run } of references) {
      if (!runs.has(run)) runs.set(run, await this.#saved.run(run))
    }
    const chosen = sidesToCompare(references, runs, most)
    const timelines = new Map<number, ReleasedTimeline>()
    for (const { shown } of chosen.sides) {
      if (shown !== null) timelines.set(shown.id, await this.#saved.timeline(shown.id))
    }
    return compareSides(chosen, acrossMachines, timelines)
  }

  /** Number of the run that others of its workload are held against; null where there is none. */
  baselineOf(workload: string): Promise<number | null> {
    return this.#connection.read(({ history }) => history.baselineOf(workload))
  }

  /**
   * One configuration over all runs that executed it and are not put away.
   *
   * @throws LabError `not-found`; `bad-input` of a configuration without figures
   */
  async trend(
    { run: id, configuration }: { readonly run: number; readonly configuration: number },
    metric: MetricKey,
    acrossMachines: boolean,
  ): Promise<Trend> {
    const [{ trendMembers, trendOf }, { runRefusal }] = await Promise.all([
      import('../analysis/between/trend.ts'),
      import('../analysis/between/run-refusal.ts'),
    ])
    const run = await this.#saved.run(id)
    const own = run.configurations.find((each) => each.id === configuration)
    if (own === undefined) {
      throw new LabError('not-found', `run ${id} has no configuration ${configuration}`)
    }
    const refusal = runRefusal(run)
    if (refusal !== null) throw new LabError('bad-input', refusal)
    return this.#connection.read(({ history, opened }) => {
      const candidates = history.executions(own.workload)
      const chosen = candidates.find((each) => each.configuration.id === configuration)
      if (chosen === undefined) throw noSuchRun(id, opened.path)
      const baseline = history.baselineOf(run.plan.workload)
      const question = { chosen, metric, acrossMachines, baseline }
      const found = trendMembers(question, candidates)
      const ids = found.members.map((member) => member.configuration.id)
      return trendOf(question, found, history.figures(ids, metric))
    })
  }
}
