import {
  type Comparison,
  type Difference,
  practicalThreshold,
} from '../../shared/model/comparison.ts'
import { type MetricKey, metrics } from '../../shared/model/metric.ts'
import type { Configuration, ConfigurationSummary, Run } from '../../shared/model/run.ts'
import type { RunComparison } from '../../shared/model/run-comparison.ts'
import { executorCells, parametersCell } from './csv-cells.ts'
import type { Row } from './csv-text.ts'

/** One side of a row: what it is, and its median of the figure. */
interface Side {
  readonly run: Pick<Run, 'id' | 'uid'>
  readonly configuration: Configuration
  readonly trials: number
  readonly median: number | null
}

const sideColumns = [
  ...['run_id', 'run_uid', 'configuration_id', 'workload', 'parameters', 'runtime', 'python'],
  ...['model', 'workers'],
  ...['scheduling', 'variant', 'trials', 'median'],
]

export const comparisonColumns = [
  ...['metric', 'unit', 'better', 'threshold'],
  ...['ratio', 'ci95_low', 'ci95_high', 'p', 'cliffs_delta', 'verdict', 'refused'],
  ...['a', 'b'].flatMap((side) => sideColumns.map((column) => `${side}_${column}`)),
]

/** The models of a run beside each other: a row a figure of a pair. */
export function* runComparisonRows(
  run: Run,
  summaries: readonly ConfigurationSummary[],
  { comparisons }: Comparison,
): Generator<Row> {
  const summary = (id: number) =>
    summaries.find(({ configuration }) => configuration.id === id) as ConfigurationSummary
  for (const difference of comparisons) {
    const { metric, a, b, trials } = difference
    const side = (id: number, at: 0 | 1): Side => ({
      run,
      configuration: summary(id).configuration,
      trials: trials[at],
      median: summary(id).metrics[metric]?.median ?? null,
    })
    yield { ...differenceCells(metric, difference), ...sideCells(side(a, 0), side(b, 1)) }
  }
}

/** Configurations of saved runs: of a pair that is refused one row, with the reason. */
export function* comparisonRows({ sides, pairs }: RunComparison): Generator<Row> {
  for (const { a, b, refused, differences } of pairs) {
    const side = (at: number, metric: MetricKey | null, trials: number): Side => {
      const { run, configuration, metrics: own } = sides[at] as RunComparison['sides'][number]
      const median = metric === null ? null : (own[metric]?.median ?? null)
      return { run, configuration, trials, median }
    }
    if (refused.length > 0) {
      const trials = (at: number) => sides[at]?.trials ?? 0
      yield {
        refused: refused.join('; '),
        ...sideCells(side(a, null, trials(a)), side(b, null, trials(b))),
      }
    }
    for (const difference of differences) {
      const { metric, trials } = difference
      yield {
        ...differenceCells(metric, difference),
        ...sideCells(side(a, metric, trials[0]), side(b, metric, trials[1])),
      }
    }
  }
}

function differenceCells(
  metric: MetricKey,
  { ratio, ci95, p, cliffs_delta, verdict }: Difference,
): Row {
  const { unit, better = null } = metrics[metric] as { unit: string; better?: string }
  const [ci95_low, ci95_high] = ci95 ?? [null, null]
  const threshold = better === null ? null : practicalThreshold
  return { metric, unit, better, threshold, ratio, ci95_low, ci95_high, p, cliffs_delta, verdict }
}

function sideCells(a: Side, b: Side): Row {
  const cells = Object.entries({ a, b }).flatMap(
    ([letter, { run, configuration, trials, median }]) =>
      Object.entries({
        run_id: run.id,
        run_uid: run.uid,
        configuration_id: configuration.id,
        workload: configuration.workload,
        parameters: parametersCell(configuration),
        ...executorCells(configuration),
        model: configuration.model,
        workers: configuration.workers,
        scheduling: configuration.scheduling,
        variant: configuration.variant,
        trials,
        median,
      }).map(([name, cell]) => [`${letter}_${name}`, cell] as const),
  )
  return Object.fromEntries(cells)
}
