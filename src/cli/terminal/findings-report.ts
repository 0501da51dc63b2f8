import { chartFigures, isFigures } from '../../shared/chart-figures.ts'
import type { Findings, FindingTable } from '../../shared/model/findings.ts'
import { printable } from '../../shared/model/problem.ts'
import { brokenAt } from './line-breaks.ts'
import { renderTable } from './table.ts'

/**
 * What an experiment has shown, on lines: its sentences, its tables, the points of its charts, and what
 * makes them less sure.
 *
 * @param columns of the terminal, in which tables and sentences are broken; without one, tables have 100 and
 *   sentences are left whole
 * @returns empty where nothing was found
 */
export function findingsReport(findings: Findings, columns?: number): string {
  const width = Math.max(40, columns ?? 100)
  const told = (text: string) =>
    columns === undefined ? printable(text) : brokenAt(printable(text), width)
  const { sentences, charts, tables, cautions } = findings
  const blocks = [
    sentences.map(told).join('\n'),
    ...tables.map((table) => titled(table.title, textsOf(table), width)),
    // Small multiples are a picture: of what they show there is a table.
    ...charts
      .filter(({ kind }) => kind !== 'panels')
      .map((chart) => {
        const { marks, ...texts } = chartFigures(chart)
        const table = titled(chart.title, texts, width, 'right')
        return [table, ...marks.map((mark) => `  ${printable(mark)}`)].join('\n')
      }),
    cautions.map((each) => told(`caution: ${each}`)).join('\n'),
  ]
  return blocks.filter((block) => block !== '').join('\n\n')
}

interface Texts {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Tones are said by the texts: a terminal that is piped has no colours. */
function textsOf({ columns, rows }: FindingTable): Texts {
  return { columns, rows: rows.map((row) => row.map(({ text }) => text)) }
}

/** One table within a width, in which it is broken into several where it is wider. */
export function tableReport(table: FindingTable, columns = 100): string {
  return titled(table.title, textsOf(table), Math.max(40, columns))
}

const gap = 2
const indent = '  '

function titled(
  title: string,
  { columns, rows }: Texts,
  width: number,
  alignment: 'left' | 'right' = 'left',
): string {
  const all = [columns, ...rows].map((row) => columns.map((_, at) => printable(row[at] ?? '')))
  const tables = columnGroups(all, width - indent.length).map(([first, ...others]) => {
    const [head = [], ...body] = folded(all, [first, ...others], width - indent.length)
    const alignments = head.map((_, at) =>
      at > 0 && isFigures(body.map((row) => row[at] ?? '')) ? 'right' : at > 0 ? alignment : 'left',
    )
    return renderTable(head, body, alignments)
  })
  const lines = tables.join('\n\n').split('\n')
  return [printable(title), ...lines.map((line) => `${indent}${line}`.trimEnd())].join('\n')
}

type ColumnGroup = readonly [first: number, ...others: number[]]

/** Which columns stand beside each other within a width; the first, which names the row, is in all. */
function columnGroups(texts: readonly (readonly string[])[], width: number): ColumnGroup[] {
  const widths = (texts[0] ?? []).map((_, at) => widestOf(texts, at))
  const first = widths[0] ?? 0
  const groups: ColumnGroup[] = []
  let group: number[] = []
  let taken = first
  for (let at = 1; at < widths.length; at++) {
    const own = gap + (widths[at] ?? 0)
    if (group.length > 0 && taken + own > width) {
      groups.push([0, ...group])
      group = []
      taken = first
    }
    group.push(at)
    taken += own
  }
  return [...groups, [0, ...group]]
}

/** The columns of a group; what is wider than the line by itself is broken between words. */
function folded(
  texts: readonly (readonly string[])[],
  group: ColumnGroup,
  width: number,
): string[][] {
  const widths = group.map((column) => widestOf(texts, column))
  const excess = widths.reduce((sum, each) => sum + each + gap, -gap) - width
  const widest = widths.indexOf(Math.max(...widths))
  return texts.map((row) =>
    group.map((column, at) => {
      const text = row[column] ?? ''
      if (excess <= 0 || at !== widest) return text
      return brokenAt(text, Math.max(12, (widths[at] ?? 0) - excess))
    }),
  )
}

function widestOf(texts: readonly (readonly string[])[], column: number): number {
  return Math.max(...texts.map((row) => [...(row[column] ?? '')].length))
}
