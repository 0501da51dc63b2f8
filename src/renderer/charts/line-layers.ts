import type { Chart } from 'chart.js'
import { placeEnds } from '../../shared/drawing/end-labels.ts'
import { type SeriesLook, sideLetter } from '../../shared/drawing/series-look.ts'
import type { LineChart } from '../../shared/model/chart.ts'
import { chartFont } from './findings-plot.ts'
import { lookColour } from './look-colour.ts'
import { drawUpright } from './still-chart.ts'
import { theme } from './theme.ts'

/* Lines over time as they are drawn: bands of extremes, the lines themselves, the letters of their sides. */

type Lines = LineChart['lines']

/** A stretch of a line without a gap: from one of its points to another, both within. */
type Stretch = readonly [from: number, to: number]

/** What was read without a gap between. */
export function stretches(y: readonly (number | null)[]): readonly Stretch[] {
  const found: Stretch[] = []
  let from: number | null = null
  y.forEach((value, at) => {
    if (value !== null && from === null) from = at
    if (value === null && from !== null) {
      found.push([from, at - 1])
      from = null
    }
  })
  if (from !== null) found.push([from, y.length - 1])
  return found
}

/** Within the axes, with the places of values on them. */
function inAxes(
  { ctx: context, scales: { x, y }, chartArea }: Chart,
  draw: (toX: (value: number) => number, toY: (value: number) => number) => void,
): void {
  if (x === undefined || y === undefined) return
  const { left, top, width, height } = chartArea
  context.save()
  context.beginPath()
  // A line along an end of an axis is seen in its full width.
  context.rect(left, top - 3, width + 3, height + 6)
  context.clip()
  draw(
    (value) => x.getPixelForValue(value),
    (value) => y.getPixelForValue(value),
  )
  context.restore()
}

/** Least and largest behind each point; the fainter, the more of them there are. */
export function drawBands(chart: Chart, lines: Lines, looks: readonly SeriesLook[]): void {
  const { ctx: context } = chart
  const many = lines.filter(({ low, high }) => low !== null && high !== null).length
  inAxes(chart, (toX, toY) => {
    context.globalAlpha = many > 3 ? 0.1 : 0.18
    lines.forEach(({ x, low, high }, index) => {
      if (low === null || high === null) return
      context.fillStyle = lookColour(looks[index])
      const known = high.map((value, at) => (low[at] == null ? null : value))
      for (const [from, to] of stretches(known)) {
        context.beginPath()
        for (let at = from; at <= to; at++) context.lineTo(toX(x[at] ?? 0), toY(high[at] ?? 0))
        for (let at = to; at >= from; at--) context.lineTo(toX(x[at] ?? 0), toY(low[at] ?? 0))
        context.fill()
      }
    })
  })
}

export function drawLines(chart: Chart, lines: Lines, looks: readonly SeriesLook[]): void {
  const { ctx: context } = chart
  inAxes(chart, (toX, toY) => {
    context.lineJoin = 'round'
    // The reference is drawn last, over the others.
    for (const [index, line] of [...lines.entries()].reverse()) {
      const colour = lookColour(looks[index])
      context.strokeStyle = colour
      context.fillStyle = colour
      // Very many points hide the dashes of their line unless it is thin.
      context.lineWidth = line.x.length > 600 ? 1.5 : 2
      context.setLineDash([...(looks[index]?.dash ?? [])])
      for (const [from, to] of stretches(line.y)) {
        context.beginPath()
        if (from === to) {
          context.arc(toX(line.x[from] ?? 0), toY(line.y[from] ?? 0), 2, 0, 2 * Math.PI)
          context.fill()
          continue
        }
        for (let at = from; at <= to; at++) {
          context.lineTo(toX(line.x[at] ?? 0), toY(line.y[at] ?? 0))
        }
        context.stroke()
      }
    }
  })
}

/** The instant that all sides have in common. */
export function drawZero(chart: Chart): void {
  const { ctx: context, scales } = chart
  if (scales.x === undefined || scales.x.min > 0 || scales.x.max < 0) return
  context.save()
  context.setLineDash([3, 3])
  drawUpright(chart, scales.x.getPixelForValue(0), theme().quiet)
  context.restore()
}

/** The letter of each side at the end of its line. */
export function drawEnds(chart: Chart, lines: Lines, looks: readonly SeriesLook[]): void {
  const { ctx: context, scales, chartArea } = chart
  const ends = lines.flatMap(({ side, x, y }, index) => {
    const last = y.findLastIndex((value) => value !== null)
    if (side === null || last < 0) return []
    return {
      index,
      side,
      x: scales.x?.getPixelForValue(x[last] ?? 0) ?? 0,
      y: scales.y?.getPixelForValue(y[last] ?? 0) ?? 0,
    }
  })
  const places = placeEnds(ends, { top: chartArea.top, bottom: chartArea.bottom - 6 })
  const { surface } = theme()
  context.save()
  context.font = `600 ${chartFont()}`
  context.textBaseline = 'middle'
  context.lineWidth = 4
  context.lineJoin = 'round'
  context.strokeStyle = surface
  ends.forEach(({ index, side }, at) => {
    const { x, y } = places[at] ?? { x: 0, y: 0 }
    context.fillStyle = lookColour(looks[index])
    context.strokeText(sideLetter(side), x + 5, y)
    context.fillText(sideLetter(side), x + 5, y)
  })
  context.restore()
}
