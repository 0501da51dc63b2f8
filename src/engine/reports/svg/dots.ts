import { looksOf } from '../../../shared/drawing/series-look.ts'
import type { DotChart, DotGroup } from '../../../shared/model/chart.ts'
import { formatQuantity } from '../../../shared/quantity.ts'
import { across, lyingAxis, roomBelow, type Scale } from './axes.ts'
import type { Drawn } from './drawing.ts'
import { element, fontSize, line, text } from './elements.ts'
import type { LegendEntry } from './legend.ts'
import { namedSide } from './lines.ts'
import { type Palette, seriesColour } from './palette.ts'
import { shortened, textWidth } from './text-width.ts'

const rowHeight = 40
/** Pixels by which dots of a row are moved, so that equal ones do not hide each other. */
const offsets = [0, 4.5, -4.5, 9, -9, 2.2, -6.8, 6.8, -2.2]

/** Each trial a dot, with the median of its group and the interval of that. */
export function drawDots({ title, value, groups: all }: DotChart, palette: Palette): Drawn {
  const groups = all.map((each) => ({ ...each, name: namedSide(each.name, each.side) }))
  const looks = looksOf(groups, [])
  return {
    title,
    about: `${value.label} of each trial, for ${groups.map(({ name }) => name).join('; ')}.`,
    legend: legendEntries(groups, palette),
    body: (top, width) => {
      const most = width * 0.36
      const names = groups.map(({ name }) => textWidth(shortened(name, most, fontSize), fontSize))
      const medians = groups.map(({ median }) =>
        median === null ? 'no trial' : formatQuantity(median, value),
      )
      const widest = Math.max(0, ...medians.map((each) => textWidth(each, fontSize)))
      const left = Math.max(0, ...names) + 20
      const area = { left, right: width - widest - 20, top: top + 4, bottom: 0 }
      area.bottom = area.top + rowHeight * groups.length
      const scale = across(withRoom(groups, value.scale === 'logarithmic'), value, area)
      return {
        parts: [
          ...lyingAxis(scale, area, palette),
          ...groups.flatMap((group, at) => {
            const middle = area.top + rowHeight * (at + 0.5)
            const look = looks[at]
            const colour = seriesColour(palette, look?.model ?? null, look?.darker ?? 0)
            return [
              text(left - 20, middle, group.name, { fill: palette.text, anchor: 'end', most }),
              ...drawGroup(group, scale, middle, colour, palette),
              text(area.right + 14, middle, medians[at] ?? '', { fill: palette.text }),
            ]
          }),
        ],
        bottom: area.bottom + roomBelow,
      }
    },
  }
}

function drawGroup(
  { dots, median, low, high }: DotGroup,
  scale: Scale,
  middle: number,
  colour: string,
  palette: Palette,
): string[] {
  const interval =
    low === null || high === null
      ? []
      : [
          line([scale.at(low), middle], [scale.at(high), middle], palette.text, {
            'stroke-width': 3,
            opacity: '0.85',
          }),
        ]
  return [
    ...dots.map((dot, at) => {
      const place = [scale.at(dot.value), middle + (offsets[at % offsets.length] ?? 0)] as const
      return drawDot(place, dot.isOutlier, colour, palette)
    }),
    ...interval,
    ...(median === null ? [] : [drawMedian(scale.at(median), middle, palette)]),
  ]
}

function drawDot(
  [cx, cy]: readonly [number, number],
  isOutlier: boolean,
  colour: string,
  { surface }: Palette,
): string {
  return isOutlier
    ? element('circle', { cx, cy, r: 3.6, fill: surface, stroke: colour, 'stroke-width': 1.6 })
    : element('circle', { cx, cy, r: 3.6, fill: colour, opacity: '0.62' })
}

function drawMedian(x: number, middle: number, { text: stroke }: Palette): string {
  return line([x, middle - 13], [x, middle + 13], stroke, { 'stroke-width': 2 })
}

function legendEntries(groups: readonly DotGroup[], palette: Palette): LegendEntry[] {
  const { quiet, text: stroke } = palette
  const hasOutlier = groups.some(({ dots }) => dots.some(({ isOutlier }) => isOutlier))
  const hasInterval = groups.some(({ low }) => low !== null)
  const dot = (name: string, isOutlier: boolean): LegendEntry => ({
    name,
    keyWidth: 10,
    key: (x, y) => drawDot([x + 5, y], isOutlier, quiet, palette),
  })
  return [
    dot('a trial', false),
    ...(hasOutlier ? [dot('far from the others', true)] : []),
    {
      name: hasInterval ? 'median and its 95 % interval' : 'median',
      keyWidth: 24,
      key: (x, y) =>
        (hasInterval ? line([x, y], [x + 24, y], stroke, { 'stroke-width': 3 }) : '') +
        line([x + 12, y - 7], [x + 12, y + 7], stroke, { 'stroke-width': 2 }),
    },
  ]
}

/** All that is to be seen, and a little beside it, so that no dot is cut in half. */
function withRoom(groups: readonly DotGroup[], isLogarithmic: boolean): number[] {
  const all = groups.flatMap(({ dots, low, high }) =>
    [...dots.map((dot) => dot.value), low, high].filter((each) => each !== null),
  )
  if (all.length === 0) return []
  const [least, most] = [Math.min(...all), Math.max(...all)]
  if (isLogarithmic) return [least / 1.1, most * 1.1]
  const room = (most - least || Math.abs(most) || 1) * 0.05
  return [least >= 0 ? Math.max(0, least - room) : least - room, most + room]
}
