import { parseSeries, type Sample, type SampleSeries, type SeriesParts } from './model/sample.ts'

/**
 * The values of a sample beside the names of their series; NaN for one that was not read this time. The samples of one trial have the same
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
  #series: SampleSeries[] = []
  /** Whether nobody else has the list yet. */
  #isNew = true
  #values = new Float64Array(64)
  #length = 0

  put(series: SampleSeries, value: number): void {
    const at = this.#length++
    // Another entry than last time: from here on the list is a new one.
    if (this.#series[at] !== series) {
      if (!this.#isNew) this.#series = this.#series.slice(0, at)
      this.#isNew = true
      this.#series[at] = series
    }
    if (at === this.#values.length) {
      const wider = new Float64Array(2 * at)
      wider.set(this.#values)
      this.#values = wider
    }
    this.#values[at] = value
  }

  get isEmpty(): boolean {
    return this.#length === 0
  }

  /** The row, and the builder ready for the next. */
  take(): SampleRow {
    const length = this.#length
    this.#length = 0
    this.#isNew = false
    if (this.#series.length > length) this.#series = this.#series.slice(0, length)
    return { series: this.#series, values: this.#values.slice(0, length) }
  }
}

export function rowOf(values: Sample['values']): SampleRow {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return {
    series: entries.map(([series]) => series as SampleSeries),
    values: entries.map(([, value]) => value as number),
  }
}

const partsOfLists = new WeakMap<readonly SampleSeries[], readonly SeriesParts[]>()
/** A list may change with every sample where not all workers have told something new. */
const partsOfNames = new Map<SampleSeries, SeriesParts>()
/** Those of processes that are gone do not come again. */
const mostNames = 50_000

/** The series of a row, taken apart. */
export function partsOf({ series }: SampleRow): readonly SeriesParts[] {
  let parts = partsOfLists.get(series)
  if (parts === undefined) {
    parts = series.map(partsOfName)
    partsOfLists.set(series, parts)
  }
  return parts
}

function partsOfName(series: SampleSeries): SeriesParts {
  let parts = partsOfNames.get(series)
  if (parts === undefined) {
    parts = parseSeries(series)
    if (partsOfNames.size >= mostNames) partsOfNames.clear()
    partsOfNames.set(series, parts)
  }
  return parts
}
