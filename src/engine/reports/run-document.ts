import type { ConfigurationSummary, Run, Trial } from '../../shared/model/run.ts'

/**
 * A run as one JSON document, for other programs (docs/formats.md).
 *
 * @param summaries one for each configuration, in the run's order
 */
export function runDocument(run: Run, summaries: readonly ConfigurationSummary[]) {
  const { configurations: _, trials, ...rest } = run
  return {
    run: rest,
    configurations: summaries.map(({ configuration, metrics }) => {
      const own = trials.filter((trial) => trial.configuration_id === configuration.id)
      return {
        ...configuration,
        trials: own.filter((trial) => !trial.warm_up).map(trialDocument),
        warm_ups: own.filter((trial) => trial.warm_up).map(trialDocument),
        metrics,
      }
    }),
  }
}

function trialDocument({ configuration_id: _, warm_up: __, ...trial }: Trial) {
  return trial
}
