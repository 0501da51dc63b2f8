import { Flag, FlagOff, GitCompareArrows } from 'lucide-react'
import { useState } from 'react'
import {
  formatInterval,
  formatProbability,
  formatRatio,
  formatTime,
} from '../../../shared/format.ts'
import { formatMetric, metricAxis } from '../../../shared/metric-axis.ts'
import type { Trend, TrendPoint } from '../../../shared/model/trend.ts'
import { formatWithInterval } from '../../../shared/quantity.ts'
import { tellProblem } from '../../design/notices.ts'
import { asLabError } from '../../state/lab-store.ts'
import { hashOf, type TrendRoute } from '../../state/route.ts'
import { useLabStore } from '../../state/use-lab.ts'

/** The runs of a trend, the newest first: what each measured, and how it stands to the baseline. */
export function TrendTable({
  trend: { points, metric, baseline },
  route,
}: {
  readonly trend: Trend
  readonly route: TrendRoute
}) {
  const held = points.find(({ run }) => run.id === baseline)
  return (
    <section className="card" aria-labelledby="trend-runs">
      <h2 id="trend-runs">Runs</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to scroll by keyboard too. */}
      <section className="figures-frame" tabIndex={0} aria-label="Runs of the trend, as a table">
        <table className="finding-table sides-table trend-table">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">When</th>
              <th scope="col">Machine</th>
              <th scope="col" data-is-figure="true">
                Trials
              </th>
              <th scope="col" data-is-figure="true">
                Median (95 % interval)
              </th>
              <th scope="col" data-is-figure="true">
                ÷ baseline
              </th>
              <th scope="col" data-is-figure="true">
                p
              </th>
              <th scope="col">Verdict</th>
              <th scope="col">
                <span className="for-readers">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map((point) => {
              const { run, trials, median, ci95, difference } = point
              const isBaseline = run.id === baseline
              return (
                <tr key={run.id} data-baseline={isBaseline} data-own={run.id === route.run}>
                  <th scope="row">
                    <a href={hashOf({ view: 'run', id: run.id })}>{run.id}</a>{' '}
                    <span className="side-name trend-label" title={run.label} dir="auto">
                      {run.label}
                    </span>
                    {isBaseline && <span className="side-tag">baseline</span>}
                  </th>
                  <td>{formatTime(run.started_at)}</td>
                  <td>
                    <span className="side-name trend-machine" title={run.machine ?? undefined}>
                      {run.machine ?? '–'}
                      {run.imported_at !== null && <span className="unit"> imported</span>}
                    </span>
                  </td>
                  <td data-is-figure="true">{trials}</td>
                  <td data-is-figure="true">
                    {ci95 === null
                      ? formatMetric(metric, median)
                      : formatWithInterval(median, ci95, metricAxis(metric))}
                  </td>
                  <td data-is-figure="true">
                    {difference === null ? (
                      '–'
                    ) : (
                      <>
                        <b>{formatRatio(difference.ratio)}</b>
                        {difference.ci95 !== null && (
                          <span className="unit"> ({formatInterval(difference.ci95)})</span>
                        )}
                      </>
                    )}
                  </td>
                  <td data-is-figure="true">
                    {difference?.p == null ? '–' : formatProbability(difference.p)}
                  </td>
                  <td>{isBaseline ? '' : verdictWords(point)}</td>
                  <td>
                    <TrendActions point={point} held={held} isBaseline={isBaseline} route={route} />
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </section>
    </section>
  )
}

/** Against the baseline: it is `a`. */
function verdictWords({ difference }: TrendPoint) {
  const verdict = difference?.verdict ?? null
  if (verdict === 'a' || verdict === 'b') return <b>{verdict === 'a' ? 'worse' : 'better'}</b>
  return <span className="unit">{verdict ?? '–'}</span>
}

function TrendActions({
  point: { run, configuration },
  held,
  isBaseline,
  route,
}: {
  readonly point: TrendPoint
  readonly held: TrendPoint | undefined
  readonly isBaseline: boolean
  readonly route: TrendRoute
}) {
  const { connection } = useLabStore()
  const [isBusy, setBusy] = useState(false)
  const mark = async () => {
    setBusy(true)
    try {
      await connection.call('setBaseline', { id: run.id, isBaseline: !isBaseline })
    } catch (error) {
      tellProblem(asLabError(error).message)
    } finally {
      setBusy(false)
    }
  }
  const words = isBaseline
    ? `Run ${run.id} is no longer the baseline`
    : `Make run ${run.id} the baseline`
  return (
    <span className="row-actions">
      {held !== undefined && !isBaseline && (
        <a
          className="icon-button quiet"
          aria-label={`Compare run ${run.id} with the baseline`}
          title="Compare it with the baseline"
          href={hashOf({
            view: 'compare',
            sides: [held, { run, configuration }].map((each) => ({
              run: each.run.id,
              configuration: each.configuration,
            })),
            acrossMachines: route.acrossMachines,
          })}
        >
          <GitCompareArrows size={15} />
        </a>
      )}
      <button
        type="button"
        className="icon-button quiet"
        aria-label={words}
        title={words}
        disabled={isBusy}
        onClick={() => void mark()}
      >
        {isBaseline ? <FlagOff size={15} /> : <Flag size={15} />}
      </button>
    </span>
  )
}
