import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { useState } from 'react'
import type { SeriesLook } from '../../../shared/drawing/series-look.ts'
import type { NamedChart } from '../../../shared/model/run-comparison.ts'
import { ChartMenu } from '../charts/chart-menu.tsx'
import { ChartFigure } from './chart-figure.tsx'

/** Overlays, then distributions: the first at once, others where they are asked for. */
export function ComparedCharts({
  charts,
  sides,
}: {
  readonly charts: readonly NamedChart[]
  readonly sides: readonly SeriesLook[]
}) {
  const dots = charts.filter(({ chart }) => chart.kind === 'dots')
  const others = charts.filter(({ chart }) => chart.kind !== 'dots')
  return (
    <>
      {others.length > 0 && (
        <section className="card" aria-labelledby="overlays-title">
          <h2 id="overlays-title">Over time, from the release of the barrier</h2>
          <p className="hint">Of each side the trial of the median throughput.</p>
          <div className="findings-charts">
            {others.map((named) => (
              <ChartFigure
                key={named.name}
                named={named}
                sides={sides}
                menu={<ChartMenu name={named.name} title={named.chart.title} />}
              />
            ))}
          </div>
        </section>
      )}
      {dots.length > 0 && <Distributions dots={dots} sides={sides} />}
    </>
  )
}

function Distributions({
  dots,
  sides,
}: {
  readonly dots: readonly NamedChart[]
  readonly sides: readonly SeriesLook[]
}) {
  const [chosen, setChosen] = useState<readonly string[] | null>(null)
  const names = chosen ?? dots.slice(0, 1).map(({ name }) => name)
  const shown = dots.filter(({ name }) => names.includes(name))
  return (
    <section className="card" aria-labelledby="distributions-title">
      <h2 id="distributions-title">Every trial</h2>
      {dots.length > 1 && (
        <ToggleGroup
          className="chips"
          aria-label="Distributions that are shown"
          multiple
          value={[...names]}
          onValueChange={(value) => setChosen(value)}
        >
          {dots.map(({ name, chart }) => (
            <Toggle key={name} className="chip" value={name}>
              {chart.title}
            </Toggle>
          ))}
        </ToggleGroup>
      )}
      <div className="findings-charts">
        {shown.map((named) => (
          <ChartFigure
            key={named.name}
            named={named}
            sides={sides}
            menu={<ChartMenu name={named.name} title={named.chart.title} />}
          />
        ))}
      </div>
    </section>
  )
}
