import { formatNumber, formatPercent, formatRatio, formatWorkers } from '../../shared/format.ts'
import type { Axis, CurveChart, CurveSeries } from '../../shared/model/chart.ts'
import type { Model } from '../../shared/model/execution-model.ts'
import {
  cell,
  type Findings,
  type FindingTable,
  type TableCell,
} from '../../shared/model/findings.ts'
import { type Fit, isMissed } from '../analysis/scaling/fit.ts'
import type { Estimate } from '../analysis/scaling/points.ts'
import { type ScalingResult, scalingOf } from '../analysis/scaling/scaling.ts'
import { countedTrials, valuesOf } from '../analysis/statistics.ts'
import type { ExperimentRun } from './experiment.ts'

interface Swept {
  readonly model: Model
  readonly scaling: ScalingResult
}

/** While a run goes on, the intervals of the fits are rough: nobody is to wait for them. */
const draws = { running: 50, ended: 1000 } as const

/** Of the trials that have ended: speed-up and efficiency of each model, and what the laws say of them. */
export function sweepFindings(run: ExperimentRun): Findings {
  const { plan, environment } = run
  // Not known, no core is said to be shared.
  const usableCores = environment?.usable_cores ?? Number.POSITIVE_INFINITY
  const models = plan.models.filter((model) => model !== 'inline')
  const swept = models.flatMap((model): Swept[] => {
    const points = run.configurations
      .filter((each) => each.model === model)
      .map((each) => ({
        workers: each.workers,
        values: valuesOf(countedTrials(run, each), 'throughput_per_s'),
      }))
      .filter(({ values }) => values.length > 0)
    if (points.length === 0) return []
    const scaling = scalingOf(points, {
      scaling: plan.scaling,
      seed: plan.seed,
      usableCores,
      resamples: run.status === 'running' ? draws.running : draws.ended,
    })
    return [{ model, scaling }]
  })
  if (swept.length === 0) return { sentences: [], charts: [], tables: [], cautions: [] }
  return {
    sentences: [mostOf, serialOf, lawOf].flatMap((say) =>
      swept.flatMap((each) => say(each, usableCores)),
    ),
    charts: [speedUpChart(swept), efficiencyChart(swept)],
    tables: [...swept.map(pointsTable), fitsTable(swept)],
    cautions: swept.flatMap(({ model, scaling }) =>
      scaling.warnings.map((warning) => `${model}: ${warning}`),
    ),
  }
}

/** The answer first: with how many workers the most is done. */
function mostOf({ model, scaling: { points, bestMeasured } }: Swept): string[] {
  const best = points.find(({ workers }) => workers === bestMeasured?.workers)
  if (!best?.speedup) return []
  if (best.workers === 1) return [`${formatWorkers(1, model)} does as much as any more of them.`]
  const { low } = best.speedup
  const fewer = points.find(
    ({ workers, speedup }) => low !== null && workers < best.workers && (speedup?.high ?? 0) >= low,
  )
  const asMuch = fewer === undefined ? '' : `; with ${fewer.workers} it is not shown to be less`
  return [
    `${best.workers} ${model} do the most: ${withInterval(best.speedup, formatRatio)} of what one does, at an efficiency of ${formatPercent(best.efficiency?.value ?? 0)}${asMuch}.`,
  ]
}

function serialOf({ model, scaling: { fits, points } }: Swept, usableCores: number): string[] {
  const law = fits.amdahl ?? fits.gustafson
  if (law === null) return []
  if (isMissed(law)) return [`${model}: ${titles[law.law]} does not describe it.`]
  const { serial } = law.parameters
  const share = `${formatPercent(serial.value)} of the work cannot be split${rangeOf(serial, formatPercent)}`
  const isBeyond = (points.at(-1)?.workers ?? 0) > usableCores
  const cores = `${usableCores} usable ${usableCores === 1 ? 'core' : 'cores'}`
  return [
    isBeyond
      ? `${model}: by ${titles[law.law]} it is as if ${share}; that workers share ${cores} is counted in it.`
      : `${model}: by ${titles[law.law]} ${share}.`,
  ]
}

function lawOf({ model, scaling: { fits, bestWorkers } }: Swept): string[] {
  if (fits.usl === null) return []
  const law = 'the Universal Scalability Law'
  if (isMissed(fits.usl)) return [`${model}: ${law} does not describe it.`]
  return [
    bestWorkers === null
      ? `${model}: ${law} sees no number of workers within reach at which more would do harm.`
      : `${model}: ${law} expects the most with ${bestWorkers.workers}${bestWorkers.beyondMeasured ? ', which was not measured' : ''}.`,
  ]
}

const titles = {
  amdahl: 'Amdahl’s law',
  gustafson: 'Gustafson’s law',
  usl: 'Universal Scalability Law',
} as const

const workersAxis: Axis = {
  label: 'workers',
  unit: '',
  scale: 'linear',
  quantity: 'number',
}

