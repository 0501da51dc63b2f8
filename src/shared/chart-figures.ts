import type { BarChart, Chart, CurveChart, CurvePoint } from './model/findings.ts'
import { axisTitle, formatQuantity, formatWithInterval } from './quantity.ts'

/** What a chart draws, as a table: its first column names the row. */
export interface ChartFigures {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** The marked places, in words. */
  readonly marks: readonly string[]
}

const absent = '–'

/** Whether all that a column of a table says is figures, which are read from the right. */
export function isFigures(texts: readonly string[]): boolean {
  return texts.some((text) => /\d/.test(text)) && texts.every((text) => /^(–|-?\d)/.test(text))
}

export function chartFigures(chart: Chart): ChartFigures {
  return chart.kind === 'curves' ? curveFigures(chart) : barFigures(chart)
}

function curveFigures(chart: CurveChart): ChartFigures {
  const { x, y, series, marks } = chart
  return {
    columns: [axisTitle(x), ...series.map(({ name }) => name)],
    rows: measuredPlaces(chart).map((at) => [
      formatQuantity(at, x),
      ...series.map(({ points }) => {
        const point = points.find((each) => each.x === at)
        return point === undefined ? absent : formatPoint(point, y)
      }),
    ]),
    marks: marks.map((mark) => `${mark.label} (at ${formatQuantity(mark.x, x)})`),
  }
}

/** Where something was measured, in order; of a chart of references alone, wherever these have points. */
export function measuredPlaces({ series }: CurveChart): readonly number[] {
  const measured = series.filter(({ isReference }) => !isReference)
  const told = measured.length > 0 ? measured : series
  return [...new Set(told.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b)
}

/** A value and, where it has one, its interval. */
export function formatPoint({ y, low, high }: CurvePoint, axis: CurveChart['y']): string {
  if (low === null || high === null) return formatQuantity(y, axis)
  return formatWithInterval(y, [low, high], axis)
}

function barFigures({ value, parts, bars }: BarChart): ChartFigures {
  const isStacked = parts.length > 1
  const write = (each: number | null) => (each === null ? absent : formatQuantity(each, value))
  return {
    columns: ['', ...parts, ...(isStacked ? ['together'] : [])],
    rows: bars.map(({ name, values }) => [
      name,
      ...parts.map((_, at) => write(values[at] ?? null)),
      ...(isStacked ? [write(barTotal(values))] : []),
    ]),
    marks: [],
  }
}

/** Null where a part was not measured: what is left is not the whole. */
export function barTotal(values: readonly (number | null)[]): number | null {
  let sum = 0
  for (const each of values) {
    if (each === null) return null
    sum += each
  }
  return values.length === 0 ? null : sum
}
