import type { SampleSeries } from '../../shared/model/sample.ts'

/** Samples of one stream by series; NaN stands for "not read". */
export interface SampleColumns {
  readonly t_ms: Float64Array
  readonly dt_ms: Float64Array
  readonly series: readonly SampleSeries[]
  /** One for each of `series`. */
  readonly columns: readonly Float64Array[]
}
