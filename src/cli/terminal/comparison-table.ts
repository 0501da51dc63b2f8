import {
  formatConfiguration,
  formatInterval,
  formatProbability,
  formatRatio,
} from '../../shared/format.ts'
import type { ComparedMetric, MetricComparison, Verdict } from '../../shared/model/comparison.ts'
import { modelTraits } from '../../shared/model/execution-model.ts'
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
  const byId = new Map(configurations.map((each) => [each.id, each]))
  const rows: string[][] = []
  for (const pair of Map.groupBy(comparisons, ({ a, b }) => `${a} ${b}`).values()) {
    const [first] = pair
    const [a, b] = [byId.get(first?.a ?? -1), byId.get(first?.b ?? -1)]
    if (a === undefined || b === undefined) continue
    rows.push([`${formatConfiguration(b)} : ${formatConfiguration(a)}`, '', '', '', '', ''])
    for (const { metric, ratio, ci95, p, cliffs_delta, verdict } of pair) {
      rows.push([
        `  ${names[metric]}`,
        formatRatio(ratio),
        ci95 === null ? absent : formatInterval(ci95),
        p === null ? absent : formatProbability(p),
        cliffs_delta === null ? absent : cliffs_delta.toFixed(2),
        countsTooMuch(metric, a, b) ? 'counts shared pages' : wordsOf(verdict, a, b),
      ])
    }
  }
  return renderTable(['compared', 'ratio', '95 % interval', 'p', 'delta', 'verdict'], rows, [
    'left',
    'right',
    'right',
    'right',
    'right',
    'left',
  ])
}

/** Of resident memory no winner is named where a side has several processes. */
function countsTooMuch(metric: ComparedMetric, ...pair: readonly Configuration[]): boolean {
  return (
    metric === 'peak_rss_bytes' && pair.some(({ model }) => modelTraits[model].separateProcesses)
  )
}

function wordsOf(verdict: Verdict | null, a: Configuration, b: Configuration): string {
  if (verdict === 'a' || verdict === 'b') return `${(verdict === 'a' ? a : b).model} better`
  return verdict ?? absent
}
