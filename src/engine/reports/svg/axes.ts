import { type AxisMarks, axisMarks } from '../../../shared/drawing/axis-marks.ts'
import type { Axis } from '../../../shared/model/chart.ts'
import { axisCaption, formatMark } from '../../../shared/quantity.ts'
import { fontSize, line, text } from './elements.ts'
import type { Palette } from './palette.ts'
import { textWidth } from './text-width.ts'

/** Where the values of an axis lie, in pixels. */
export interface Scale {
  readonly axis: Axis
  readonly marks: readonly number[]
  readonly from: number
  readonly to: number
  at(value: number): number
}

export interface Area {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Pixels between two marks, so that their texts do not touch. */
const apart = { across: 78, along: 36 }

/** @param from pixel of the least value, which may be more than that of the largest */
export function scaleOf(found: AxisMarks, axis: Axis, from: number, to: number): Scale {
  const { min, max, marks } = found
  const place =
    axis.scale === 'logarithmic'
      ? (value: number) => Math.log(value / min) / Math.log(max / min)
      : (value: number) => (value - min) / (max - min)
  return {
    axis,
    marks,
    from,
    to,
    // What a logarithm has no place for lies at the end of all that is seen.
    at: (value) =>
      axis.scale === 'logarithmic' && value <= 0 ? from : from + place(value) * (to - from),
  }
}

export function across(
  values: readonly number[],
  axis: Axis,
  { left, right }: Pick<Area, 'left' | 'right'>,
  isTight = true,
): Scale {
  const found = axisMarks(values, axis, { isTight, most: (right - left) / apart.across })
  return scaleOf(found, axis, left, right)
}

export function marksAlong(values: readonly number[], axis: Axis, height: number): AxisMarks {
  return axisMarks(values, axis, { isTight: false, most: height / apart.along })
}

/** Pixels that the marks of an upright axis take beside it. */
export function widthOfMarks({ marks }: AxisMarks, axis: Axis): number {
  return Math.max(20, ...marks.map((each) => textWidth(formatMark(each, axis), fontSize))) + 10
}

/** Pixels below a picture for the marks and the name of its lying axis. */
export const roomBelow = 42

/** Lines across the area, with their values on its left, and the axis' name above. */
export function uprightAxis(scale: Scale, area: Area, { grid, quiet }: Palette): string[] {
  const { axis, marks } = scale
  return [
    text(0, area.top - 16, axisCaption(axis), { fill: quiet, most: area.right }),
    ...marks.flatMap((mark) => {
      const y = scale.at(mark)
      return [
        line([area.left, y], [area.right, y], grid),
        text(area.left - 8, y, formatMark(mark, axis), { fill: quiet, anchor: 'end' }),
      ]
    }),
  ]
}

/** Lines along the area, with their values below, and the axis' name below them. */
export function lyingAxis(
  { axis, marks, at }: Scale,
  area: Area,
  { grid, quiet }: Palette,
  isGrid = true,
): string[] {
  let taken = Number.NEGATIVE_INFINITY
  return [
    ...marks.flatMap((mark) => {
      const x = at(mark)
      const words = formatMark(mark, axis)
      const width = textWidth(words, fontSize)
      // The texts at the ends are not to stand out.
      const left = Math.max(area.left - 8, Math.min(area.right + 8 - width, x - width / 2))
      const isFree = left > taken + 6
      if (isFree) taken = left + width
      return [
        line([x, isGrid ? area.top : area.bottom], [x, area.bottom + 5], grid),
        ...(isFree ? [text(left, area.bottom + 15, words, { fill: quiet })] : []),
      ]
    }),
    text(area.right, area.bottom + 33, axisCaption(axis), {
      fill: quiet,
      anchor: 'end',
      most: area.right,
    }),
  ]
}
