import { chartFigures, isFigures } from '../../shared/chart-figures.ts'
import type { NamedChart } from '../../shared/model/run-comparison.ts'
import type { ReportBlock, ReportCell, ReportDocument, ReportTable } from './report/document.ts'

/** A report in GitHub's Markdown: the same as the page, with the figures of each chart in its stead. */
export function reportMarkdown({ title, about, sections, closing }: ReportDocument): string {
  const parts = [
    `# ${inline(title)}`,
    inline(about),
    ...sections.flatMap(({ title: name, blocks }) => [
      ...(name === null ? [] : [`## ${inline(name)}`]),
      ...blocks.map(blockMarkdown),
    ]),
    '---',
    inline(closing),
  ]
  return `${parts.join('\n\n')}\n`
}

function blockMarkdown(block: ReportBlock): string {
  switch (block.kind) {
    case 'text':
      return textMarkdown(block.text, block.tone)
    case 'prose':
      return block.text
        .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
        .map((each) => (each.trim() === '' ? '>' : `> ${inline(each)}\\`))
        .join('\n')
        .replace(/\\(?=\n>(\n|$)|$)/g, '')
    case 'list':
      return block.items.map((item) => `- ${inline(item)}`).join('\n')
    case 'facts':
      return block.facts
        .map(([name, value]) => `- **${inline(name)}**: ${inline(value)}`)
        .join('\n')
    case 'table':
      return tableMarkdown(block)
    case 'chart':
      return chartMarkdown(block.named)
  }
}

function textMarkdown(text: string, tone: string): string {
  if (tone === 'first') return `**${inline(text)}**`
  if (tone === 'caution') return `> Note: ${inline(text)}`
  return tone === 'problem' ? `> **${inline(text)}**` : inline(text)
}

function tableMarkdown({
  title,
  columns,
  rows,
}: Pick<ReportTable, 'title' | 'columns' | 'rows'>): string {
  const rule = columns.map((_, at) =>
    at > 0 && isFigures(rows.map((row) => row[at]?.text ?? '')) ? '--:' : '---',
  )
  const written = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const table = [
    written(columns.map(inline)),
    written(rule),
    ...rows.map((row) => written(columns.map((_, at) => cellMarkdown(row[at])))),
  ].join('\n')
  return title === null ? table : `### ${inline(title)}\n\n${table}`
}

const signs = { good: '✓ ', bad: '✗ ', plain: '' } as const

function cellMarkdown(cell: ReportCell | undefined): string {
  if (cell === undefined) return ''
  const { text, note, tone = 'plain' } = cell
  return `${signs[tone]}${inline(text)}${note === undefined ? '' : ` (${inline(note)})`}`
}

function chartMarkdown({ chart }: NamedChart): string {
  const { columns, rows, marks } = chartFigures(chart)
  const cells = rows.map((row) => row.map((text) => ({ text })))
  const table = tableMarkdown({ title: chart.title, columns, rows: cells })
  return [table, ...marks.map((mark) => `- ${inline(mark)}`)].join('\n\n')
}

/**
 * A text of one line that Markdown takes as it is: what could mark something up has a backslash before
 * it, and what would begin a list or a heading too.
 */
export function inline(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, ' ')
      .trim()
      .replace(/[\\`*_[\]<>|~#&$]/g, '\\$&')
      .replace(/^[-+=]/, '\\$&')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
  )
}
