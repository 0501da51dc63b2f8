import { useCallback, useState } from 'react'
import { aboutPanels, familiesOf } from '../../../shared/drawing/panel-words.ts'
import type { PanelChart } from '../../../shared/model/chart.ts'
import { axisTitle, formatQuantity } from '../../../shared/quantity.ts'
import { PanelPlot } from '../../charts/panel-plot.ts'
import { Figure, type FigureHead } from './figure.tsx'
import { PartKey } from './legend.tsx'
import { PlotFrame } from './plot-frame.tsx'
import { ReadOut } from './read-out.tsx'

/** Before it is drawn once, in rem. */
const usualHeight = 30

export function PanelFigure({ chart, name }: { readonly chart: PanelChart } & FigureHead) {
  const { title, columns, groups, rows } = chart
  const [height, setHeight] = useState<number | null>(null)
  const make = useCallback(
    (canvas: HTMLCanvasElement, frame: HTMLElement) =>
      new PanelPlot(canvas, frame, chart, (pixels) => {
        const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
        setHeight(pixels / rem)
      }),
    [chart],
  )
  const bars = groups.flatMap(({ name: group, bars: own }) =>
    own.map(({ name, model }) => ({ group, name, model })),
  )
  const readAt = (place: number) => {
    const row = rows[Math.floor(place / Math.max(1, bars.length))]
    const at = place % Math.max(1, bars.length)
    const values = row?.panels.map(({ values: all }, column) => {
      const value = all[at] ?? null
      const text =
        value === null || row === undefined ? 'not measured' : formatQuantity(value, row.value)
      return { column: columns[column] ?? '', text }
    })
    return {
      bar: bars[at],
      measure: row === undefined ? '' : axisTitle(row.value),
      values: values ?? [],
    }
  }
  return (
    <Figure
      chart={chart}
      name={name}
      legend={familiesOf(chart).map((family) => (
        <li key={family}>
          <PartKey models={[family]} shade={0} /> {family}
        </li>
      ))}
    >
      <PlotFrame
        name={title}
        about={aboutPanels(chart)}
        height={height ?? usualHeight}
        places={rows.length * bars.length}
        textOf={(place) => {
          const { bar, measure, values } = readAt(place)
          const told = values.map(({ column, text }) => `${column} ${text}`).join('; ')
          return `${measure}, ${bar?.group ?? ''}, ${bar?.name ?? ''}: ${told}`
        }}
        tipOf={(place) => {
          const { bar, measure, values } = readAt(place)
          return (
            <ReadOut
              title={
                <>
                  <b>
                    {bar?.group}, {bar?.name}
                  </b>
                  <div>{measure}</div>
                </>
              }
              rows={values.map(({ column, text }) => ({ name: column, text }))}
            />
          )
        }}
        make={make}
      />
    </Figure>
  )
}
