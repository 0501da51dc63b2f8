import { ArrowLeft, Info } from 'lucide-react'
import { executorName } from '../../../shared/executor-names.ts'
import { formatConfiguration, formatParameters } from '../../../shared/format.ts'
import type { MetricKey } from '../../../shared/model/metric.ts'
import type { Trend } from '../../../shared/model/trend.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { ModelIcon } from '../../design/model-icon.tsx'
import { goTo, hashOf, type TrendRoute } from '../../state/route.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { ChartFigure } from './chart-figure.tsx'
import { MachineSwitch } from './machine-switch.tsx'
import { metricGroups, metricTitles } from './metric-groups.ts'
import { TrendTable } from './trend-table.tsx'

/** One configuration over the saved runs that executed it. */
export function TrendView({ route }: { readonly route: TrendRoute }) {
  const { run, configuration, metric, acrossMachines } = route
  const { found, problem, isCurrent, retry } = useAnswer('trend', {
    ...{ run, configuration, metric },
    across_machines: acrossMachines,
  })
  const show = (next: Partial<TrendRoute>) => goTo({ ...route, ...next })
  return (
    <div className="compare" aria-busy={!isCurrent && problem === null}>
      <header className="watch-head">
        <div>
          <a className="back" href={hashOf({ view: 'run', id: run })}>
            <ArrowLeft size={14} /> Run {run}
          </a>
          <h1 className="trend-title">
            {found === null ? 'Trend' : <TrendTitle configuration={found.configuration} />}
          </h1>
        </div>
        <div className="button-group">
          <MachineSwitch
            words="Of all machines"
            isAcross={acrossMachines}
            onChange={(isAcross) => show({ acrossMachines: isAcross })}
          />
          <MetricChoice metric={metric} onChoose={(chosen) => show({ metric: chosen })} />
        </div>
      </header>
      {problem !== null && (
        <div className="failure" role="alert">
          <h2>There is no trend to show</h2>
          <p>{problem}</p>
          <button type="button" className="button" onClick={retry}>
            Try again
          </button>
        </div>
      )}
      {problem === null && found === null && <p className="loading">…</p>}
      {problem === null && found !== null && <ShownTrend trend={found} route={route} />}
    </div>
  )
}

function TrendTitle({ configuration }: Pick<Trend, 'configuration'>) {
  const { model, runtime, workload, parameters } = configuration
  return (
    <>
      <ModelIcon model={model} />
      <span className="side-name" dir="auto">
        {runtime === 'node' ? '' : `${executorName(configuration)}, `}
        {formatConfiguration(configuration)} over time
        <span className="watch-parameters">
          {workloadName(workload)} · {formatParameters(parameters)}
        </span>
      </span>
    </>
  )
}

function MetricChoice({
  metric,
  onChoose,
}: {
  readonly metric: MetricKey
  readonly onChoose: (metric: MetricKey) => void
}) {
  return (
    <select
      className="select"
      aria-label="Metric"
      value={metric}
      onChange={({ target }) => onChoose(target.value as MetricKey)}
    >
      {metricGroups.map(({ title, keys }) => (
        <optgroup key={title} label={title}>
          {keys.map((key) => (
            <option key={key} value={key}>
              {metricTitles[key]}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  )
}

function ShownTrend({ trend, route }: { readonly trend: Trend; readonly route: TrendRoute }) {
  const { points, withoutBaseline, leftOut, chart } = trend
  return (
    <>
      {withoutBaseline !== null && (
        <p className="trial-note">
          <Info size={14} /> Nothing to hold the runs against: {withoutBaseline}.
        </p>
      )}
      <section className="sheet" aria-labelledby="trend-drawn">
        <h2 id="trend-drawn" className="for-readers">
          Trend
        </h2>
        {points.length === 0 ? (
          <p className="hint">No run has this figure.</p>
        ) : (
          <ChartFigure named={chart} isFromNothing={false} />
        )}
      </section>
      {points.length > 0 && <TrendTable trend={trend} route={route} />}
      {leftOut.length > 0 && (
        <details className="sheet figures">
          <summary>
            {leftOut.length === 1 ? '1 run' : `${leftOut.length} runs`} of the workload{' '}
            {leftOut.length === 1 ? 'is' : 'are'} left out
          </summary>
          <ul className="left-out">
            {leftOut.map(({ run, reasons }) => (
              <li key={run}>
                <a href={hashOf({ view: 'run', id: run })}>run {run}</a>: {reasons.join('; ')}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
