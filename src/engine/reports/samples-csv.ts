import {
  parseSeries,
  type SampleSeries,
  type SampleVariable,
  sampleVariables,
} from '../../shared/model/sample.ts'
import type { RecordedSamples } from '../../shared/recorded.ts'
import { lineEnd } from './csv-text.ts'

export const sampleColumns = [
  't_ms',
  'dt_ms',
  'source',
  'subject',
  'subject_id',
  ...sampleVariables,
] as const

/** One subject of some samples: the row that it has for each of them. */
interface SubjectRows {
  /** What stands before its values. */
  readonly cells: string
  readonly values: readonly SubjectValue[]
  /** What stands after them. */
  readonly commas: string
}

interface SubjectValue {
  /** Those of the cells left empty since the value before, and its own. */
  readonly commas: string
  readonly column: ArrayLike<number>
  readonly isWhole: boolean
}

/**
 * The rows of samples, one for each subject that a sample has something of. There may be millions, so
 * that what is the same for all samples of a chunk is put into words once (docs/decisions/0020).
 *
 * @param origin the cells that say whose they are, as they are written
 * @param releasedMs what times are counted from, in ms from the start of the trial
 */
export function* samplesText(
  { stream, t_ms, dt_ms, series, values }: RecordedSamples,
  origin: string,
  releasedMs: number,
): Generator<string> {
  const subjects = subjectsOf(series, values)
  for (let at = 0; at < t_ms.length; at++) {
    const t = rounded((t_ms[at] as number) - releasedMs)
    const head = `${origin},${t},${rounded(dt_ms[at] as number)},${stream}`
    let text = ''
    for (const { cells, values: own, commas } of subjects) {
      let row = head + cells
      let isEmpty = true
      for (const { commas: before, column, isWhole } of own) {
        const value = column[at] as number
        row += before
        if (Number.isNaN(value)) continue
        isEmpty = false
        row += isWhole ? value : rounded(value)
      }
      if (!isEmpty) text += row + commas + lineEnd
    }
    if (text !== '') yield text
  }
}

function subjectsOf(
  series: readonly SampleSeries[],
  values: readonly ArrayLike<number>[],
): readonly SubjectRows[] {
  const subjects = new Map<string, Map<SampleVariable, ArrayLike<number>>>()
  series.forEach((name, at) => {
    const { subject, number, variable } = parseSeries(name)
    const cells = `,${subject},${number ?? ''}`
    const own = subjects.get(cells) ?? new Map<SampleVariable, ArrayLike<number>>()
    subjects.set(cells, own.set(variable, values[at] as ArrayLike<number>))
  })
  return [...subjects].map(([cells, own]) => {
    const found: SubjectValue[] = []
    let commas = ''
    for (const variable of sampleVariables) {
      commas += ','
      const column = own.get(variable)
      if (column === undefined) continue
      found.push({ commas, column, isWhole: variable.endsWith('_bytes') })
      commas = ''
    }
    return { cells, values: found, commas }
  })
}

/** To a millionth: below what any of our clocks and counters resolve. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
