import { shortened } from './text-width.ts'

/* The few elements that pictures are made of, as text. */

/** A number of pixels, to a tenth. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** A text between tags or in an attribute; what XML has no place for is left out. */
export function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  )
}

type Attributes = Readonly<Record<string, string | number | undefined>>

export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? px(value) : value}"`)
    .join('')
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`
}

export const fontSize = 12

export interface TextOptions {
  readonly fill: string
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly size?: number
  /** Pixels it may take; what is longer is cut, and whole in its title. */
  readonly most?: number
}

/** A text of one line. @param y the middle of its letters */
export function text(
  x: number,
  y: number,
  content: string,
  { fill, anchor = 'start', size = fontSize, most = Number.POSITIVE_INFINITY }: TextOptions,
): string {
  const fitting = shortened(content, most, size)
  const isWhole = fitting === content
  return element(
    'text',
    {
      x,
      y: y + size * 0.36,
      'font-size': size === fontSize ? undefined : size,
      'text-anchor': anchor === 'start' ? undefined : anchor,
      fill,
    },
    `${isWhole ? '' : titleOf(content)}${escaped(fitting)}`,
  )
}

/** What a browser tells of an element under the pointer, and readers say. */
export function titleOf(content: string): string {
  return `<title>${escaped(content)}</title>`
}

export function line(
  from: readonly [x: number, y: number],
  to: readonly [x: number, y: number],
  stroke: string,
  more: Attributes = {},
): string {
  return element('path', {
    d: `M${px(from[0])} ${px(from[1])}L${px(to[0])} ${px(to[1])}`,
    stroke,
    ...more,
  })
}

export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  more: Attributes = {},
): string {
  return element('rect', { x, y, width: Math.max(0, width), height, fill, ...more })
}
