import {
  createColumnHelper,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { ArrowDown, ArrowUp, Search, Trash2 } from 'lucide-react'
import { useDeferredValue, useEffect, useState } from 'react'
import type { RunOrder, RunsPage } from '../../../shared/contract.ts'
import { formatSpan, formatTime } from '../../../shared/format.ts'
import { workerCounts } from '../../../shared/model/execution-model.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { ModelIcon } from '../../design/model-icon.tsx'
import { asLabError } from '../../state/lab-store.ts'
import { goTo } from '../../state/route.ts'
import { useLab, useLabStore } from '../../state/use-lab.ts'
import { useDeleteRun } from './delete-run.ts'
import { ExportMenu } from './export-menu.tsx'
import { LabelCell } from './label-cell.tsx'

const pageSize = 100
const features = tableFeatures({ rowSortingFeature })
const column = createColumnHelper<typeof features, RunSummary>()
/** Of a table that is empty; always the same, so that nothing is made anew. */
const none: RunSummary[] = []

const columns = column.columns([
  column.display({ id: 'run', header: 'Run', cell: ({ row }) => row.original.id }),
  column.accessor('label', {
    header: 'Label',
    cell: ({ row }) => <LabelCell run={row.original} />,
  }),
  column.accessor(({ plan }) => plan.workload, {
    id: 'workload',
    header: 'Workload',
    cell: ({ row: { original } }) => (
      <span title={original.plan.workload}>{workloadName(original.plan.workload)}</span>
    ),
  }),
  column.display({
    id: 'models',
    header: 'Models',
    cell: ({ row }) => (
      <span className="model-list">
        {row.original.plan.models.map((model) => (
          <span key={model}>
            <ModelIcon model={model} />
            <span className="model-name">{model}</span>
          </span>
        ))}
      </span>
    ),
  }),
  column.display({
    id: 'workers',
    header: 'Workers',
    cell: ({ row: { original } }) => {
      const { models, workers } = original.plan
      const counts = models.flatMap((model) => workerCounts(model, workers))
      return [...new Set(counts)].join(', ')
    },
  }),
  column.accessor('started_at', {
    header: 'When',
    cell: ({ row }) => formatTime(row.original.started_at),
  }),
  column.accessor(durationOf, {
    id: 'duration_ms',
    header: 'Took',
    cell: ({ getValue }) => {
      const length = getValue()
      return length === null ? '–' : formatSpan(length)
    },
  }),
  column.accessor('status', {
    header: 'Status',
    cell: ({ row: { original } }) => (
      <span className="status" data-status={original.status} title={original.reason ?? undefined}>
        {original.status}{' '}
        <span className="unit">
          {original.trials_done}/{original.trials_planned}
        </span>
      </span>
    ),
  }),
  column.display({
    id: 'actions',
    header: () => <span className="for-readers">Actions</span>,
    cell: ({ row }) => <RunActions run={row.original} />,
  }),
])

/** The saved runs: searched and sorted by the lab, a page at a time. */
export function RunsView() {
  const { connection } = useLabStore()
  const { runsVersion, link } = useLab()
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search)
  const [sorting, setSorting] = useState<SortingState>([{ id: 'started_at', desc: true }])
  const [offset, setOffset] = useState(0)
  const [page, setPage] = useState<RunsPage | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again where runs have changed.
  useEffect(() => {
    let isCurrent = true
    const [order] = sorting
    connection
      .call('runs', {
        search: wanted,
        order: (order?.id ?? 'started_at') as RunOrder,
        descending: order?.desc ?? true,
        offset,
        limit: pageSize,
      })
      .then(
        (found) => {
          if (!isCurrent) return
          setPage(found)
          setProblem(null)
        },
        (error: unknown) => isCurrent && setProblem(asLabError(error).message),
      )
    return () => {
      isCurrent = false
    }
  }, [connection, runsVersion, link, wanted, sorting, offset, attempt])

  const table = useTable({
    features,
    columns,
    data: (page?.runs ?? none) as RunSummary[],
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    getRowId: ({ id }) => String(id),
    state: { sorting },
    onSortingChange: (change) => {
      setSorting(change)
      setOffset(0)
    },
  })

  return (
    <div className="runs">
      <header className="runs-head">
        <h1>Saved runs</h1>
        <label className="search">
          <Search size={16} aria-hidden="true" />
          <input
            type="search"
            className="text-input"
            placeholder="Search label, workload, model, status, notes"
            aria-label="Search the saved runs"
            value={search}
            onChange={({ target }) => {
              setSearch(target.value)
              setOffset(0)
            }}
          />
        </label>
        <span className="count" role="status">
          {page === null ? '' : `${page.total} ${page.total === 1 ? 'run' : 'runs'}`}
        </span>
      </header>
      {problem !== null && (
        <div className="failure" role="alert">
          <p>{problem}</p>
          <button type="button" className="button" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </button>
        </div>
      )}
      {page !== null && page.total === 0 ? (
        <EmptyRuns isSearch={search !== ''} />
      ) : (
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
                <tr key={row.id}>
                  {row.getAllCells().map((cell) => (
                    <td key={cell.id} data-column={cell.column.id}>
                      <table.FlexRender cell={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {page !== null && page.total > pageSize && (
            <nav className="pages" aria-label="Pages of runs">
              <button
                type="button"
                className="button"
                disabled={offset === 0}
                onClick={() => setOffset(Math.max(0, offset - pageSize))}
              >
                Back
              </button>
              <span>
                {offset + 1}–{offset + page.runs.length} of {page.total}
              </span>
              <button
                type="button"
                className="button"
                disabled={offset + pageSize >= page.total}
                onClick={() => setOffset(offset + pageSize)}
              >
                On
              </button>
            </nav>
          )}
        </section>
      )}
    </div>
  )
}

const sortNames = { asc: 'ascending', desc: 'descending' } as const

function durationOf({ started_at, ended_at }: RunSummary): number | null {
  return ended_at === null ? null : Date.parse(ended_at) - Date.parse(started_at)
}

function EmptyRuns({ isSearch }: { readonly isSearch: boolean }) {
  return (
    <div className="empty">
      <p>{isSearch ? 'No run has all of these words.' : 'No run is kept yet.'}</p>
      {!isSearch && (
        <button type="button" className="button primary" onClick={() => goTo({ view: 'lab' })}>
          Set up a comparison
        </button>
      )}
    </div>
  )
}

function RunActions({ run }: { readonly run: RunSummary }) {
  const remove = useDeleteRun()
  return (
    <span className="row-actions">
      <ExportMenu run={run} label={`Export run ${run.id}`} />
      <button
        type="button"
        className="icon-button"
        aria-label={`Delete run ${run.id}`}
        disabled={run.status === 'running'}
        onClick={() => void remove(run)}
      >
        <Trash2 size={16} />
      </button>
    </span>
  )
}
