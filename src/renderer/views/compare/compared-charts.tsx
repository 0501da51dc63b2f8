import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { useMemo, useState } from 'react'
import type { SeriesLook } from '../../../shared/drawing/series-look.ts'
import type { NamedChart } from '../../../shared/model/run-comparison.ts'
import { ChartFigure } from './chart-figure.tsx'
import { importantMetrics, metricGroups, metricTitles } from './metric-groups.ts'

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
        <section className="sheet" aria-labelledby="overlays-title">
          <h2 id="overlays-title">Over time, from the release of the barrier</h2>
          <p className="hint">Of each side the trial of the median throughput.</p>
          <div className="findings-charts">
            {others.map((named) => (
              <ChartFigure key={named.name} named={named} sides={sides} />
            ))}
          </div>
        </section>
      )}
      {dots.length > 0 && <Distributions dots={dots} sides={sides} />}
    </>
  )
}

interface Distribution {
  readonly named: NamedChart
  readonly title: string
  readonly isMain: boolean
}

/** Distributions in the order of the table of metrics, the main ones first. */
function inOrder(dots: readonly NamedChart[]): readonly Distribution[] {
  const keys = [...new Set([...importantMetrics, ...metricGroups.flatMap((group) => group.keys)])]
  const ordered = keys.flatMap((key): readonly Distribution[] => {
    const named = dots.find(({ name }) => name === `dots-${key.replaceAll('_', '-')}`)
    const isMain = importantMetrics.includes(key)
    return named === undefined ? [] : [{ named, title: metricTitles[key], isMain }]
  })
  const rest = dots.filter((each) => ordered.every(({ named }) => named !== each))
  return [
    ...ordered,
    ...rest.map((named) => ({ named, title: named.chart.title, isMain: ordered.length === 0 })),
  ]
}

function Distributions({
  dots,
  sides,
}: {
  readonly dots: readonly NamedChart[]
  readonly sides: readonly SeriesLook[]
}) {
  const all = useMemo(() => inOrder(dots), [dots])
  const [chosen, setChosen] = useState<readonly string[] | null>(null)
  const [isAll, setAll] = useState(false)
  const names = chosen ?? all.slice(0, 1).map(({ named }) => named.name)
  const isShown = ({ named }: Distribution) => names.includes(named.name)
  const offered = isAll ? all : all.filter((each) => each.isMain || isShown(each))
  return (
    <section className="sheet" aria-labelledby="distributions-title">
      <div className="sheet-head">
        <h2 id="distributions-title">Every trial</h2>
        {all.some(({ isMain }) => !isMain) && (
          <button
            type="button"
            className="link"
            aria-expanded={isAll}
            onClick={() => setAll(!isAll)}
          >
            {isAll ? 'Offer the main ones' : `Offer all ${all.length} metrics`}
          </button>
        )}
      </div>
      {all.length > 1 && (
        <ToggleGroup
          className="chips"
          aria-label="Distributions that are shown"
          multiple
          value={[...names]}
          onValueChange={(value) => setChosen(value)}
        >
          {offered.map(({ named, title }) => (
            <Toggle key={named.name} className="chip" value={named.name}>
              {title}
            </Toggle>
          ))}
        </ToggleGroup>
      )}
      <div className="findings-charts">
        {all.filter(isShown).map(({ named }) => (
          <ChartFigure key={named.name} named={named} sides={sides} />
        ))}
      </div>
    </section>
  )
}
