/*
 * How wide a text is, without a screen: the advances of DejaVu Sans, in thousandths of its size. Verdana
 * has nearly the same; what other systems have instead is narrower, so that nothing is cut off there.
 */

const fromSpace =
  '318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 636 636 636 636 337 337 838 838 838 531 1000 684 686 698 770 632 575 775 752 295 295 656 557 863 748 787 603 787 695 635 611 732 684 989 685 611 685 390 337 390 838 500 500 613 635 550 635 615 352 635 634 278 278 579 278 974 634 612 635 635 411 521 392 634 592 818 592 592 525 636 337 636 838'
    .split(' ')
    .map(Number)

const others: Readonly<Record<string, number>> = {
  ...{ '–': 500, '·': 318, '’': 318, µ: 636, σ: 634, κ: 589, '…': 1000, '—': 1000 },
  ...{ '−': 838, '×': 838, '≥': 838 },
}

/** A letter of another alphabet, and one that takes the room of two. */
const usual = 680
const wide = 1000
const firstWide = 0x2e80

export const fontFamily = "DejaVu Sans, Verdana, 'Segoe UI', system-ui, sans-serif"

/** @param size of the font, in pixels, as is the result */
export function textWidth(text: string, size: number): number {
  let sum = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    sum += fromSpace[code - 32] ?? others[character] ?? (code < firstWide ? usual : wide)
  }
  return (sum * size) / 1000
}

/** More characters than fit any picture. */
const most = 400

/** A text cut to a width, with an ellipsis where something is missing. */
export function shortened(text: string, width: number, size: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const characters = [...line.slice(0, 2 * most)].slice(0, most)
  const whole = characters.join('')
  if (whole === line && textWidth(line, size) <= width) return line
  const room = width - textWidth('…', size)
  let sum = 0
  const fitting = characters.findIndex((each) => {
    sum += textWidth(each, size)
    return sum > room
  })
  return `${characters.slice(0, fitting === -1 ? most : fitting).join('')}…`
}
