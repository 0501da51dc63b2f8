import type { Model } from '../../src/shared/model/execution-model.ts'
import type { Run, Trial } from '../../src/shared/model/run.ts'
import { exampleRun } from './example-run.ts'

/** A model with its number of workers, and the throughput of each of its trials. */
export type Throughputs = readonly [model: Model, workers: number, ...throughputs: number[]]

/** Values that lie apart by ever more, so that no two intervals of them are alike. */
export const uneven = (middle: number): number[] =>
  Array.from({ length: 12 }, (_, at) => middle + Math.sqrt(at) + at ** 3 / 200)

/** A run made up of trials that have the given throughputs; configurations are numbered from 0. */
export function comparedRun(...sides: readonly Throughputs[]): Run {
  const [configuration] = exampleRun.configurations
  const [trial] = exampleRun.trials
  if (configuration === undefined || trial === undefined) throw new Error('no example')
  return {
    ...exampleRun,
    configurations: sides.map(([model, workers], id) => ({ ...configuration, id, model, workers })),
    trials: sides.flatMap(([, , ...throughputs], id) =>
      throughputs.map(
        (throughput_per_s, index): Trial => ({
          ...trial,
          index,
          configuration_id: id,
          metrics: { ...trial.metrics, throughput_per_s, peak_rss_bytes: 10 * (id + 1) },
        }),
      ),
    ),
  }
}
