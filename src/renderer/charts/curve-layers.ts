import type { Chart } from 'chart.js'
import { placeLabels } from '../../shared/drawing/mark-labels.ts'
import type { CurveChart, CurvePoint, CurveSeries } from '../../shared/model/chart.ts'
import { chartFont } from './findings-plot.ts'
import { theme } from './theme.ts'

/* What lies below and above the curves of a chart: intervals, and lines with names. */

/** With more series than this, bands would hide each other: their intervals are bars. */
const mostBands = 3

/** The 95 % intervals: as bands, or where there are many series as bars at the points. */
export function drawIntervals(
  { ctx: context, scales, chartArea }: Chart,
  series: readonly CurveSeries[],
  colourOf: (index: number) => string,
): void {
  const { x, y } = scales
  if (x === undefined || y === undefined) return
  const withIntervals = series.filter(({ points }) => points.some(hasInterval))
  const isBand = withIntervals.length <= mostBands
  // What a logarithm has no place for lies below all that is seen.
  const across = (value: number) =>
    y.type === 'logarithmic' && value <= 0 ? chartArea.bottom : y.getPixelForValue(value)
  context.save()
  series.forEach(({ points }, index) => {
    const known = points.filter(hasInterval)
    if (known.length === 0) return
    const colour = colourOf(index)
    context.strokeStyle = colour
    context.fillStyle = colour
    if (isBand && known.length > 1) {
      context.globalAlpha = 0.16
      context.beginPath()
      for (const each of known) context.lineTo(x.getPixelForValue(each.x), across(each.high))
      for (const each of known.toReversed()) {
        context.lineTo(x.getPixelForValue(each.x), across(each.low))
      }
      context.fill()
      return
    }
    context.globalAlpha = 0.75
    context.lineWidth = 1
    for (const each of known) {
      const at = x.getPixelForValue(each.x)
      const [top, bottom] = [across(each.high), across(each.low)]
      // Shorter than the point itself it would only make that look smeared.
      if (bottom - top < 8) continue
      context.beginPath()
      context.moveTo(at, top)
      context.lineTo(at, bottom)
      for (const end of [top, bottom]) {
        context.moveTo(at - 3, end)
        context.lineTo(at + 3, end)
      }
      context.stroke()
    }
  })
  context.restore()
}

type Interval = CurvePoint & { readonly low: number; readonly high: number }

function hasInterval(point: CurvePoint): point is Interval {
  return point.low !== null && point.high !== null
}

type Marks = CurveChart['marks']

/** Pixels that the names of marked places take above the curves. */
export function rowsOfMarks(chart: Chart, marks: Marks): number {
  const rows = placed(chart, marks).map(({ row }) => row + 1)
  return 8 + Math.max(0, ...rows) * rowHeight()
}

export function drawMarkLines(chart: Chart, marks: Marks): void {
  const { ctx: context, chartArea } = chart
  context.save()
  context.strokeStyle = theme().quiet
  context.setLineDash([3, 3])
  for (const { at, row } of placed(chart, marks)) {
    context.beginPath()
    context.moveTo(at, (row + 1) * rowHeight() - 2)
    context.lineTo(at, chartArea.bottom)
    context.stroke()
  }
  context.restore()
}

export function drawMarkLabels(chart: Chart, marks: Marks): void {
  const { ctx: context } = chart
  const { text, surface } = theme()
  context.save()
  context.font = chartFont()
  context.textBaseline = 'middle'
  for (const { label, left, row, width } of placed(chart, marks)) {
    const top = row * rowHeight()
    // The line of another place is not drawn through words.
    context.fillStyle = surface
    context.fillRect(left - 4, top, width + 8, rowHeight() - 2)
    context.fillStyle = text
    context.fillText(label, left, top + (rowHeight() - 2) / 2, width + 1)
  }
  context.restore()
}

function rowHeight(): number {
  return 1.4 * theme().rem
}

function placed({ ctx: context, scales, chartArea }: Chart, marks: Marks) {
  const { x } = scales
  if (x === undefined || marks.length === 0) return []
  context.save()
  context.font = chartFont()
  const bounds = { from: chartArea.left, to: chartArea.right }
  const labels = marks.map((mark) => ({
    label: mark.label,
    at: x.getPixelForValue(mark.x),
    width: Math.min(context.measureText(mark.label).width, bounds.to - bounds.from),
  }))
  context.restore()
  const places = placeLabels(labels, bounds)
  return labels.map((label, index) => ({ ...label, ...(places[index] ?? { left: 0, row: 0 }) }))
}
