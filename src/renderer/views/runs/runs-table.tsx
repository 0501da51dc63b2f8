import { FlexRender, type Row, useTable } from '@tanstack/react-table'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import type { RunOrder } from '../../../shared/contract-words.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import { ChosenContext, columns, features, RowContext, type RowHandlers } from './runs-columns.tsx'

/** A page of the saved runs as a table; sorted by the lab. */
export function RunsTable({
  runs,
  order,
  descending,
  chosen,
  handlers,
  onOrder,
  children,
}: {
  readonly runs: readonly RunSummary[]
  readonly order: RunOrder
  readonly descending: boolean
  /** Numbers of the runs that are chosen. */
  readonly chosen: readonly number[]
  /** The same while nothing in them changes. */
  readonly handlers: RowHandlers
  readonly onOrder: (order: RunOrder, descending: boolean) => void
  /** What stands below the rows. */
  readonly children: ReactNode
}) {
  const sorting = [{ id: order, desc: descending }]
  const table = useTable({
    features,
    columns,
    data: runs as RunSummary[],
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    getRowId: ({ id }) => String(id),
    state: { sorting },
    onSortingChange: (change) => {
      const [wanted] = typeof change === 'function' ? change(sorting) : change
      if (wanted !== undefined) onOrder(wanted.id as RunOrder, wanted.desc)
    },
  })
  return (
    <RowContext value={handlers}>
      <section className="table-frame" aria-label="Saved runs">
        <table className="table">
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {group.headers.map((header) => {
                  const sorted = header.column.getIsSorted()
                  return (
                    <th
                      key={header.id}
                      scope="col"
                      data-column={header.column.id}
                      aria-sort={sorted === false ? undefined : sortNames[sorted]}
                    >
                      {header.column.getCanSort() ? (
                        <button
                          type="button"
                          className="sort"
                          onClick={header.column.getToggleSortingHandler()}
                        >
                          <table.FlexRender header={header} />
                          {sorted === 'asc' && <ArrowUp size={14} />}
                          {sorted === 'desc' && <ArrowDown size={14} />}
                        </button>
                      ) : (
                        <table.FlexRender header={header} />
                      )}
                    </th>
                  )
                })}
              </tr>
            ))}
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <RunRow key={row.id} row={row} isChosen={chosen.includes(row.original.id)} />
            ))}
          </tbody>
        </table>
        {children}
      </section>
    </RowContext>
  )
}

/** Rows of which nothing has changed stay as they are: a page has a hundred of them. */
const RunRow = memo(function RunRow({
  row,
  isChosen,
}: {
  readonly row: Row<typeof features, RunSummary>
  readonly isChosen: boolean
}) {
  return (
    <ChosenContext value={isChosen}>
      <tr data-chosen={isChosen ? '' : undefined}>
        {row.getAllCells().map((cell) => (
          <td key={cell.id} data-column={cell.column.id}>
            <FlexRender cell={cell} />
          </td>
        ))}
      </tr>
    </ChosenContext>
  )
})

const sortNames = { asc: 'ascending', desc: 'descending' } as const
