import { useCallback, useMemo } from 'react'
import { looksOf, type SeriesLook } from '../../../shared/drawing/series-look.ts'
import type { DotChart, DotGroup } from '../../../shared/model/chart.ts'
import { axisCaption, formatQuantity, formatWithInterval } from '../../../shared/quantity.ts'
import { DotsPlot } from '../../charts/dots-plot.ts'
import { Figure, type FigureHead } from '../findings/figure.tsx'
import { PlotFrame } from '../findings/plot-frame.tsx'
import { ReadOut } from '../findings/read-out.tsx'

/** Height of a group and of the axis, in rem; where there are many groups they are flatter. */
const ofGroup = { few: 2.6, many: 1.6 } as const
const mostOfFew = 14
const ofAxis = 2.2

/** Each trial a dot, with the median of its group and the interval of that. */
export function DotsFigure({
  chart,
  sides,
  name,
}: {
  readonly chart: DotChart
  readonly sides: readonly SeriesLook[]
} & FigureHead) {
  const { title, value, groups } = chart
  const looks = useMemo(() => looksOf(groups, sides), [groups, sides])
  const make = useCallback(
    (canvas: HTMLCanvasElement, frame: HTMLElement) => new DotsPlot(canvas, frame, chart, looks),
    [chart, looks],
  )
  const height = groups.length > mostOfFew ? ofGroup.many : ofGroup.few
  const hasOutliers = groups.some(({ dots }) => dots.some(({ isOutlier }) => isOutlier))
  const rowsOf = (group: DotGroup) => {
    const { dots, median, low, high } = group
    const write = (each: number | undefined) =>
      each === undefined ? '–' : formatQuantity(each, value)
    const values = dots.map((dot) => dot.value).sort((a, b) => a - b)
    const outliers = dots.filter(({ isOutlier }) => isOutlier).length
    return [
      [
        'median',
        median === null || low === null || high === null
          ? write(median ?? undefined)
          : formatWithInterval(median, [low, high], value),
      ],
      ['trials', String(dots.length)],
      ['least', write(values[0])],
      ['largest', write(values.at(-1))],
      ...(outliers === 0 ? [] : [['far from the others', String(outliers)]]),
    ] as const
  }
  const words = (place: number) => {
    const group = groups[place]
    if (group === undefined) return ''
    const rows = rowsOf(group).map(([name, text]) => `${name} ${text}`)
    return `${group.name.slice(0, 200)}: ${rows.join('; ')}`
  }
  return (
    <Figure chart={chart} name={name} legend={null}>
      <PlotFrame
        name={title}
        about={`Trials of ${groups.map(({ name }) => name.slice(0, 200)).join('; ')}, each a dot along ${value.label}.`}
        height={groups.length * height + ofAxis}
        places={groups.length}
        textOf={words}
        tipOf={(place) => {
          const group = groups[place]
          if (group === undefined) return null
          return (
            <ReadOut
              title={
                <b className="side-name" dir="auto">
                  {group.name}
                </b>
              }
              rows={rowsOf(group).map(([row, text]) => ({ name: row, text }))}
            />
          )
        }}
        make={make}
      />
      <p className="figure-axis" data-axis="x">
        {axisCaption(value)}; line: median; shaded: its 95 % interval
        {hasOutliers && '; rings: trials far from the others'}
      </p>
    </Figure>
  )
}
