import { measuredPlaces } from '../../../shared/chart-figures.ts'
import { placeLabels } from '../../../shared/drawing/mark-labels.ts'
import { seriesLooks } from '../../../shared/drawing/series-look.ts'
import type { CurveChart, CurvePoint, CurveSeries } from '../../../shared/model/chart.ts'
import { formatQuantity } from '../../../shared/quantity.ts'
import {
  type Area,
  across,
  lyingAxis,
  marksAlong,
  roomBelow,
  type Scale,
  scaleOf,
  uprightAxis,
  widthOfMarks,
} from './axes.ts'
import type { Drawn } from './drawing.ts'
import { box, element, fontSize, line, px, text } from './elements.ts'
import { point, seriesMarks, strokeOf } from './legend.ts'
import type { Palette } from './palette.ts'
import { textWidth } from './text-width.ts'

const plotHeight = 280
const markRow = 18
/** With more series than this, bands would hide each other: their intervals are bars. */
const mostBands = 3

/** Curves with their intervals, references and named places. */
export function drawCurves(chart: CurveChart, palette: Palette): Drawn {
  const { title, x, y, series, marks } = chart
  const looks = seriesLooks(series)
  const { legend, colourOf } = seriesMarks(series, looks, palette)
  const named = marks.map((mark) => `${mark.label} at ${formatQuantity(mark.x, x)}`)
  return {
    title,
    about: `${y.label} over ${x.label}, curves: ${series.map(({ name }) => name).join(', ')}.${named.length === 0 ? '' : ` Marked: ${named.join('; ')}.`}`,
    legend,
    body: (top, width) => {
      const points = series.flatMap((each) => each.points)
      const values = points.flatMap(({ y: value, low, high }) => [
        value,
        low ?? value,
        high ?? value,
      ])
      const found = marksAlong(values, y, plotHeight)
      const sides = { left: widthOfMarks(found, y), right: width - 8 }
      const xScale = xScaleOf(chart, sides)
      const labels = placeMarks(chart, xScale, sides)
      const rows = Math.max(0, ...labels.map(({ row }) => row + 1))
      const marksTop = top + 24
      const area = { ...sides, top: marksTop + rows * markRow + 6, bottom: 0 }
      area.bottom = area.top + plotHeight
      const yScale = scaleOf(found, y, area.bottom, area.top)
      const captionAt = { ...area, top: marksTop + 6 }
      return {
        parts: [
          ...uprightAxis(yScale, area, palette).slice(1),
          ...uprightAxis({ ...yScale, marks: [] }, captionAt, palette),
          ...lyingAxis(xScale, area, palette),
          ...labels.map(({ at, row }) =>
            line([at, marksTop + (row + 1) * markRow], [at, area.bottom], palette.quiet, {
              'stroke-dasharray': '3 3',
            }),
          ),
          ...drawIntervals(series, xScale, yScale, colourOf),
          // References lie below what was measured.
          ...[true, false].flatMap((isReference) =>
            series.flatMap((each, at) =>
              each.isReference !== isReference
                ? []
                : drawSeries(each, looks[at], xScale, yScale, colourOf(at)),
            ),
          ),
          // The line of another place is not drawn through words.
          ...labels.flatMap(({ left, row, width: taken, label }) => [
            box(left - 3, marksTop + row * markRow, taken + 6, markRow - 2, palette.surface),
            text(left, marksTop + row * markRow + markRow / 2 - 1, label, {
              fill: palette.text,
              most: taken + 1,
            }),
          ]),
        ],
        bottom: area.bottom + roomBelow,
      }
    },
  }
}

type Sides = Pick<Area, 'left' | 'right'>

function xScaleOf(chart: CurveChart, sides: Sides): Scale {
  const { x, series, marks } = chart
  const values = [
    ...series.flatMap(({ points }) => points.map((each) => each.x)),
    ...marks.map((mark) => mark.x),
  ]
  const found = across(values, x, sides)
  const places = measuredPlaces(chart)
  const isCounted = x.scale === 'linear' && places.length > 1 && places.every(Number.isInteger)
  if (!isCounted) return found
  const gaps = places.slice(1).map((each, at) => found.at(each) - found.at(places[at] ?? 0))
  // Numbers of workers are read as they were chosen, where they do not touch.
  return Math.min(...gaps) > 26 ? { ...found, marks: places } : found
}

function placeMarks({ marks }: CurveChart, x: Scale, { left, right }: Sides) {
  const labels = marks.map((mark) => ({
    label: mark.label,
    at: x.at(mark.x),
    width: Math.min(textWidth(mark.label, fontSize), right - left),
  }))
  const places = placeLabels(labels, { from: left, to: right })
  return labels.map((label, at) => ({ ...label, ...(places[at] ?? { left, row: 0 }) }))
}

type Interval = CurvePoint & { readonly low: number; readonly high: number }

function hasInterval(each: CurvePoint): each is Interval {
  return each.low !== null && each.high !== null
}

function drawIntervals(
  series: readonly CurveSeries[],
  x: Scale,
  y: Scale,
  colourOf: (at: number) => string,
): string[] {
  const isBand = series.filter(({ points }) => points.some(hasInterval)).length <= mostBands
  return series.flatMap(({ points }, at) => {
    const known = points.filter(hasInterval)
    if (isBand && known.length > 1) {
      const ends = [
        ...known.map((each) => [x.at(each.x), y.at(each.high)] as const),
        ...known.toReversed().map((each) => [x.at(each.x), y.at(each.low)] as const),
      ]
      return [element('path', { d: pathOf(ends), fill: colourOf(at), opacity: '0.16' })]
    }
    return known.flatMap((each) => {
      const [place, above, below] = [x.at(each.x), y.at(each.high), y.at(each.low)]
      // Shorter than the point itself it would only make that look smeared.
      if (below - above < 8) return []
      const d = `M${px(place)} ${px(above)}V${px(below)}M${px(place - 3)} ${px(above)}h6M${px(place - 3)} ${px(below)}h6`
      return [element('path', { d, stroke: colourOf(at), opacity: '0.75' })]
    })
  })
}

function drawSeries(
  { points }: CurveSeries,
  look: ReturnType<typeof seriesLooks>[number] | undefined,
  x: Scale,
  y: Scale,
  colour: string,
): string[] {
  if (look === undefined) return []
  // A logarithm has no place for what is not positive; the figures have it.
  const seen = points.filter(
    (each) =>
      (x.axis.scale === 'linear' || each.x > 0) && (y.axis.scale === 'linear' || each.y > 0),
  )
  const { shape } = look
  const places = seen.map((each) => [x.at(each.x), y.at(each.y)] as const)
  const path = element('path', { d: pathOf(places), stroke: colour, ...strokeOf(look) })
  const dots = shape === null ? [] : places.map(([left, top]) => point(shape, left, top, colour))
  return seen.length === 0 ? [] : [path, ...dots]
}

export function pathOf(points: readonly (readonly [x: number, y: number])[]): string {
  return `M${points.map(([x, y]) => `${px(x)} ${px(y)}`).join('L')}`
}
