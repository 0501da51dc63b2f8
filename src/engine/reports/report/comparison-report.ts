import { formatMetric } from '../../../shared/metric-axis.ts'
import { type MetricKey, metricKeys } from '../../../shared/model/metric.ts'
import type { ComparedSide, RunComparison, SidePair } from '../../../shared/model/run-comparison.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { definitions } from './definitions.ts'
import { type ReportBlock, type ReportDocument, said, sectionOf, tableOf } from './document.ts'
import { absent, differenceCells, differenceColumns, summaryTables } from './figures.ts'
import { zonedTime } from './time.ts'

/** Saved configurations beside each other, as a report. */
export function comparisonReport(comparison: RunComparison): ReportDocument {
  const { sides, pairs, differs, cautions, charts, across_machines } = comparison
  const workloads = [...new Set(sides.map((each) => workloadName(each.configuration.workload)))]
  const shown = new Set<MetricKey>(
    metricKeys.filter((key) => sides.some(({ metrics }) => metrics[key] !== undefined)),
  )
  return {
    title: `Comparison of ${sides.map(({ name }) => name).join(' with ')}`,
    about: `${sides.length} configurations · ${workloads.join(', ')}${across_machines ? ' · across machines: the machine is one of the things that are compared' : ''}`,
    sections: [
      ...sectionOf('What is compared', [sidesTable(sides)]),
      ...sectionOf('What the figures say', saying(comparison)),
      ...sectionOf('What differs', [
        tableOf(
          null,
          ['', 'of', ...sides.map(({ letter }) => letter)],
          differs.map(({ about, name, values }) => [
            name,
            about,
            ...values.map((each) => each ?? 'not known'),
          ]),
        ),
      ]),
      ...sectionOf(
        'Differences',
        pairs.flatMap((pair) => pairBlocks(pair, sides)),
      ),
      ...sectionOf(
        'Figures',
        summaryTables(
          sides.map(({ letter, name, trials, metrics }) => ({
            name: `${letter}: ${name}`,
            trials,
            metrics,
          })),
          formatMetric,
        ),
      ),
      ...sectionOf(
        'Charts',
        charts.map((named) => ({ kind: 'chart', named })),
      ),
      ...sectionOf(
        'What makes it less sure',
        cautions.map((each) => said(each, 'caution')),
      ),
      ...sectionOf('How the figures were found', [{ kind: 'list', items: definitions(shown) }]),
    ],
    closing: `Runs ${[...new Set(sides.map(({ run }) => run.uid))].join(', ')}, compared by Corescope.`,
  }
}

function sidesTable(sides: readonly ComparedSide[]) {
  return tableOf(
    null,
    ['', 'what', 'run', 'when', 'machine', 'trials'],
    sides.map(({ letter, name, run, trials }, at) => [
      at === 0 ? { text: letter, note: 'the reference' } : letter,
      name,
      {
        text: run.label.trim() === '' ? `run ${run.id}` : run.label,
        note: [
          `run ${run.id}`,
          run.status,
          run.is_baseline ? 'baseline' : '',
          run.imported_at === null ? '' : 'imported',
        ]
          .filter((each) => each !== '')
          .join(', '),
      },
      zonedTime(run.started_at),
      run.machine ?? absent,
      String(trials),
    ]),
  )
}

function saying({ pairs, sides }: RunComparison): ReportBlock[] {
  return pairs.flatMap(({ a, b, sentence, refused }) => {
    const of = `${sides[b]?.letter ?? ''} with ${sides[a]?.letter ?? ''}`
    if (refused.length > 0)
      return [said(`${of} is not compared: ${refused.join('; ')}.`, 'problem')]
    return sentence === null ? [] : [said(sentence)]
  })
}

function pairBlocks(
  { a, b, differences }: SidePair,
  sides: readonly ComparedSide[],
): ReportBlock[] {
  const [from, to] = [sides[a], sides[b]]
  if (from === undefined || to === undefined || differences.length === 0) return []
  return [
    tableOf(
      `${to.letter} ÷ ${from.letter}: ${to.name} over ${from.name}`,
      differenceColumns,
      differences.map((each) =>
        differenceCells(each.metric, each, {
          a: `${from.letter} better`,
          b: `${to.letter} better`,
        }),
      ),
    ),
  ]
}
