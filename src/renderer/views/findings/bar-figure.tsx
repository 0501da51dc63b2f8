import { useCallback } from 'react'
import { barTotal } from '../../../shared/chart-figures.ts'
import { shadeOf } from '../../../shared/drawing/part-shade.ts'
import type { BarChart } from '../../../shared/model/chart.ts'
import { axisCaption, formatQuantity } from '../../../shared/quantity.ts'
import { BarPlot } from '../../charts/bar-plot.ts'
import { Figure, type FigureHead } from './figure.tsx'
import { PartKey } from './legend.tsx'
import { PlotFrame } from './plot-frame.tsx'
import { ReadOut } from './read-out.tsx'

/** Height of a bar with the room around it, and of the axis, in rem. */
const ofBar = 2
const ofAxis = 2.2

export function BarFigure({
  chart,
  name,
}: {
  readonly chart: BarChart
} & FigureHead) {
  const { title, value, parts, bars } = chart
  const models = [...new Set(bars.map(({ model }) => model))]
  const make = useCallback(
    (canvas: HTMLCanvasElement, frame: HTMLElement) => new BarPlot(canvas, frame, chart),
    [chart],
  )
  const write = (each: number | null) =>
    each === null ? 'not measured' : formatQuantity(each, value)
  const readAt = (place: number) => {
    const values = bars[place]?.values ?? []
    const each = parts.map((name, at) => ({
      name,
      shade: shadeOf(at, parts.length),
      text: write(values[at] ?? null),
    }))
    if (parts.length < 2) return each
    return [...each, { name: 'together', shade: null, text: write(barTotal(values)) }]
  }
  return (
    <Figure
      chart={chart}
      name={name}
      legend={
        parts.length < 2
          ? null
          : parts.map((name, part) => (
              <li key={name}>
                <PartKey models={models} shade={shadeOf(part, parts.length)} /> {name}
              </li>
            ))
      }
    >
      <PlotFrame
        name={title}
        about={`Bars of ${value.label}, ${parts.length < 2 ? '' : `stacked of ${parts.join(', ')}, `}for ${bars.map(({ name }) => name).join('; ')}.`}
        height={bars.length * ofBar + ofAxis}
        places={bars.length}
        textOf={(place) =>
          `${bars[place]?.name ?? ''}: ${readAt(place)
            .map(({ name, text }) => `${name} ${text}`)
            .join('; ')}`
        }
        tipOf={(place) => (
          <ReadOut
            title={<b>{bars[place]?.name}</b>}
            rows={readAt(place).map(({ name: part, shade, text }) => ({
              name: (
                <>
                  {shade !== null && (
                    <PartKey models={[bars[place]?.model ?? null]} shade={shade} />
                  )}{' '}
                  {part}
                </>
              ),
              text,
            }))}
          />
        )}
        make={make}
      />
      <p className="figure-axis" data-axis="x">
        {axisCaption(value)}
      </p>
    </Figure>
  )
}
