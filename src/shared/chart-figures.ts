import type {
  Axis,
  BarChart,
  Chart,
  CurveChart,
  CurvePoint,
  DotChart,
  HeatChart,
  LineChart,
  PanelChart,
} from './model/chart.ts'
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
  return (
    texts.some((text) => /\d/.test(text)) && texts.every((text) => /^(–|< |[-−]?\d)/.test(text))
  )
}

export function chartFigures(chart: Chart): ChartFigures {
  switch (chart.kind) {
    case 'curves':
      return curveFigures(chart)
    case 'bars':
      return barFigures(chart)
    case 'panels':
      return panelFigures(chart)
    case 'dots':
      return dotFigures(chart)
    case 'lines':
      return lineFigures(chart)
    case 'heat':
      return heatFigures(chart)
  }
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

function panelFigures({ columns, groups, rows }: PanelChart): ChartFigures {
  const names = barNames({ groups })
  return {
    columns: ['', ...columns],
    rows: rows.flatMap(({ value, panels }) =>
      names.map((name, bar) => [
        `${value.label}, ${name}`,
        ...panels.map(({ values }) => {
          const each = values[bar] ?? null
          return each === null ? absent : formatQuantity(each, value)
        }),
      ]),
    ),
    marks: rows.flatMap(({ value, panels }) =>
      panels.flatMap(({ mark }, at) => {
        if (mark === null) return []
        const of = columns.length < 2 ? '' : `, ${columns[at] ?? ''}`
        return [
          `${value.label}${of}: dashed at ${formatQuantity(mark.value, value)} (${mark.label})`,
        ]
      }),
    ),
  }
}

/** The bars of panels, each by its group and its name. */
export function barNames({ groups }: Pick<PanelChart, 'groups'>): readonly string[] {
  return groups.flatMap(({ name: group, bars }) => bars.map(({ name }) => `${group}: ${name}`))
}

function dotFigures({ value, groups }: DotChart): ChartFigures {
  return {
    columns: ['', 'trials', 'median', 'least', 'largest'],
    rows: groups.map(({ name, dots, median, low, high }) => {
      const values = dots.map((dot) => dot.value)
      const write = (each: number | null) => (each === null ? absent : formatQuantity(each, value))
      const middle =
        median === null || low === null || high === null
          ? write(median)
          : formatWithInterval(median, [low, high], value)
      return [name, String(dots.length), middle, write(least(values)), write(largest(values))]
    }),
    marks: [],
  }
}

function lineFigures({ y, lines }: LineChart): ChartFigures {
  return {
    columns: ['', 'least', 'mean', 'largest'],
    rows: lines.map(({ name, ...line }) => [name, ...spread(line.y, line.low, line.high, y)]),
    marks: [],
  }
}

const share: Axis = { label: '', unit: '%', scale: 'linear', quantity: 'percent' }

function heatFigures({ rows }: HeatChart): ChartFigures {
  return {
    columns: ['', 'least', 'mean', 'largest'],
    rows: rows.map(({ name, shares }) => {
      const percent = shares.map((each) => (each === null ? null : 100 * each))
      return [name, ...spread(percent, null, null, share)]
    }),
    marks: [],
  }
}

type Values = readonly (number | null)[]

function spread(values: Values, low: Values | null, high: Values | null, axis: Axis): string[] {
  const read = values.filter((each) => each !== null)
  const mean = read.length === 0 ? null : read.reduce((sum, each) => sum + each, 0) / read.length
  return [least(low ?? values), mean, largest(high ?? values)].map((each) =>
    each === null ? absent : formatQuantity(each, axis),
  )
}

/** Null where there is none. Not spread into `Math.min`: there may be very many. */
function least(values: Values): number | null {
  return values.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null)
}

function largest(values: Values): number | null {
  return values.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)
}
