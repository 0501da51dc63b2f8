import type { CurvePoint } from '../../shared/model/chart.ts'
import type { Configuration } from '../../shared/model/run.ts'
import { medianInterval } from '../analysis/bootstrap.ts'
import { fewestTrials } from '../analysis/difference.ts'
import { countedTrials, summarize } from '../analysis/statistics.ts'
import type { ExperimentRun } from './experiment.ts'

/** What probes saw in the trials of a configuration that count. */
export interface Observed {
  readonly configuration: Configuration
  readonly trials: number
  /** One observation, trial by trial, where it is a number. */
  values(key: string): readonly number[]
  /** Its median; null where no trial has it. */
  median(key: string): number | null
  /** Its median with a 95 % interval, where there are trials enough for one; null where no trial has it. */
  point(key: string, x: number): CurvePoint | null
  /** What a trial saw, where it is no number: the most frequent; null where no trial has it. */
  usual(key: string): string | null
}

/** Fewer than for a verdict: what is drawn anew here says how sure a picture is, and names no winner. */
const resamples = 2000

/** By configuration, in the run's order. */
export function observedIn(run: ExperimentRun): Observed[] {
  return run.configurations.map((configuration) => {
    const counted = countedTrials(run, configuration)
    const values = (key: string) =>
      counted.flatMap(({ observations }) => {
        const value = observations?.[key]
        return typeof value === 'number' ? [value] : []
      })
    const median = (key: string) => summarize(values(key), '')?.median ?? null
    return {
      configuration,
      trials: counted.length,
      values,
      median,
      point(key, x) {
        const y = median(key)
        if (y === null) return null
        const all = values(key)
        const interval =
          all.length < fewestTrials ? null : medianInterval(all, { seed: run.plan.seed, resamples })
        return { x, y, low: interval?.[0] ?? null, high: interval?.[1] ?? null }
      },
      usual(key) {
        const texts = counted.flatMap(({ observations }) => {
          const value = observations?.[key]
          return typeof value === 'string' ? [value] : []
        })
        const groups = [...Map.groupBy(texts, (text) => text)]
        return groups.sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? null
      },
    }
  })
}
