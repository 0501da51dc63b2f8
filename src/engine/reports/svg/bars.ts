import { barTotal } from '../../../shared/chart-figures.ts'
import { axisMarks } from '../../../shared/drawing/axis-marks.ts'
import { shadeOf } from '../../../shared/drawing/part-shade.ts'
import type { BarChart } from '../../../shared/model/chart.ts'
import { type Model, modelTraits } from '../../../shared/model/execution-model.ts'
import { formatQuantity } from '../../../shared/quantity.ts'
import { lyingAxis, roomBelow, scaleOf } from './axes.ts'
import type { Drawn } from './drawing.ts'
import { box, fontSize, text } from './elements.ts'
import { swatchEntry } from './legend.ts'
import type { Palette } from './palette.ts'
import { shortened, textWidth } from './text-width.ts'

const rowHeight = 30
const barHeight = 20

/** Bars that lie, stacked of parts, each with its sum at its end. */
export function drawBars(chart: BarChart, palette: Palette): Drawn {
  const { title, value, parts, bars } = chart
  const models = [...new Set(bars.map(({ model }) => model))]
  const shade = (model: Model | null, part: number) =>
    palette.mix(
      model === null ? palette.quiet : palette.models[modelTraits[model].family],
      palette.surface,
      shadeOf(part, parts.length),
    )
  return {
    title,
    about: `Bars of ${value.label}, ${parts.length < 2 ? '' : `stacked of ${parts.join(', ')}, `}for ${bars.map(({ name }) => name).join('; ')}.`,
    legend:
      parts.length < 2
        ? []
        : parts.map((name, part) =>
            swatchEntry(
              name,
              models.map((model) => shade(model, part)),
            ),
          ),
    body: (top, width) => {
      const most = width * 0.4
      const names = bars.map(({ name }) => textWidth(shortened(name, most, fontSize), fontSize))
      const left = Math.max(0, ...names) + 12
      const sums = bars.map((_, at) => sumText(chart, at))
      const widest = Math.max(0, ...sums.map((each) => textWidth(each, fontSize)))
      const area = { left, right: width - widest - 14, top: top + 4, bottom: 0 }
      area.bottom = area.top + rowHeight * bars.length
      const scale = scaleOf(marksOf(chart, area.right - area.left), value, area.left, area.right)
      return {
        parts: [
          ...lyingAxis(scale, area, palette),
          ...bars.flatMap(({ name, model, values }, at) => {
            const middle = area.top + rowHeight * (at + 0.5)
            let sum = 0
            const drawn = parts.flatMap((_, part) => {
              const each = values[part] ?? 0
              if (each <= 0) return []
              const from = sum === 0 ? area.left : scale.at(sum) + 1
              sum += each
              const length = Math.max(0.5, scale.at(sum) - from)
              return [box(from, middle - barHeight / 2, length, barHeight, shade(model, part))]
            })
            const end = sum > 0 ? scale.at(sum) : area.left
            return [
              text(left - 12, middle, name, { fill: palette.text, anchor: 'end', most }),
              ...drawn,
              text(end + 8, middle, sums[at] ?? '', { fill: palette.text }),
            ]
          }),
        ],
        bottom: area.bottom + roomBelow,
      }
    },
  }
}

function marksOf({ value, bars }: BarChart, width: number) {
  const sums = bars.map(({ values }) => sumOf(values))
  const known = sums.filter((each) => each > 0)
  // On a logarithm there is no nothing to begin at: the shortest bar is still one.
  const least = value.scale === 'linear' ? 0 : Math.min(...known) / 3
  return axisMarks([least, ...known], value, { isTight: false, most: Math.min(8, width / 90) })
}

function sumText({ bars, value }: BarChart, at: number): string {
  const values = bars[at]?.values ?? []
  const sum = barTotal(values)
  if (sum !== null) return formatQuantity(sum, value)
  return values.every((each) => each === null)
    ? 'not measured'
    : `≥ ${formatQuantity(sumOf(values), value)}`
}

/** Of what was measured. */
function sumOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, each) => sum + (each ?? 0), 0)
}
