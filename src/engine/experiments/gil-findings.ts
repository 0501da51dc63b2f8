import { formatBytes, formatNumber } from '../../shared/format.ts'
import { kernelOf } from '../../shared/model/execution-model.ts'
import { cell, type Findings, type TableCell } from '../../shared/model/findings.ts'
import { formatQuantity } from '../../shared/quantity.ts'
import type { ExperimentRun } from './experiment.ts'
import { gilCautions } from './gil-cautions.ts'
import { kernelChart, lockChart } from './gil-charts.ts'
import { type LockSeen, lockSeen } from './gil-seen.ts'
import { gilSentences } from './gil-sentences.ts'

/** Of the trials that have ended so far: what threads come to by what they do and by who executes it. */
export function gilFindings(run: ExperimentRun): Findings {
  const seen = lockSeen(run)
  if (seen.length === 0) {
    return { sentences: [], charts: [], tables: [], cautions: gilCautions(run, seen) }
  }
  const kernels = kernelChart(run, seen)
  return {
    sentences: gilSentences(run, seen),
    charts: [lockChart(run, seen), ...(kernels === null ? [] : [kernels])],
    tables: [
      {
        title: 'By who executes it, work and model',
        columns: [
          ...['executed by, work, how', 'trials'],
          ...['tasks', 'speed-up', 'cores used', 'memory per worker'],
        ],
        rows: seen.map(row),
      },
    ],
    cautions: gilCautions(run, seen),
  }
}

function row(each: LockSeen): TableCell[] {
  const text = (value: number | null, format: (value: number) => string) =>
    cell(value === null ? '–' : format(value))
  const { variant } = each.summary.configuration
  const { workload } = each.work
  const work = kernelOf(variant) === null ? workload : `${workload} (${variant})`
  return [
    // One name, which stays with its figures where a table is too wide for a terminal.
    cell([each.executor, work, each.how].join(', ')),
    cell(String(each.summary.counted.length)),
    text(each.median('throughput_per_s'), (value) => `${formatNumber(value)}/s`),
    text(each.speedUp, (value) => formatQuantity(value, { quantity: 'number', unit: '×' })),
    text(each.median('cores_used'), formatNumber),
    text(each.median('memory_per_worker_bytes'), formatBytes),
  ]
}
