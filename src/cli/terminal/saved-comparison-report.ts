import {
  formatInterval,
  formatProbability,
  formatRatio,
  formatText,
  formatTime,
} from '../../shared/format.ts'
import { formatMetric } from '../../shared/metric-axis.ts'
import type { Verdict } from '../../shared/model/comparison.ts'
import { type MetricKey, metricKeys } from '../../shared/model/metric.ts'
import type {
  ComparedSide,
  RunComparison,
  SidePair,
  WhatDiffers,
} from '../../shared/model/run-comparison.ts'
import { type FittingColumn, fittingTable } from './fitting-table.ts'
import { brokenAt } from './line-breaks.ts'

const absent = '–'

/**
 * Saved configurations beside each other: who they are, what differs, a table for each pair, what that
 * says, and what makes it less sure.
 *
 * @param wanted the figures that are shown; all where it is empty
 * @param columns of the terminal that it is read in; left out where there is none
 */
export function savedComparisonReport(
  comparison: RunComparison,
  wanted: readonly MetricKey[],
  columns?: number,
): string {
  const { sides, pairs, differs, cautions } = comparison
  const text = (line: string) => (columns === undefined ? line : brokenAt(line, columns))
  const parts = [
    sidesTable(sides, columns),
    differs.length === 0
      ? 'nothing differs in plan, configuration and environment'
      : differsTable(sides, differs, columns),
    ...pairs.map((pair) => pairPart(sides, pair, wanted, columns, text)),
  ]
  const sentences = pairs.flatMap(({ sentence }) => sentence ?? [])
  const ending = [...sentences, ...cautions.map((caution) => `note: ${formatText(caution, 1000)}`)]
  if (ending.length > 0) parts.push(ending.map(text).join('\n'))
  return `${parts.join('\n\n')}\n`
}

function sidesTable(sides: readonly ComparedSide[], columns: number | undefined): string {
  const left = (title: string, of: (side: ComparedSide) => string): FittingColumn => ({
    title,
    cells: sides.map(of),
    alignment: 'left',
  })
  const names = [
    left('', ({ letter }) => letter),
    left('compared', ({ name }) => formatText(name, 200)),
  ]
  const trials: FittingColumn = {
    ...left('trials', (side) => String(side.trials)),
    alignment: 'right',
  }
  const when = left('when', ({ run }) => formatTime(run.started_at))
  const machine = left('machine', ({ run }) => {
    const name = formatText(run.machine ?? absent, 24)
    return run.imported_at === null ? name : `${name} (imported)`
  })
  const label = (most: number) =>
    left(
      'label',
      ({ run }) => `${formatText(run.label, most)}${run.is_baseline ? ' (baseline)' : ''}`,
    )
  const base = [...names, trials, when, machine]
  return fittingTable(
    [[...base, label(40)], [...base, label(16)], base, [...names, trials, when], names],
    columns,
  )
}

/** A column a side where that fits, else the sides that have a value in one line. */
function differsTable(
  sides: readonly ComparedSide[],
  differs: readonly WhatDiffers[],
  columns: number | undefined,
): string {
  const value = (text: string | null | undefined) => (text == null ? absent : formatText(text, 80))
  const table: FittingColumn[] = [
    { title: 'what differs', cells: differs.map(({ name }) => name), alignment: 'left' },
    ...sides.map(
      ({ letter }, at): FittingColumn => ({
        title: letter,
        cells: differs.map(({ values }) => value(values[at])),
        alignment: 'left',
      }),
    ),
  ]
  const whole = fittingTable([table], undefined)
  if (columns === undefined || whole.split('\n').every((line) => line.length <= columns))
    return whole
  const lines = differs.map(({ name, values }) => {
    const byValue = Map.groupBy(sides, (_, at) => value(values[at]))
    const each = [...byValue].map(
      ([text, having]) => `${having.map(({ letter }) => letter).join(', ')}: ${text}`,
    )
    return brokenAt(`  ${name}  ${each.join('; ')}`, columns)
  })
  return ['what differs', ...lines].join('\n')
}

function pairPart(
  sides: readonly ComparedSide[],
  { a, b, refused, differences }: SidePair,
  wanted: readonly MetricKey[],
  columns: number | undefined,
  text: (line: string) => string,
): string {
  const [from, to] = [sides[a] as ComparedSide, sides[b] as ComparedSide]
  const name = `${to.letter} : ${from.letter}`
  if (refused.length > 0) {
    return [`${name} cannot be compared:`, ...refused.map((reason) => text(`  ${reason}`))].join(
      '\n',
    )
  }
  const keys = metricKeys.filter(
    (key) =>
      (wanted.length === 0 || wanted.includes(key)) &&
      (from.metrics[key] !== undefined || to.metrics[key] !== undefined),
  )
  if (keys.length === 0) return `${name}: neither has any of these figures`
  const found = keys.map((key) => differences.find(({ metric }) => metric === key))
  const median = (side: ComparedSide): FittingColumn => ({
    title: side.letter,
    cells: keys.map((key) => {
      const summary = side.metrics[key]
      return summary === undefined ? absent : formatMetric(key, summary.median)
    }),
    alignment: 'right',
  })
  const right = (title: string, cells: readonly string[]): FittingColumn => ({
    title,
    cells,
    alignment: 'right',
  })
  const verdict = (short: boolean): FittingColumn => ({
    title: 'verdict',
    cells: found.map((each) =>
      each === undefined ? absent : wordsOf(each.verdict, from, to, short),
    ),
    alignment: 'left',
  })
  const metric: FittingColumn = { title: name, cells: keys, alignment: 'left' }
  const ratio = right(
    'ratio',
    found.map((each) => (each === undefined ? absent : formatRatio(each.ratio))),
  )
  const interval = right(
    '95 % interval',
    found.map((each) => (each?.ci95 ? formatInterval(each.ci95) : absent)),
  )
  const narrowInterval = right(
    '95 % interval',
    interval.cells.map((text) => text.replace(' to ', '–')),
  )
  const p = right(
    'p',
    found.map((each) => (each?.p == null ? absent : formatProbability(each.p))),
  )
  const figures = [metric, median(from), median(to), ratio]
  return fittingTable(
    [
      [...figures, interval, p, verdict(false)],
      [...figures, interval, p, verdict(true)],
      // What p says is in the verdict.
      [...figures, interval, verdict(true)],
      [...figures, narrowInterval, verdict(true)],
      [metric, ratio, interval, verdict(true)],
      [metric, ratio, verdict(true)],
    ],
    columns,
  )
}

function wordsOf(
  verdict: Verdict | null,
  a: ComparedSide,
  b: ComparedSide,
  isShort: boolean,
): string {
  switch (verdict) {
    case 'a':
    case 'b':
      return `${(verdict === 'a' ? a : b).letter} better`
    case 'no difference shown':
      return isShort ? 'not shown' : verdict
    case 'too few trials to say':
      return isShort ? 'too few' : verdict
    case null:
      return absent
  }
}
