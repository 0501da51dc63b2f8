import { useCallback, useMemo } from 'react'
import { looksOf, type SeriesLook } from '../../../shared/drawing/series-look.ts'
import { pointAt, readingPlaces } from '../../../shared/line-reading.ts'
import type { LineChart } from '../../../shared/model/chart.ts'
import { axisCaption, formatQuantity, formatWithInterval } from '../../../shared/quantity.ts'
import { LinesPlot } from '../../charts/lines-plot.ts'
import { Figure, type FigureHead } from '../findings/figure.tsx'
import { PlotFrame } from '../findings/plot-frame.tsx'
import { ReadOut } from '../findings/read-out.tsx'
import { SideLegend, SideRowName } from './side-legend.tsx'

/** Figures over a time that all sides have in common. */
export function LinesFigure({
  chart,
  sides,
  name,
}: {
  readonly chart: LineChart
  readonly sides: readonly SeriesLook[]
} & FigureHead) {
  const { title, x, y, lines } = chart
  const looks = useMemo(() => looksOf(lines, sides), [lines, sides])
  const places = useMemo(() => readingPlaces(lines), [lines])
  const make = useCallback(
    (canvas: HTMLCanvasElement, frame: HTMLElement) => new LinesPlot(canvas, frame, chart, looks),
    [chart, looks],
  )
  const hasBands = lines.some(({ low, high }) => low !== null && high !== null)
  const readAt = (place: number) =>
    lines.flatMap((line, at) => {
      const point = pointAt(line, places[place] ?? 0)
      const value = point === null ? null : line.y[point]
      if (point === null || value == null) return []
      const [low, high] = [line.low?.[point], line.high?.[point]]
      const text =
        low == null || high == null || low === high
          ? formatQuantity(value, y)
          : formatWithInterval(value, [low, high], y)
      return { name: line.name, side: line.side, look: looks[at], text }
    })
  const placeName = (place: number) => `${x.label} ${formatQuantity(places[place] ?? 0, x)}`
  return (
    <Figure
      chart={chart}
      name={name}
      legend={<SideLegend items={lines.map((line, at) => ({ ...line, look: looks[at] }))} />}
    >
      <p className="figure-axis">
        {axisCaption(y)}
        {hasBands && '; bands: the least and the largest reading behind each point'}
      </p>
      <PlotFrame
        name={title}
        about={`${y.label} over ${x.label}, lines: ${lines.map(({ name }) => name.slice(0, 200)).join(', ')}.`}
        height={null}
        places={places.length}
        textOf={(place) =>
          `${placeName(place)}: ${readAt(place)
            .map(({ name, text }) => `${name.slice(0, 200)} ${text}`)
            .join('; ')}`
        }
        tipOf={(place) => (
          <ReadOut
            title={<b>{placeName(place)}</b>}
            rows={readAt(place).map(({ text, ...line }) => ({
              name: <SideRowName {...line} />,
              text,
            }))}
          />
        )}
        make={make}
      />
      <p className="figure-axis" data-axis="x">
        {axisCaption(x)}
      </p>
    </Figure>
  )
}
