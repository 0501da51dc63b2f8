import type { PointShape, SeriesLook } from '../../../shared/drawing/series-look.ts'
import { box, element, fontSize, line, px, text } from './elements.ts'
import { type Palette, seriesColour } from './palette.ts'
import { shortened, textWidth } from './text-width.ts'

/** A name, and the mark that stands for it. */
export interface LegendEntry {
  readonly name: string
  readonly keyWidth: number
  /** @param y the middle of the line */
  key(x: number, y: number): string
}

const rowHeight = 19
const gap = 16
/** Pixels of a name, before it is cut. */
const longest = 300

/** Names beside each other, in as many rows as they take. */
export function legendOf(
  entries: readonly LegendEntry[],
  width: number,
  top: number,
  palette: Palette,
): { readonly parts: readonly string[]; readonly height: number } {
  if (entries.length === 0) return { parts: [], height: 0 }
  let [x, row] = [0, 0]
  const parts = entries.flatMap(({ name, key, keyWidth }) => {
    const most = Math.min(longest, width - keyWidth - 6)
    const taken = keyWidth + 6 + textWidth(shortened(name, most, fontSize), fontSize)
    if (x > 0 && x + taken > width) [x, row] = [0, row + 1]
    const y = top + row * rowHeight + rowHeight / 2
    const drawn = [key(x, y), text(x + keyWidth + 6, y, name, { fill: palette.text, most })]
    x += taken + gap
    return drawn
  })
  return { parts, height: (row + 1) * rowHeight + 4 }
}

/** What series are told apart by: the name of each with its mark, and their colours. */
export function seriesMarks(
  series: readonly { readonly name: string }[],
  looks: readonly SeriesLook[],
  palette: Palette,
): { readonly legend: LegendEntry[]; readonly colourOf: (at: number) => string } {
  return {
    legend: series.flatMap(({ name }, at) => {
      const look = looks[at]
      return look === undefined ? [] : [seriesEntry(name, look, palette)]
    }),
    colourOf: (at) => seriesColour(palette, looks[at]?.model ?? null, looks[at]?.darker ?? 0),
  }
}

/** A stroke as a series is drawn, with its point in the middle. */
function seriesEntry(name: string, look: SeriesLook, palette: Palette): LegendEntry {
  const colour = seriesColour(palette, look.model, look.darker)
  return {
    name,
    keyWidth: 34,
    key: (x, y) =>
      line([x, y], [x + 34, y], colour, strokeOf(look)) +
      (look.shape === null ? '' : point(look.shape, x + 17, y, colour)),
  }
}

export function strokeOf({ shape, dash }: Pick<SeriesLook, 'shape' | 'dash'>) {
  return {
    'stroke-width': shape === null ? 1.5 : 2,
    'stroke-dasharray': dash.length === 0 ? undefined : dash.join(' '),
  }
}

/** Swatches: of a part in the shade that it has in each model, of a colour. */
export function swatchEntry(name: string, colours: readonly string[]): LegendEntry {
  const keyWidth = 13 * colours.length
  return {
    name,
    keyWidth,
    key: (x, y) => colours.map((each, at) => box(x + 13 * at, y - 5.5, 11, 11, each)).join(''),
  }
}

/** A point that is told from those of other series by its shape. */
export function point(shape: PointShape, x: number, y: number, colour: string): string {
  const path = (d: string) => element('path', { d, fill: colour })
  const at = `M${px(x)} ${px(y)}`
  switch (shape) {
    case 'circle':
      return element('circle', { cx: x, cy: y, r: 3.5, fill: colour })
    case 'square':
      return path(`${at}m-3.3-3.3h6.6v6.6h-6.6z`)
    case 'triangle':
      return path(`${at}m0-4.5l4.2 7.3h-8.4z`)
    case 'diamond':
      return path(`${at}m0-4.6l4.6 4.6l-4.6 4.6l-4.6-4.6z`)
    case 'cross':
      return element('path', {
        d: `${at}m-3.4-3.4l6.8 6.8m0-6.8l-6.8 6.8`,
        stroke: colour,
        'stroke-width': 2,
      })
  }
}
