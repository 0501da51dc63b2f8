import { configurationNames } from '../../shared/chart-names.ts'
import { formatInterval, formatProbability, formatRatio } from '../../shared/format.ts'
import type { ComparedMetric, MetricComparison, Verdict } from '../../shared/model/comparison.ts'
import { modelTraits } from '../../shared/model/execution-model.ts'
import { printable } from '../../shared/model/problem.ts'
import type { Configuration } from '../../shared/model/run.ts'
import { renderTable } from './table.ts'

const names: Readonly<Record<ComparedMetric, string>> = {
  throughput_per_s: 'throughput',
  cpu_per_task_ms: 'CPU per task',
  spawn_p50_ms: 'spawn',
  peak_rss_bytes: 'peak RSS',
  peak_pss_bytes: 'peak PSS',
  peak_uss_bytes: 'peak USS',
  memory_per_worker_bytes: 'memory/worker',
}

const absent = '–'

/** Under each pair a row a figure: the second over the first, how sure that is, and the verdict. */
export function comparisonTable(
  configurations: readonly Configuration[],
  comparisons: readonly MetricComparison[],
): string {
  const told = configurationNames(configurations)
  const byId = new Map(configurations.map((each) => [each.id, each]))
  const rows = comparisons.flatMap((comparison) => {
    const [a, b] = [byId.get(comparison.a), byId.get(comparison.b)]
    if (a === undefined || b === undefined) return []
    const isOfPair = (each: MetricComparison) => each.a === a.id && each.b === b.id
    const figures = comparisons.filter(isOfPair).map(({ metric }) => metric)
    const isResident = residentFigures(figures).includes(comparison.metric)
    return [{ a, b, cells: cellsOf(comparison, a, b, isResident) }]
  })
  const [head, ...lines] = renderTable(
    ['compared', 'ratio', '95 % interval', 'p', 'delta', 'verdict'],
    rows.map(({ cells }) => cells),
    ['left', 'right', 'right', 'right', 'right', 'left'],
  ).split('\n')
  // The name of a pair stands above its rows, not in a cell that would widen all of them.
  const body = rows.flatMap(({ a, b }, at) => {
    const before = rows[at - 1]
    const isSame = before?.a === a && before.b === b
    const name = printable(`${told.get(b.id) ?? ''} : ${told.get(a.id) ?? ''}`)
    return isSame ? [lines[at]] : [name, lines[at]]
  })
  return [head, ...body].join('\n')
}

function cellsOf(
  comparison: MetricComparison,
  a: Configuration,
  b: Configuration,
  isResident: boolean,
): string[] {
  const { metric, ratio, ci95, p, cliffs_delta, verdict } = comparison
  return [
    `  ${names[metric]}`,
    formatRatio(ratio),
    ci95 === null ? absent : formatInterval(ci95),
    p === null ? absent : formatProbability(p),
    cliffs_delta === null ? absent : cliffs_delta.toFixed(2),
    isResident && isShared(a, b) ? 'counts shared pages' : wordsOf(verdict, a, b),
  ]
}

/** Figures that follow from resident memory; of memory per worker where there is no other. */
function residentFigures(known: readonly ComparedMetric[]): readonly ComparedMetric[] {
  return known.includes('peak_pss_bytes')
    ? ['peak_rss_bytes']
    : ['peak_rss_bytes', 'memory_per_worker_bytes']
}

/** Of resident memory no winner is named where a side has several processes. */
function isShared(...pair: readonly Configuration[]): boolean {
  return pair.some(({ model }) => modelTraits[model].separateProcesses)
}

function wordsOf(verdict: Verdict | null, a: Configuration, b: Configuration): string {
  if (verdict === 'a' || verdict === 'b') return `${(verdict === 'a' ? a : b).model} better`
  return verdict ?? absent
}
