import type { SampleSeries, SampleStream } from './model/sample.ts'

/**
 * Samples of one stream in turn, column by column: as they are kept, and taken elsewhere. Times are in
 * ms from the start of the trial; NaN stands for "not read".
 */
export interface RecordedSamples {
  readonly stream: SampleStream
  readonly t_ms: ArrayLike<number>
  readonly dt_ms: ArrayLike<number>
  readonly series: readonly SampleSeries[]
  /** One for each of the series. */
  readonly values: readonly ArrayLike<number>[]
}

/** When the tasks of a worker began and ended. */
export interface TaskSpans {
  readonly worker: number
  /** Tasks that were done; more than there are spans where there were too many to keep. */
  readonly tasks: number
  /** In ms from the start of the trial, in the order in which they ended. */
  readonly starts_ms: ArrayLike<number>
  readonly ends_ms: ArrayLike<number>
}
