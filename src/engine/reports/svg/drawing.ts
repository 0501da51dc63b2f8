import { box, element, escaped, fontSize, px, text, titleOf } from './elements.ts'
import { type LegendEntry, legendOf } from './legend.ts'
import type { Palette } from './palette.ts'
import { fontFamily } from './text-width.ts'

/** What is drawn of a chart below its title and legend. */
export interface Body {
  readonly parts: readonly string[]
  /** Where it ends. */
  readonly bottom: number
}

export interface Drawn {
  readonly title: string
  /** What one who does not see it should know of it. */
  readonly about: string
  readonly legend: readonly LegendEntry[]
  /** @param top where there is room from on; the width is all its own */
  body(top: number, width: number): Body
}

export interface Setting {
  readonly palette: Palette
  /** Of the picture, in pixels. */
  readonly width: number
  /** Stands for itself: with its title, its margins and its background. */
  readonly isAlone: boolean
}

const titleSize = 15
const margin = 18

/** A picture as SVG. */
export function svgOf(drawn: Drawn, { palette, width, isAlone }: Setting): string {
  const { title, about, legend, body } = drawn
  const inner = width - (isAlone ? 2 * margin : 0)
  const titleHeight = isAlone ? titleSize + 14 : 0
  const names = legendOf(legend, inner, titleHeight, palette)
  const { parts, bottom } = body(titleHeight + names.height, inner)
  const height = Math.ceil(bottom + (isAlone ? 2 * margin : 0))
  const content = [
    ...(isAlone
      ? [text(0, titleSize / 2, title, { fill: palette.text, size: titleSize, most: inner })]
      : []),
    ...names.parts,
    ...parts,
  ].join('\n')
  const shifted = isAlone
    ? `${box(0, 0, width, height, palette.surface)}\n${element('g', { transform: `translate(${margin} ${margin})` }, content)}`
    : content
  const attributes = {
    ...(isAlone ? { xmlns: 'http://www.w3.org/2000/svg', width, height } : {}),
    viewBox: `0 0 ${px(width)} ${height}`,
    role: 'img',
    'font-family': fontFamily,
    'font-size': fontSize,
    fill: 'none',
  }
  return element('svg', attributes, `${titleOf(title)}<desc>${escaped(about)}</desc>\n${shifted}\n`)
}
