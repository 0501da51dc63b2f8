export type Cell = string | number | boolean | null
export type Row = Readonly<Record<string, Cell>>

/** RFC 4180. */
export const lineEnd = '\r\n'

/** Everything at which a reader or a spreadsheet may begin a new cell. */
const breaks = /[",\r\n\t;]/

/** A cell as CSV: quotes where they are needed, nothing where there is no value. */
export function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = harmless(cell)
  return breaks.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export function rowText(row: Row, columns: readonly string[]): string {
  return `${columns.map((column) => cellText(row[column])).join(',')}${lineEnd}`
}

/**
 * A text that a spreadsheet would take for a formula, with an apostrophe before it, as OWASP's "CSV
 * Injection" advises. Numbers are not texts and stay as they are.
 */
function harmless(text: string): string {
  return text
    .replace(/(^|[\r\n;\t])(?=[=+\-@\uff0b\uff0d\uff1d\uff20])/g, "$1'")
    .replace(/^[\t\r\n]/, "'$&")
}
