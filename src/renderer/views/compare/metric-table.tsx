import { useState } from 'react'
import { formatMetric } from '../../../shared/metric-axis.ts'
import { betterOf, type MetricKey } from '../../../shared/model/metric.ts'
import type { RunComparison, SidePair } from '../../../shared/model/run-comparison.ts'
import { Select } from '../../design/select.tsx'
import { DifferenceCells, PairCell } from './difference-cells.tsx'
import { importantMetrics, metricGroups, metricTitles } from './metric-groups.ts'
import { SideBadge } from './side-legend.tsx'

/** All figures of all sides, with what sets each pair apart. */
export function MetricTable({ comparison }: { readonly comparison: RunComparison }) {
  const { sides, pairs } = comparison
  const compared = pairs.filter(({ refused }) => refused.length === 0)
  const [isAll, setAll] = useState(false)
  const [chosen, setChosen] = useState<string>('all')
  const known = new Set(sides.flatMap(({ metrics }) => Object.keys(metrics) as MetricKey[]))
  const pair = compared.length === 1 ? compared[0] : compared.find((each) => keyOf(each) === chosen)
  const groups = isAll ? metricGroups : [{ title: null, keys: importantMetrics }]
  const letter = (side: number) => sides[side]?.letter ?? ''
  const shown = pair === undefined ? compared : [pair]
  const references = [...new Set(compared.map(({ a }) => a))]
  const columns = pair === undefined ? references : [pair.a, pair.b]
  return (
    <section className="sheet" aria-labelledby="metrics-title">
      <div className="sheet-head">
        <h2 id="metrics-title">Metrics</h2>
        {compared.length > 1 && (
          <Select
            label="Pairs that are shown"
            value={pair === undefined ? 'all' : keyOf(pair)}
            choices={[
              { value: 'all', name: 'All pairs' },
              ...compared.map((each) => ({
                value: keyOf(each),
                name: `${letter(each.b)} ÷ ${letter(each.a)}`,
              })),
            ]}
            onChoose={setChosen}
          />
        )}
        <button type="button" className="link" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? 'Show the main ones' : `Show all ${known.size} metrics`}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to scroll by keyboard too. */}
      <section className="figures-frame" tabIndex={0} aria-label="Metrics, as a table">
        <table className="finding-table sides-table metric-table">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              {columns.map((side) => (
                <th key={side} scope="col" data-is-figure="true">
                  <SideBadge letter={letter(side)} /> median
                </th>
              ))}
              {shown.map((each) => (
                <th key={keyOf(each)} scope="col" data-is-figure="true">
                  <SideBadge letter={letter(each.b)} /> ÷ <SideBadge letter={letter(each.a)} />
                </th>
              ))}
              {pair !== undefined && (
                <>
                  <th scope="col" data-is-figure="true">
                    95 % interval
                  </th>
                  <th scope="col" data-is-figure="true">
                    p
                  </th>
                  <th scope="col">Verdict</th>
                </>
              )}
            </tr>
          </thead>
          {groups.map(({ title, keys }) => {
            const rows = keys.filter((key) => known.has(key))
            if (rows.length === 0) return null
            return (
              <tbody key={title}>
                {title !== null && (
                  <tr className="group-row">
                    <th scope="rowgroup" colSpan={columns.length + shown.length + (pair ? 4 : 1)}>
                      {title}
                    </th>
                  </tr>
                )}
                {rows.map((metric) => (
                  <tr key={metric}>
                    <th scope="row" title={titleOf(metric)}>
                      {metricTitles[metric]}
                    </th>
                    {columns.map((side) => (
                      <td key={side} data-is-figure="true">
                        {medianOf(comparison, side, metric)}
                      </td>
                    ))}
                    {pair === undefined ? (
                      shown.map((each) => (
                        <PairCell
                          key={keyOf(each)}
                          difference={differenceOf(each, metric)}
                          a={letter(each.a)}
                          b={letter(each.b)}
                        />
                      ))
                    ) : (
                      <DifferenceCells
                        difference={differenceOf(pair, metric)}
                        a={letter(pair.a)}
                        b={letter(pair.b)}
                      />
                    )}
                  </tr>
                ))}
              </tbody>
            )
          })}
        </table>
      </section>
      <p className="hint">
        Medians over the trials that count; their ratio with its 95 % bootstrap interval; p of a
        two-sided Mann–Whitney test.
      </p>
    </section>
  )
}

function keyOf({ a, b }: SidePair): string {
  return `${a} ${b}`
}

function differenceOf(pair: SidePair, metric: MetricKey) {
  return pair.differences.find((each) => each.metric === metric)
}

function medianOf({ sides }: RunComparison, side: number, metric: MetricKey): string {
  const median = sides[side]?.metrics[metric]?.median
  return median === undefined ? '–' : formatMetric(metric, median)
}

function titleOf(metric: MetricKey): string {
  const better = betterOf(metric)
  return better === null ? metric : `${metric}; ${better} is better`
}
