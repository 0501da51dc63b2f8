import { useState } from 'react'
import { formatRange, formatRatio } from '../../../shared/format.ts'
import { metricNames } from '../../../shared/metric-names.ts'
import {
  type ComparedMetric,
  type Comparison,
  comparedMetrics,
  type MetricComparison,
} from '../../../shared/model/comparison.ts'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import { type MetricKey, metrics } from '../../../shared/model/metric.ts'
import type { Configuration } from '../../../shared/model/run.ts'
import { ModelIcon } from '../../design/model-icon.tsx'
import { hashOf } from '../../state/route.ts'
import { type ColumnGroup, columnTitle, titleWords } from './column-groups.ts'
import { commonName, sideNames } from './column-reference.ts'

/** What is known of a column, to tell what sets it apart from another. */
interface Compared extends Pick<ColumnGroup, 'model' | 'executor' | 'configurations'> {
  readonly configuration: Configuration
}

/** What lies between two columns: the right one's figures over the left one's, as they fill in. */
export function Differences({
  comparison,
  a,
  b,
  runId,
  isRunning,
}: {
  readonly comparison: Comparison
  /** The column that it is compared with, shown or not; null where none before it is like it. */
  readonly a: Compared | null
  readonly b: Compared
  /** Of a run that is saved. */
  readonly runId: number | null
  /** Trials are still to come. */
  readonly isRunning: boolean
}) {
  const [isDetailed, setDetailed] = useState(false)
  if (a === null) return <div className="differences" />
  // Between two trials the columns may show different numbers of workers: the right one's counts.
  const own = comparison.comparisons.filter(
    (each) => each.b === b.configuration.id && a.configurations.some(({ id }) => id === each.a),
  )
  const [nameA, nameB] = sideNames(a, b)
  const common = commonName(a, b)
  const trials = own[0]?.trials
  const isTested = own.some(({ p }) => p !== null)
  return (
    <aside className="differences" aria-label={`${wholeName(b)} compared with ${wholeName(a)}`}>
      <p className="differences-title">
        {nameB} ÷ {nameA}
        {common !== null && <span className="unit">{common}</span>}
      </p>
      <dl>
        {comparedMetrics.map((metric) => {
          const found = own.find((each) => each.metric === metric)
          const better = betterWords(metric)
          return (
            <div key={metric} data-known={found !== undefined} data-winner={winnerOf(found, a, b)}>
              <dt title={better}>{metricNames[metric]}</dt>
              {found === undefined ? (
                <dd className="ratio-none">{trials === undefined ? '–' : missingWords(metric)}</dd>
              ) : (
                <dd title={statisticsOf(found)}>
                  <span className="ratio">{formatRatio(found.ratio)}</span>
                  {found.ci95 !== null && (
                    <span className="interval" title="95 % interval of the ratio">
                      95 %: {formatRange(found.ci95)}
                    </span>
                  )}
                  <VerdictMark found={found} a={a} b={b} />
                  {isDetailed && (
                    <span className="statistics">
                      {statisticsOf(found) ?? 'not tested'}
                      {better === undefined ? '' : `; ${better}`}
                    </span>
                  )}
                </dd>
              )}
            </div>
          )
        })}
      </dl>
      <p className="differences-basis">{basisOf(trials, isRunning)}</p>
      {isTested && (
        <button
          type="button"
          className="link differences-more"
          aria-expanded={isDetailed}
          onClick={() => setDetailed(!isDetailed)}
        >
          {isDetailed ? 'Hide p and delta' : 'Show p and delta'}
        </button>
      )}
      {runId !== null && (
        <a
          className="differences-more"
          href={hashOf({
            view: 'compare',
            sides: [a, b].map(({ configuration: { id } }) => ({ run: runId, configuration: id })),
            acrossMachines: false,
          })}
        >
          Compare in full
        </a>
      )}
      {isDetailed && (
        <p className="differences-basis">
          p: two-sided Mann–Whitney test. Delta: Cliff’s, how often a trial of {nameB} exceeds one
          of {nameA}, less the reverse; −1 to 1.
        </p>
      )}
    </aside>
  )
}

/** Told from all other columns: by its model alone, in a run of Node alone. */
function wholeName(column: Compared): string {
  if (column.executor === null) return column.model
  return titleWords(columnTitle(column, column.configuration))
}

/** Which side is the better one, or why none is named; nothing while the run goes on. */
function VerdictMark({
  found: { verdict },
  a,
  b,
}: {
  readonly found: MetricComparison
  readonly a: Compared
  readonly b: Compared
}) {
  if (verdict === null) return null
  if (verdict !== 'a' && verdict !== 'b') return <span className="verdict-mark">{verdict}</span>
  const { model } = verdict === 'a' ? a : b
  const [nameA, nameB] = sideNames(a, b)
  return (
    <span className="verdict-mark">
      <ModelIcon model={model} /> {verdict === 'a' ? nameA : nameB} better
    </span>
  )
}

function winnerOf(
  found: MetricComparison | undefined,
  a: Compared,
  b: Compared,
): string | undefined {
  if (found?.verdict === 'a') return modelTraits[a.model].family
  return found?.verdict === 'b' ? modelTraits[b.model].family : undefined
}

function statisticsOf({ p, cliffs_delta: delta }: MetricComparison): string | undefined {
  const words = [
    ...(p === null ? [] : [p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`]),
    ...(delta === null ? [] : [`delta = ${delta.toFixed(2).replace('-', '−')}`]),
  ]
  return words.length === 0 ? undefined : words.join(', ')
}

function betterWords(key: MetricKey): string | undefined {
  const { better } = metrics[key] as (typeof metrics)[MetricKey] & { better?: string }
  return better === undefined ? undefined : `${better} is better`
}

/** Trials of both have ended, and yet there is no ratio: nobody tells the figure, or it is 0. */
function missingWords(metric: ComparedMetric): string {
  const isOfPlatform = metric === 'peak_pss_bytes' || metric === 'peak_uss_bytes'
  return isOfPlatform ? 'not available here' : 'no ratio'
}

function basisOf(trials: readonly [number, number] | undefined, isRunning: boolean): string {
  if (trials === undefined) return isRunning ? 'after a trial of each' : 'no trial of each counts'
  const [onA, onB] = trials
  const of = onA === onB ? `${onA}` : `${onA} and ${onB}`
  const medians = `medians of ${of} ${onA === 1 && onB === 1 ? 'trial' : 'trials'}`
  return isRunning ? `${medians} so far; what they show is said at the end` : medians
}
