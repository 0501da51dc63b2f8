import { useCallback, useMemo } from 'react'
import { formatPoint, measuredPlaces } from '../../../shared/chart-figures.ts'
import { type SeriesLook, seriesLooks } from '../../../shared/drawing/series-look.ts'
import type { CurveChart, CurveSeries } from '../../../shared/model/chart.ts'
import { axisCaption, formatQuantity } from '../../../shared/quantity.ts'
import { CurvePlot } from '../../charts/curve-plot.ts'
import { Figure, type FigureHead } from './figure.tsx'
import { SeriesKey } from './legend.tsx'
import { PlotFrame } from './plot-frame.tsx'

interface Shown {
  readonly series: CurveSeries
  readonly look: SeriesLook
}

export function CurveFigure({
  chart,
  ...head
}: {
  readonly chart: CurveChart
} & FigureHead) {
  const { title, x, y, series, marks } = chart
  const places = useMemo(() => measuredPlaces(chart), [chart])
  const shown = useMemo(() => fromTop(chart), [chart])
  const make = useCallback(
    (canvas: HTMLCanvasElement, frame: HTMLElement) => new CurvePlot(canvas, frame, chart),
    [chart],
  )
  const readAt = (place: number) => {
    const at = places[place] ?? 0
    return shown.flatMap((each) => {
      const point = each.series.points.find((one) => one.x === at)
      return point === undefined ? [] : [{ ...each, text: formatPoint(point, y) }]
    })
  }
  const placeName = (place: number) => `${x.label} ${formatQuantity(places[place] ?? 0, x)}`
  const names = series.map(({ name }) => name).join(', ')
  const named = marks.map(({ x: at, label }) => `${label} at ${formatQuantity(at, x)}`)
  return (
    <Figure
      chart={chart}
      {...head}
      legend={shown.map(({ series: { name }, look }) => (
        <li key={name}>
          <SeriesKey look={look} /> {name}
        </li>
      ))}
    >
      <p className="figure-axis">{axisCaption(y)}</p>
      <PlotFrame
        name={title}
        about={`${y.label} over ${x.label}, curves: ${names}.${named.length === 0 ? '' : ` Marked: ${named.join('; ')}.`}`}
        height={null}
        places={places.length}
        textOf={(place) =>
          `${placeName(place)}: ${readAt(place)
            .map((each) => `${each.series.name} ${each.text}`)
            .join('; ')}`
        }
        tipOf={(place) => (
          <>
            <b>{placeName(place)}</b>
            <table>
              <tbody>
                {readAt(place).map(({ series: { name }, look, text }) => (
                  <tr key={name}>
                    <th scope="row">
                      <SeriesKey look={look} /> {name}
                    </th>
                    <td>{text}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
        make={make}
      />
      <p className="figure-axis" data-axis="x">
        {axisCaption(x)}
      </p>
    </Figure>
  )
}

/** The series in the order in which their curves end, the highest first, so that the eye goes straight across. */
function fromTop({ series }: CurveChart): readonly Shown[] {
  const looks = seriesLooks(series)
  const end = ({ points }: CurveSeries) => points.at(-1)?.y ?? Number.NEGATIVE_INFINITY
  return series
    .flatMap((each, at): Shown[] => {
      const look = looks[at]
      return look === undefined ? [] : [{ series: each, look }]
    })
    .sort(
      (a, b) =>
        Number(a.series.isReference) - Number(b.series.isReference) ||
        end(b.series) - end(a.series),
    )
}
