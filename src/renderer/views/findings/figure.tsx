import { type ReactNode, useId } from 'react'
import { chartFigures } from '../../../shared/chart-figures.ts'
import type { Chart } from '../../../shared/model/chart.ts'
import { ChartMenu } from '../charts/chart-menu.tsx'

export interface FigureHead {
  /** By which the chart can be asked for. */
  readonly name: string
}

/** A chart with its title and legend, and its figures as a table for those who want to read them. */
export function Figure({
  chart,
  name,
  legend,
  children,
}: {
  readonly chart: Chart
  readonly legend: ReactNode
  readonly children: ReactNode
} & FigureHead) {
  const title = useId()
  return (
    <figure className="figure" data-kind={chart.kind} data-name={name} aria-labelledby={title}>
      <div className="figure-head">
        <h3 id={title}>{chart.title}</h3>
        <ChartMenu name={name} title={chart.title} />
      </div>
      <div className="figure-body">
        <div className="figure-drawing">{children}</div>
        {legend !== null && (
          <ul className="figure-legend" aria-label="Legend">
            {legend}
          </ul>
        )}
      </div>
      <Figures chart={chart} />
    </figure>
  )
}

function Figures({ chart }: { readonly chart: Chart }) {
  const { columns, rows, marks } = chartFigures(chart)
  return (
    <details className="figures">
      <summary>Show the figures</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to scroll by keyboard too. */}
      <section className="figures-frame" tabIndex={0} aria-label={`Figures: ${chart.title}`}>
        <table className="finding-table" data-is-figures="true">
          <thead>
            <tr>
              {columns.map((name, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns may be named alike.
                <th key={at} scope="col">
                  {name === '' ? <span className="for-readers">Name</span> : name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...texts], row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows may be named alike.
              <tr key={row}>
                <th scope="row" dir="auto">
                  {name}
                </th>
                {texts.map((text, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place.
                  <td key={at}>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {marks.map((mark) => (
        <p key={mark} className="hint">
          {mark}
        </p>
      ))}
    </details>
  )
}