function speedUpChart(swept: readonly Swept[]): CurveChart {
  const most = Math.max(...swept.flatMap(({ scaling }) => scaling.points.map((p) => p.workers)))
  const ideal: CurveSeries = {
    name: 'ideal',
    model: null,
    points: [1, most].map((x) => ({ x, y: x, low: null, high: null })),
    isReference: true,
  }
  return {
    kind: 'curves',
    title: 'Speed-up',
    x: workersAxis,
    y: { label: 'times one worker', unit: '×', scale: 'linear', quantity: 'number' },
    series: [
      ...swept.map(({ model, scaling }) => measured(model, scaling, 'speedup')),
      ...swept.flatMap(fittedCurve),
      ideal,
    ],
    marks: swept.flatMap(({ model, scaling: { bestWorkers } }) =>
      bestWorkers === null || bestWorkers.beyondMeasured
        ? []
        : [{ x: bestWorkers.workers, label: `best for ${model}: ${bestWorkers.workers}` }],
    ),
  }
}

function efficiencyChart(swept: readonly Swept[]): CurveChart {
  return {
    kind: 'curves',
    title: 'Efficiency',
    x: workersAxis,
    y: { label: 'speed-up over workers', unit: '', scale: 'linear', quantity: 'percent' },
    series: swept.map(({ model, scaling }) => {
      const series = measured(model, scaling, 'efficiency')
      const percent = (value: number | null) => (value === null ? null : 100 * value)
      return {
        ...series,
        points: series.points.map(({ x, y, low, high }) => ({
          x,
          y: 100 * y,
          low: percent(low),
          high: percent(high),
        })),
      }
    }),
    marks: [],
  }
}

function measured(
  model: Model,
  { points }: ScalingResult,
  key: 'speedup' | 'efficiency',
): CurveSeries {
  return {
    name: model,
    model,
    points: points.flatMap(({ workers, [key]: estimate }) =>
      estimate === null
        ? []
        : [{ x: workers, y: estimate.value, low: estimate.low, high: estimate.high }],
    ),
    isReference: false,
  }
}

/** The Universal Scalability Law through the points, in times what one worker was measured to do. */
function fittedCurve({ model, scaling: { fits, points } }: Swept): CurveSeries[] {
  const alone = points.find(({ workers }) => workers === 1)?.throughput
  if (fits.usl === null || alone === undefined || alone <= 0) return []
  return [
    {
      name: `${model}, by the Universal Scalability Law`,
      model,
      points: fits.usl.curve.map(({ workers, throughput }) => ({
        x: workers,
        y: throughput.value / alone,
        low: null,
        high: null,
      })),
      isReference: true,
    },
  ]
}

function pointsTable({ model, scaling }: Swept): FindingTable {
  return {
    title: `${model}, ${scaling.scaling} scaling`,
    columns: ['workers', 'trials', 'throughput', 'speed-up', 'efficiency', 'Karp–Flatt'],
    rows: scaling.points.map((point): TableCell[] => [
      cell(String(point.workers)),
      cell(String(point.trials)),
      cell(`${formatNumber(point.throughput)}/s`),
      cell(point.speedup === null ? '–' : withInterval(point.speedup, formatRatio)),
      cell(point.efficiency === null ? '–' : formatPercent(point.efficiency.value)),
      cell(point.karpFlatt === null ? '–' : withInterval(point.karpFlatt, share)),
    ]),
  }
}

function fitsTable(swept: readonly Swept[]): FindingTable {
  return {
    title: 'Laws fitted to the medians',
    columns: ['model', 'law', 'parameters, with 95 % intervals', 'R²', 'best number of workers'],
    rows: swept.flatMap(({ model, scaling: { fits, bestWorkers } }) =>
      [fits.amdahl, fits.gustafson, fits.usl].flatMap((fit): TableCell[][] =>
        fit === null
          ? []
          : [
              [
                cell(model),
                cell(titles[fit.law]),
                cell(parametersOf(fit)),
                cell(fit.rSquared === null ? '–' : fit.rSquared.toFixed(3)),
                cell(
                  fit.law !== 'usl' ? '–' : (bestWorkers?.workers.toString() ?? 'none in reach'),
                ),
              ],
            ],
      ),
    ),
  }
}

const letters: Readonly<Record<string, string>> = { serial: 's', sigma: 'σ', kappa: 'κ' }

function parametersOf({ parameters }: Fit): string {
  return Object.entries<Estimate>(parameters)
    .filter(([name]) => name !== 'lambda')
    .map(([name, estimate]) => `${letters[name] ?? name} = ${withInterval(estimate, share)}`)
    .join('; ')
}

/** A share from 0 to 1, which may be very small. */
function share(value: number): string {
  return Number(value.toPrecision(3)).toString()
}

function withInterval(estimate: Estimate | null, format: (value: number) => string): string {
  return estimate === null ? '–' : `${format(estimate.value)}${rangeOf(estimate, format)}`
}

function rangeOf({ low, high }: Estimate, format: (value: number) => string): string {
  // One worker is what it is compared with.
  return low === null || high === null || low === high ? '' : ` (${format(low)} to ${format(high)})`
}
