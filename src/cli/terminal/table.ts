import Table from 'cli-table3'

/**
 * Rows under a head, columns aligned by spaces alone; all but the first are set to the right.
 *
 * @param widths what is longer is cut; left out where each column takes what it needs
 */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignment: readonly ('left' | 'right')[] = head.map((_, at) => (at === 0 ? 'left' : 'right')),
  widths: readonly number[] = [],
): string {
  const bare = Object.fromEntries(
    [
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
      'left',
      'left-mid',
      'mid',
      'mid-mid',
      'right',
      'right-mid',
    ].map((part) => [part, '']),
  )
  const table = new Table({
    head: [...head],
    colAligns: [...alignment],
    colWidths: [...widths],
    chars: { ...bare, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...rows.map((row) => [...row]))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
