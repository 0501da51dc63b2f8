import { renderTable } from './table.ts'

/** A column of a table, and its cells. */
export interface FittingColumn {
  readonly title: string
  readonly cells: readonly string[]
  readonly alignment: 'left' | 'right'
}

/**
 * The first of several tables that fits a terminal; the last where none does. A table is read from the
 * left: what is left out first is named by who calls.
 *
 * @param columns of the terminal; left out where there is none, and everything fits
 */
export function fittingTable(
  tables: readonly (readonly FittingColumn[])[],
  columns: number | undefined,
): string {
  const rendered = tables.map(render)
  const fits = (text: string) =>
    columns === undefined || text.split('\n').every((line) => line.length <= columns)
  return rendered.find(fits) ?? (rendered.at(-1) as string)
}

function render(table: readonly FittingColumn[]): string {
  const rows = table[0]?.cells.map((_, row) => table.map(({ cells }) => cells[row] ?? '')) ?? []
  return renderTable(
    table.map(({ title }) => title),
    rows,
    table.map(({ alignment }) => alignment),
  )
}
