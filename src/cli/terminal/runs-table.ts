import { formatSpan, formatStored, formatText, formatTime } from '../../shared/format.ts'
import type { RunSummary } from '../../shared/model/run.ts'
import { workloadName } from '../../shared/model/workload.ts'
import { renderTable } from './table.ts'

interface Column {
  readonly head: string
  readonly cell: (run: RunSummary) => string
  readonly side?: 'right'
  /** Left out first where there is no room for all, the highest first; 0 is never left out. */
  readonly spare: number
  /** A user's text: cut to what room there is, and never to less than this. */
  readonly least?: number
}

const columnsOfRuns: readonly Column[] = [
  { head: 'run', cell: ({ id }) => String(id), side: 'right', spare: 0 },
  { head: 'label', cell: ({ label }) => formatText(label, 40), spare: 0, least: 20 },
  {
    head: 'workload',
    cell: ({ plan }) => formatText(workloadName(plan.workload), 32),
    spare: 0,
    least: 8,
  },
  { head: 'models', cell: ({ plan }) => plan.models.join(', '), spare: 4 },
  { head: 'workers', cell: ({ plan }) => formatText(plan.workers.join(', '), 16), spare: 5 },
  {
    head: 'trials',
    cell: ({ trials_done, trials_planned }) => `${trials_done}/${trials_planned}`,
    side: 'right',
    spare: 3,
  },
  { head: 'status', cell: ({ status }) => status, spare: 1 },
  { head: 'when', cell: ({ started_at }) => formatTime(started_at), spare: 0 },
  { head: 'took', cell: spanOf, side: 'right', spare: 6 },
  { head: 'machine', cell: ({ machine }) => formatText(machine ?? '', 20), spare: 8 },
  {
    head: 'samples',
    cell: ({ sample_bytes, thinned_at }) =>
      thinned_at !== null ? 'thinned' : sample_bytes === 0 ? '' : formatStored(sample_bytes),
    side: 'right',
    spare: 7,
  },
  { head: 'marks', cell: marksOf, spare: 2, least: 10 },
]

const gap = 2

/**
 * Runs as a table that keeps within a terminal: what matters least is left out, and what users wrote is
 * cut, until it fits.
 *
 * @param width of the terminal; without one, all columns are there
 */
export function runsTable(runs: readonly RunSummary[], width = Infinity): string {
  let columns = columnsOfRuns
    .map((column) => ({ ...column, cells: runs.map(column.cell) }))
    // Marks that no run has are no column.
    .filter(({ spare, cells }) => spare === 0 || cells.some((cell) => cell !== ''))
  const isTooWide = () =>
    leastWidths(columns).reduce((sum, least) => sum + least + gap, -gap) > width
  while (isTooWide()) {
    const [first] = columns.filter(({ spare }) => spare > 0).sort((a, b) => b.spare - a.spare)
    if (first === undefined) break
    columns = columns.filter((column) => column !== first)
  }
  return renderTable(
    columns.map(({ head }) => head),
    runs.map((_, at) => columns.map(({ cells }) => cells[at] as string)),
    columns.map(({ side }) => side ?? 'left'),
    shared(columns, width),
  )
}

type Filled = Column & { readonly cells: readonly string[] }

const widthOf = ({ head, cells }: Filled) =>
  cells.reduce((most, cell) => Math.max(most, displayWidth(cell)), head.length)

function leastWidths(columns: readonly Filled[]): number[] {
  return columns.map((column) => Math.min(column.least ?? Infinity, widthOf(column)))
}

/** Widths of the columns: those that may be cut share what room is left, each as much as it can use. */
function shared(columns: readonly Filled[], width: number): number[] {
  const widths = leastWidths(columns)
  let left = width - widths.reduce((sum, each) => sum + each + gap, -gap)
  columns.forEach((column, at) => {
    const more = Math.max(0, Math.min(left, widthOf(column) - (widths[at] as number)))
    widths[at] = (widths[at] as number) + more
    left -= more
  })
  return widths
}

/** Cells of a terminal that a text takes at the most: those beyond Latin are taken to be wide. */
function displayWidth(text: string): number {
  let cells = 0
  for (const character of text) cells += (character.codePointAt(0) as number) < 0x1100 ? 1 : 2
  return cells
}

function spanOf({ started_at, ended_at }: RunSummary): string {
  return ended_at === null ? '' : formatSpan(Date.parse(ended_at) - Date.parse(started_at))
}

function marksOf({ is_baseline, is_kept, imported_at, tags }: RunSummary): string {
  const marks = [
    ...(is_baseline ? ['baseline'] : []),
    ...(is_kept ? ['kept'] : []),
    ...(imported_at !== null ? ['imported'] : []),
    ...tags.map((tag) => `#${tag}`),
  ]
  return formatText(marks.join(', '), 40)
}
