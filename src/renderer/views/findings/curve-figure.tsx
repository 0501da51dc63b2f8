import { useCallback, useMemo } from 'react'
import { formatPoint, measuredPlaces } from '../../../shared/chart-figures.ts'
import { type SeriesLook, seriesLooks } from '../../../shared/drawing/series-look.ts'
import type { CurveChart, CurveSeries } from '../../../shared/model/chart.ts'
import { axisCaption, formatQuantity } from '../../../shared/quantity.ts'
import { CurvePlot } from '../../charts/curve-plot.ts'
import { Figure, type FigureHead } from './figure.tsx'
import { SeriesKey } from './legend.tsx'
import { PlotFrame } from './plot-frame.tsx'
import { ReadOut } from './read-out.tsx'

interface Shown {
  readonly series: CurveSeries
  readonly look: SeriesLook
}

export function CurveFigure({
  chart,
  isFromNothing = true,
  name,
}: {
  readonly chart: CurveChart
  /** Else the curves are drawn only where they are, so that small changes are seen. */
  readonly isFromNothing?: boolean
} & FigureHead) {
  const { title, x, y, series, marks } = chart
  const places = useMemo(() => measuredPlaces(chart), [chart])
  const shown = useMemo(() => fromTop(chart), [chart])
  const make = useCallback(
    (canvas: HTMLCanvasElement, frame: HTMLElement) =>
      new CurvePlot(canvas, frame, chart, isFromNothing),
    [chart, isFromNothing],
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
      name={name}
      legend={shown.map(({ series: { name }, look }) => (
        <li key={name}>
          <SeriesKey look={look} /> {name}
        </li>
      ))}
    >
      <p className="figure-axis">
        {axisCaption(y)}
        {!isFromNothing && '; the axis does not begin at 0'}
      </p>
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
          <ReadOut
            title={<b>{placeName(place)}</b>}
            rows={readAt(place).map(({ series: { name: whose }, look, text }) => ({
              name: (
                <>
                  <SeriesKey look={look} /> {whose}
                </>
              ),
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
