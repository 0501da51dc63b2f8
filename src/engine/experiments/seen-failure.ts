import type { Model } from '../../shared/model/execution-model.ts'
import { countedTrials } from '../analysis/statistics.ts'
import type { ExperimentRun } from './experiment.ts'
import { type Observed, observedIn } from './observed.ts'

/** What became of one kind of failure under one model. */
export interface SeenFailure {
  readonly observed: Observed
  readonly model: Model
  readonly failure: string
  readonly workers: number
  /** Outcomes with the number of trials that had them, the most frequent first. */
  outcomes(key: string): readonly (readonly [outcome: string, trials: number])[]
  /** Trials in which the whole program died. */
  readonly deaths: number
}

/** Of the trials that count; a kind that has none is left out. */
export function seenFailures(run: ExperimentRun): SeenFailure[] {
  return observedIn(run)
    .filter(({ trials }) => trials > 0)
    .map((observed) => {
      const { configuration } = observed
      const counted = countedTrials(run, configuration)
      return {
        observed,
        model: configuration.model,
        failure: configuration.variant ?? '',
        workers: configuration.workers,
        outcomes: (key) => {
          const texts = counted.map(({ observations }) => String(observations?.[key] ?? 'not seen'))
          const groups = [...Map.groupBy(texts, (text) => text)]
          return groups
            .map(([text, same]) => [text, same.length] as const)
            .sort(([, a], [, b]) => b - a)
        },
        deaths: counted.filter(({ observations }) => observations?.host_survived === false).length,
      }
    })
}
