import { parseSeries, type Sample, type SampleSeries, type SeriesParts } from './model/sample.ts'

/**
 * The values of a sample beside the names of their series. The samples of one trial have the same
 * series again and again, and share one list of them: what is found out about a list is found out once.
 */
export interface SampleRow {
  readonly series: readonly SampleSeries[]
  readonly values: ArrayLike<number>
}

/** A row with its times, in ms from the start of its trial. */
export interface TimedRow extends SampleRow {
  readonly t_ms: number
  readonly dt_ms: number
}

/** Makes rows whose list of series stays the same list as long as it has the same entries. */
export class RowBuilder {
  #series: readonly SampleSeries[] = []
  #next: SampleSeries[] | null = null
  #values: number[] = []

  put(series: SampleSeries, value: number): void {
    const at = this.#values.length
    // Another entry than last time: from here on the list is a new one.
    if (this.#next === null && this.#series[at] !== series) this.#next = this.#series.slice(0, at)
    this.#next?.push(series)
    this.#values.push(value)
  }

  get isEmpty(): boolean {
    return this.#values.length === 0
  }

  /** The row, and the builder ready for the next. */
  take(): SampleRow {
    const values = Float64Array.from(this.#values)
    if (this.#next !== null) this.#series = this.#next
    else if (this.#series.length > values.length) {
      this.#series = this.#series.slice(0, values.length)
    }
    this.#next = null
    this.#values = []
    return { series: this.#series, values }
  }
}

export function rowOf(values: Sample['values']): SampleRow {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return {
    series: entries.map(([series]) => series as SampleSeries),
    values: entries.map(([, value]) => value as number),
  }
}

const known = new WeakMap<readonly SampleSeries[], readonly SeriesParts[]>()

/** The series of a row, taken apart. */
export function partsOf({ series }: SampleRow): readonly SeriesParts[] {
  let parts = known.get(series)
  if (parts === undefined) {
    parts = series.map(parseSeries)
    known.set(series, parts)
  }
  return parts
}
