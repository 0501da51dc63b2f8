import type { Findings } from '../../shared/model/findings.ts'
import { renderTable } from './table.ts'

/** What an experiment has shown, on some lines. */
export function findingsReport({ sentences, tables, cautions }: Findings): string {
  const lines: string[] = [...sentences]
  for (const { title, columns, rows } of tables) {
    const cells = rows.map((row) => row.map(({ text }) => text))
    lines.push('', title, renderTable(columns, cells))
  }
  for (const caution of cautions) lines.push(`caution: ${caution}`)
  return lines.join('\n')
}
