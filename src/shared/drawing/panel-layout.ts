import type { Panel, PanelChart, PanelRow } from '../model/chart.ts'
import type { Model } from '../model/execution-model.ts'
import { axisCaption, formatQuantity } from '../quantity.ts'

/* Where everything of a chart of panels lies, in pixels: drawn by the screen and by the reports alike. */

export type PanelShape =
  | {
      readonly kind: 'text'
      readonly x: number
      /** The middle of its letters. */
      readonly y: number
      readonly text: string
      readonly tone: 'text' | 'quiet'
      readonly anchor: 'start' | 'middle' | 'end'
      readonly isStrong: boolean
      /** Pixels it may take. */
      readonly most: number
    }
  | {
      readonly kind: 'bar'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly model: Model | null
    }
  | {
      readonly kind: 'line'
      readonly from: readonly [x: number, y: number]
      readonly to: readonly [x: number, y: number]
      readonly isDashed: boolean
    }

/** Where a bar of a row of panels can be pointed at. */
export interface PanelSpot {
  /** The bar's number in its row of panels, counted through all rows. */
  readonly place: number
  readonly top: number
  readonly bottom: number
  /** Where its first bar ends. */
  readonly x: number
}

export interface PanelLayout {
  readonly height: number
  readonly shapes: readonly PanelShape[]
  readonly spots: readonly PanelSpot[]
}

export interface PanelSetting {
  readonly width: number
  /** Of the letters, in pixels. */
  readonly size: number
  measure(text: string): number
}

/** What is written for a bar without a value. */
const absent = '–'

/** Of the names of bars, and at the right of all names, in letters. */
const indent = 0.9
const margin = 0.8

/** Letters that a panel needs room for; with less, panels lie below each other. */
const leastLetters = 11

export function layoutPanels(chart: PanelChart, setting: PanelSetting): PanelLayout {
  const { groups, rows, columns } = chart
  const { width, size, measure } = setting
  const names = groups.flatMap(({ name, bars }) => [
    measure(name) + margin * size,
    ...bars.map((each) => measure(each.name) + (indent + margin) * size),
  ])
  const left = Math.ceil(Math.min(width * 0.38, Math.max(0, ...names) + 1))
  const gap = 2 * size
  const each = (width - left - gap * (columns.length - 1)) / Math.max(1, columns.length)
  const isStacked = each < leastLetters * size && columns.length > 1
  const shapes: PanelShape[] = []
  const spots: PanelSpot[] = []
  let top = 0.4 * size
  rows.forEach((row, at) => {
    shapes.push(title(axisCaption(row.value), top + 0.75 * size, width))
    top += 1.9 * size
    const across = isStacked
      ? columns.map((_, column) => [column])
      : [columns.map((_, column) => column)]
    for (const together of across) {
      const panelWidth = isStacked ? width - left : each
      const block = drawBlock(chart, row, at, together, {
        ...{ top, left, panelWidth, gap },
        ...{ size, measure },
      })
      shapes.push(...block.shapes)
      spots.push(...block.spots)
      top = block.bottom + (isStacked ? 0.6 * size : 0)
    }
    top += 1.2 * size
  })
  return { height: Math.ceil(Math.max(0, top - 1.2 * size)), shapes, spots }
}

interface BlockSetting {
  readonly top: number
  readonly left: number
  readonly panelWidth: number
  readonly gap: number
  readonly size: number
  measure(text: string): number
}

