import type { HeatChart } from '../../../shared/model/chart.ts'
import { across, lyingAxis, roomBelow, type Scale } from './axes.ts'
import type { Drawn } from './drawing.ts'
import { box, element, fontSize, line, px, text } from './elements.ts'
import type { LegendEntry } from './legend.ts'
import type { Palette } from './palette.ts'
import { textWidth } from './text-width.ts'

/** Height of a row: much where there are few, little where there are many. */
const rowHeights = { most: 24, least: 4, together: 260 }
/** More columns than these are no more than a pixel or two each: then a column is a mean. */
const mostColumns = 240
/** Shades that are told apart: of busy, and of how much of it is the run's own work. */
const steps = { busy: 20, own: 5 }

/** Which core was busy when: a row a core, and whose work it did. */
export function drawHeat(chart: HeatChart, palette: Palette): Drawn {
  const { title, x, rows, slots, end } = chart
  const isAttributed = rows.some(({ ownShares }) => ownShares !== null)
  return {
    title,
    about: `How busy each of ${rows.length} rows was over ${x.label}, from ${rows[0]?.name ?? 'none'} to ${rows.at(-1)?.name ?? 'none'}.`,
    legend: [
      rampEntry(
        isAttributed ? 'the run’s own work: idle to busy' : 'idle to busy',
        palette.heat,
        palette,
      ),
      ...(isAttributed ? [rampEntry('other programs’ work', palette.others, palette)] : []),
      {
        name: 'not read',
        keyWidth: 16,
        key: (left, y) => box(left, y - 5, 16, 10, palette.notRead, { stroke: palette.grid }),
      },
    ],
    body: (top, width) => {
      const { most, least, together } = rowHeights
      const height = Math.min(most, Math.max(least, together / Math.max(1, rows.length)))
      const names = rows.map(({ name }) => textWidth(name, fontSize))
      const area = { left: Math.max(20, ...names) + 10, right: width - 8, top: top + 4, bottom: 0 }
      area.bottom = area.top + height * rows.length
      const from = slots[0] ?? 0
      const scale = across([from, end], x, area)
      const nameStep = Math.ceil(14 / height)
      return {
        parts: [
          ...lyingAxis(scale, area, palette, false),
          ...rows.flatMap(({ name }, at) =>
            at % nameStep === 0
              ? [
                  text(area.left - 8, area.top + (at + 0.5) * height, name, {
                    fill: palette.quiet,
                    anchor: 'end',
                  }),
                ]
              : [],
          ),
          ...drawCells(chart, scale, area.top, height, palette),
          ...(from < 0 && end > 0
            ? [
                line([scale.at(0), area.top - 3], [scale.at(0), area.bottom + 3], palette.text, {
                  'stroke-dasharray': '3 3',
                }),
              ]
            : []),
        ],
        bottom: area.bottom + roomBelow,
      }
    },
  }
}

function rampEntry(name: string, stops: readonly string[], { grid }: Palette): LegendEntry {
  return {
    name,
    keyWidth: 12 * stops.length,
    key: (x, y) =>
      stops.map((colour, at) => box(x + 12 * at, y - 5, 12.3, 10, colour)).join('') +
      element('rect', { x, y: y - 5, width: 12 * stops.length, height: 10, stroke: grid }),
  }
}

/** One path a shade: cells that are alike are one piece, which keeps the picture small. */
function drawCells(
  { slots, end, rows }: HeatChart,
  scale: Scale,
  top: number,
  height: number,
  palette: Palette,
): string[] {
  const paths = new Map<string, string[]>()
  const columns = columnsOf(slots, end)
  rows.forEach(({ shares, ownShares }, row) => {
    const y = px(top + row * height)
    const shades = columns.map(({ first, last }) => {
      const busy = meanOf(shares, first, last)
      return shadeOf(busy, ownShares === null ? null : meanOf(ownShares, first, last))
    })
    shades.forEach((shade, column) => {
      if (shade === shades[column - 1]) return
      const next = shades.findIndex((each, at) => at > column && each !== shade)
      const [left, right] = [columns[column]?.from, columns[next]?.from].map((each) =>
        scale.at(each ?? end),
      ) as [number, number]
      const width = px(right - left)
      const piece = `M${px(left)} ${y}h${width}v${px(height)}h-${width}z`
      const pieces = paths.get(shade)
      if (pieces === undefined) paths.set(shade, [piece])
      else pieces.push(piece)
    })
  })
  return [...paths]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([shade, pieces]) =>
      element('path', {
        d: pieces.join(''),
        fill: colourOf(shade, palette),
        'shape-rendering': 'crispEdges',
      }),
    )
}

interface Column {
  readonly from: number
  /** The slots that it shows. */
  readonly first: number
  readonly last: number
}

function columnsOf(slots: readonly number[], end: number): Column[] {
  if (slots.length <= mostColumns) {
    return slots.map((from, at) => ({ from, first: at, last: at }))
  }
  const begin = slots[0] ?? 0
  let slot = 0
  return Array.from({ length: mostColumns }, (_, column) => {
    const from = begin + (column / mostColumns) * (end - begin)
    const to = begin + ((column + 1) / mostColumns) * (end - begin)
    while (slot < slots.length - 1 && (slots[slot + 1] ?? end) <= from) slot++
    const first = slot
    let last = slot
    while (last < slots.length - 1 && (slots[last + 1] ?? end) < to) last++
    return { from, first, last }
  })
}

function meanOf(shares: readonly (number | null)[], first: number, last: number): number | null {
  let [sum, count] = [0, 0]
  for (let slot = first; slot <= last; slot++) {
    const share = shares[slot] ?? null
    if (share === null) continue
    sum += share
    count++
  }
  return count === 0 ? null : sum / count
}

/** Two numbers of steps; `none` where it was not read. */
function shadeOf(busy: number | null, own: number | null): string {
  if (busy === null) return 'none'
  const part = own === null || own >= busy ? 1 : Math.max(0, own) / busy
  const step = Math.round(Math.min(1, Math.max(0, busy)) * steps.busy)
  return `${step} ${step === 0 ? steps.own : Math.round(part * steps.own)}`
}

function colourOf(shade: string, palette: Palette): string {
  if (shade === 'none') return palette.notRead
  const [busy = 0, own = 0] = shade.split(' ').map(Number)
  const ours = between(palette.heat, busy / steps.busy, palette)
  if (own === steps.own) return ours
  const theirs = between(palette.others, busy / steps.busy, palette)
  return palette.mix(theirs, ours, own / steps.own)
}

/** A colour at a place, 0–1, of a ramp whose stops lie equally far apart. */
function between(stops: readonly string[], at: number, palette: Palette): string {
  const place = at * (stops.length - 1)
  const low = Math.min(stops.length - 2, Math.floor(place))
  return palette.mix(stops[low] as string, stops[low + 1] as string, place - low)
}
