import { placeEnds } from '../../../shared/drawing/end-labels.ts'
import { looksOf, sideLetter } from '../../../shared/drawing/series-look.ts'
import type { Line, LineChart } from '../../../shared/model/chart.ts'
import {
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
import { element, line, px, text } from './elements.ts'
import { seriesMarks, strokeOf } from './legend.ts'
import type { Palette } from './palette.ts'

const plotHeight = 220
/** Bands of more lines would hide each other. */
const mostBands = 4

/** Figures over time, with 0 where the work began. */
export function drawLines({ title, x, y, lines }: LineChart, palette: Palette): Drawn {
  const looks = looksOf(lines, [])
  const { legend, colourOf } = seriesMarks(lines, looks, palette)
  return {
    title,
    about: `${y.label} over ${x.label}, lines: ${lines.map(({ name }) => name).join(', ')}.`,
    legend,
    body: (top, width) => {
      const hasSides = lines.some(({ side }) => side !== null)
      const found = marksAlong(lines.flatMap(extremes), y, plotHeight)
      const area = {
        left: widthOfMarks(found, y),
        right: width - (hasSides ? 22 : 8),
        top: top + 28,
        bottom: 0,
      }
      area.bottom = area.top + plotHeight
      const xScale = across(lines.flatMap(ends), x, area)
      const yScale = scaleOf(found, y, area.bottom, area.top)
      const hasBefore = x.quantity === 'milliseconds' && lines.some((each) => (each.x[0] ?? 0) < 0)
      const zero = xScale.at(0)
      return {
        parts: [
          ...uprightAxis(yScale, area, palette),
          ...lyingAxis(xScale, area, palette, false),
          ...(hasBefore
            ? [
                line([zero, area.top], [zero, area.bottom], palette.quiet, {
                  'stroke-dasharray': '3 3',
                }),
              ]
            : []),
          ...(lines.length > mostBands
            ? []
            : lines.flatMap((each, at) => drawBand(each, xScale, yScale, colourOf(at)))),
          ...lines.map((each, at) =>
            element('path', {
              d: linePath(each.x, each.y, xScale, yScale),
              stroke: colourOf(at),
              ...strokeOf(looks[at] ?? { shape: null, dash: [] }),
              'stroke-width': 1.8,
              'stroke-linejoin': 'round',
              'stroke-linecap': 'round',
            }),
          ),
          ...drawLetters(lines, xScale, yScale, colourOf),
        ],
        bottom: area.bottom + roomBelow,
      }
    },
  }
}

/** The letter of each side at the end of its line; its name begins with it. */
function drawLetters(
  lines: readonly Line[],
  x: Scale,
  y: Scale,
  colourOf: (at: number) => string,
): string[] {
  const ends = lines.flatMap(({ side, x: xs, y: ys }, at) => {
    const last = ys.findLastIndex((value) => value !== null)
    if (side === null || last < 0) return []
    return [{ at, side, x: x.at(xs[last] ?? 0) + 6, y: y.at(ys[last] ?? 0) }]
  })
  const places = placeEnds(ends, { top: y.to, bottom: y.from - 6 })
  return ends.map(({ at, side, ...end }, index) => {
    const place = places[index] ?? end
    return text(place.x, place.y, sideLetter(side), { fill: colourOf(at) })
  })
}

/** Not all values: there may be very many, and a scale wants no more. */
function extremes({ y, low, high }: Line): number[] {
  const [least, most] = [bound(low ?? y, Math.min), bound(high ?? y, Math.max)]
  return [least, most].filter(Number.isFinite)
}

function ends({ x }: Line): number[] {
  return [bound(x, Math.min), bound(x, Math.max)].filter(Number.isFinite)
}

function bound(values: readonly (number | null)[], of: (a: number, b: number) => number): number {
  return values.reduce<number>(
    (found, each) => (each === null ? found : Number.isNaN(found) ? each : of(found, each)),
    Number.NaN,
  )
}

/** A line that is broken where nothing was read. */
function linePath(
  xs: readonly number[],
  ys: readonly (number | null)[],
  x: Scale,
  y: Scale,
): string {
  let isDrawn = false
  return xs
    .map((value, at) => {
      const height = ys[at] ?? null
      const isFirst = !isDrawn
      isDrawn = height !== null
      if (height === null) return ''
      const place = `${px(x.at(value))} ${px(y.at(height))}`
      // One that stands alone is seen as a dot.
      return isFirst ? `M${place}${(ys[at + 1] ?? null) === null ? 'h0' : ''}` : `L${place}`
    })
    .join('')
}

/** From least to largest of what each point stands for. */
function drawBand({ x: xs, low, high }: Line, x: Scale, y: Scale, colour: string): string[] {
  if (low === null || high === null) return []
  const known = xs.flatMap((value, at) => {
    const [from, to] = [low[at] ?? null, high[at] ?? null]
    return from === null || to === null ? [] : [[x.at(value), y.at(from), y.at(to)] as const]
  })
  if (known.length < 2 || known.every(([, from, to]) => from === to)) return []
  const above = known.map(([place, , to]) => `${px(place)} ${px(to)}`)
  const below = known.toReversed().map(([place, from]) => `${px(place)} ${px(from)}`)
  return [
    element('path', { d: `M${[...above, ...below].join('L')}z`, fill: colour, opacity: '0.16' }),
  ]
}
