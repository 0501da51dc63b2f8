import { Search } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { LabDescription } from '../../../shared/contract.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import { goTo } from '../../state/route.ts'
import { ImportRun } from './import-run.tsx'
import { RowMenu } from './row-actions.tsx'
import { RunPages } from './run-pages.tsx'
import { useRunsFilter } from './runs-address.ts'
import { everyRun, hasFilters, leavesOut, type RunsFilter, runsPerPage } from './runs-filter.ts'
import { RunsFilters } from './runs-filters.tsx'
import { useFacets, useRunsPage } from './runs-page.ts'
import { RunsTable } from './runs-table.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { SortMenu } from './sort-menu.tsx'
import { StoragePanel } from './storage-panel.tsx'

/** Of a table that is empty; always the same, so that nothing is made anew. */
const none: readonly RunSummary[] = []

/** The saved runs: searched, filtered and sorted by the lab, a page at a time. */
export function RunsView({
  description,
  onPlan,
}: {
  readonly description: LabDescription
  readonly onPlan: (document: unknown) => void
}) {
  const [filter, change] = useRunsFilter()
  const { page, problem, retry } = useRunsPage(useDeferredValue(filter))
  const { facets, problem: facetsProblem } = useFacets()
  const [chosen, setChosen] = useState<readonly number[]>([])
  const runs = page?.runs ?? none
  const total = page?.total ?? 0

  const handlers = useMemo(
    () => ({
      choose: (id: number, isChosen: boolean) =>
        setChosen((all) => [...all.filter((each) => each !== id), ...(isChosen ? [id] : [])]),
      filterByTag: (tag: string) => change({ tag }),
    }),
    [change],
  )
  // A page that is there no more, since runs were deleted, gives way to the last one.
  const lastPage = Math.max(0, Math.ceil(total / runsPerPage) - 1)
  const isBeyond = page !== null && runs.length === 0 && filter.page > lastPage
  useEffect(() => {
    if (isBeyond) change({ page: lastPage }, 'same-place')
  }, [isBeyond, lastPage, change])

  return (
    <div className="runs">
      <header className="runs-head">
        <h1>Saved runs</h1>
        <label className="search">
          <Search size={16} aria-hidden="true" />
          <input
            type="search"
            className="text-input"
            placeholder="Search labels, notes, tags, workloads, machines…"
            aria-label="Search the saved runs"
            value={filter.search}
            onChange={({ target }) => change({ search: target.value }, 'same-place')}
          />
        </label>
        <span className="count" role="status">
          {page === null ? '' : `${total.toLocaleString('en-US')} ${total === 1 ? 'run' : 'runs'}`}
        </span>
        <span className="button-group runs-tools">
          <ImportRun shell={description.shell} />
          <StoragePanel />
        </span>
      </header>
      <RunsFilters
        filter={filter}
        facets={facets}
        // Where the list itself cannot be read, that says it all.
        problem={problem === null ? facetsProblem : null}
        onChange={change}
      >
        {total > 1 && (
          <SortMenu
            order={filter.order}
            descending={filter.descending}
            onOrder={(order, descending) => change({ order, descending })}
          />
        )}
      </RunsFilters>
      {problem !== null && (
        <div className="failure" role="alert">
          <p>{problem}</p>
          <button type="button" className="button" onClick={retry}>
            Try again
          </button>
        </div>
      )}
      {page !== null && total === 0 ? (
        <EmptyRuns filter={filter} onChange={change} />
      ) : (
        <RunsTable
          runs={runs}
          order={filter.order}
          descending={filter.descending}
          chosen={chosen}
          handlers={handlers}
          onOrder={(order, descending) => change({ order, descending })}
        >
          {total > runsPerPage && (
            <RunPages
              page={filter.page}
              shown={runs.length}
              total={total}
              onPage={(wanted) => {
                change({ page: wanted })
                scrollTo(0, 0)
              }}
            />
          )}
        </RunsTable>
      )}
      <RowMenu runs={runs} onPlan={onPlan} />
      <SelectionBar chosen={chosen} onClear={() => setChosen([])} />
    </div>
  )
}

function EmptyRuns({
  filter,
  onChange,
}: {
  readonly filter: RunsFilter
  readonly onChange: (change: Partial<RunsFilter>) => void
}) {
  if (!leavesOut(filter)) {
    return (
      <div className="empty">
        <p>No run is kept yet.</p>
        <button type="button" className="button primary" onClick={() => goTo({ view: 'lab' })}>
          Set up a comparison
        </button>
      </div>
    )
  }
  const isFiltered = hasFilters(filter)
  return (
    <div className="empty">
      <p>{isFiltered ? 'No run is left by these filters.' : 'No run has all of these words.'}</p>
      <button
        type="button"
        className="button"
        onClick={() =>
          onChange({ ...everyRun, order: filter.order, descending: filter.descending })
        }
      >
        Show all runs
      </button>
    </div>
  )
}