/** Panels beside each other, with the names of their bars at the left. */
function drawBlock(
  { groups, columns }: PanelChart,
  row: PanelRow,
  rowAt: number,
  together: readonly number[],
  { top, left, panelWidth, gap, size, measure }: BlockSetting,
) {
  const shapes: PanelShape[] = []
  const spots: PanelSpot[] = []
  const line = 1.45 * size
  const barHeight = 0.85 * size
  const xOf = (at: number) => left + at * (panelWidth + gap)
  const bars = groups.flatMap(({ bars: own }) => own)
  // A single one is what the whole chart is of.
  const hasHeads = columns.length > 1
  together.forEach((column, at) => {
    if (hasHeads) shapes.push(quiet(columns[column] ?? '', xOf(at), top + 0.6 * size, panelWidth))
  })
  const begin = top + (hasHeads ? 1.5 : 0) * size
  let y = begin
  let index = 0
  const middles: number[] = []
  for (const group of groups) {
    shapes.push(strong(group.name, 0, y + line / 2, left - margin * size))
    y += line
    for (const { name } of group.bars) {
      const middle = y + line / 2
      middles.push(middle)
      shapes.push(quiet(name, indent * size, middle, left - (indent + margin) * size))
      y += line
      index++
    }
    y += 0.35 * size
  }
  const end = y
  const ends: number[] = []
  together.forEach((column, at) => {
    const panel = row.panels[column]
    if (panel === undefined) return
    const x = xOf(at)
    const written = panel.values.map((value) =>
      value === null ? absent : formatQuantity(value, row.value),
    )
    const reach = Math.max(size, panelWidth - Math.max(0, ...written.map(measure)) - 0.6 * size)
    const place = placesOf(row, panel)
    shapes.push({ kind: 'line', from: [x, begin], to: [x, end], isDashed: false })
    const { mark } = panel
    if (mark !== null) {
      const markX = x + place(mark.value) * reach
      // Not through what is written at the ends of bars.
      const free = middles.map((_, bar) => {
        const value = panel.values[bar] ?? null
        const from = x + (value === null ? 0 : place(value) * reach) + 0.2 * size
        return markX < from || markX > from + measure(written[bar] ?? '') + 0.5 * size
      })
      shapes.push(
        ...dashed(
          markX,
          begin,
          end,
          middles.filter((_, bar) => !free[bar]),
          line / 2,
        ),
      )
      const half = measure(mark.label) / 2
      const middle = Math.max(x + half, Math.min(x + panelWidth - half, markX))
      shapes.push({ ...quiet(mark.label, middle, end + 0.7 * size, panelWidth), anchor: 'middle' })
    }
    panel.values.forEach((value, bar) => {
      const middle = middles[bar] ?? 0
      const length = value === null ? 0 : Math.max(value > 0 ? 1 : 0, place(value) * reach)
      if (length > 0) {
        const model = bars[bar]?.model ?? null
        shapes.push({
          kind: 'bar',
          x,
          y: middle - barHeight / 2,
          width: length,
          height: barHeight,
          model,
        })
      }
      if (at === 0) ends[bar] = x + length
      const tone = value === null ? 'quiet' : 'text'
      shapes.push({
        ...quiet(written[bar] ?? absent, x + length + 0.45 * size, middle, panelWidth),
        tone,
      })
    })
  })
  middles.forEach((middle, bar) => {
    const place = rowAt * index + bar
    spots.push({ place, top: middle - line / 2, bottom: middle + line / 2, x: ends[bar] ?? left })
  })
  const hasMarks = together.some((column) => row.panels[column]?.mark != null)
  return { shapes, spots, bottom: end + (hasMarks ? 1.6 : 0.4) * size }
}

/** A stroke from top to bottom that leaves out what lies around some places. */
function dashed(
  x: number,
  top: number,
  bottom: number,
  without: readonly number[],
  around: number,
): PanelShape[] {
  const ends = [...without.map((each) => each - around), bottom]
  const begins = [top, ...without.map((each) => each + around)]
  return begins.flatMap((from, at): PanelShape[] => {
    const to = ends[at] ?? bottom
    return to - from < 1 ? [] : [{ kind: 'line', from: [x, from], to: [x, to], isDashed: true }]
  })
}

/** How far along a panel a value lies, 0–1. */
function placesOf(row: PanelRow, panel: Panel): (value: number) => number {
  const panels = row.isShared ? row.panels : [panel]
  const all = panels.flatMap(({ values, mark }) => [...values, mark?.value ?? null])
  const known = all.flatMap((each) => (each !== null && each > 0 ? [each] : []))
  const most = Math.max(0, ...known)
  if (most === 0) return () => 0
  if (row.value.scale === 'linear') return (value) => Math.max(0, value) / most
  // On a logarithm there is no nothing to begin at: the shortest bar is still one.
  const least = Math.min(...known) / 3
  return (value) => (value <= 0 ? 0 : Math.log(value / least) / Math.log(most / least))
}

function title(text: string, y: number, most: number): PanelShape {
  return { kind: 'text', x: 0, y, text, tone: 'text', anchor: 'start', isStrong: true, most }
}

function strong(text: string, x: number, y: number, most: number): PanelShape {
  return { kind: 'text', x, y, text, tone: 'text', anchor: 'start', isStrong: false, most }
}

function quiet(text: string, x: number, y: number, most: number) {
  const plain = { kind: 'text', tone: 'quiet', anchor: 'start', isStrong: false } as const
  return { ...plain, x, y, text, most }
}
