import { runsPerPage } from './runs-filter.ts'

/** The way from page to page of the list. */
export function RunPages({
  page,
  shown,
  total,
  onPage,
}: {
  /** From 0. */
  readonly page: number
  /** How many runs stand on it. */
  readonly shown: number
  readonly total: number
  readonly onPage: (page: number) => void
}) {
  const first = page * runsPerPage
  const number = (value: number) => value.toLocaleString('en-US')
  return (
    <nav className="pages" aria-label="Pages of runs">
      <button
        type="button"
        className="button"
        disabled={page === 0}
        onClick={() => onPage(page - 1)}
      >
        Back
      </button>
      <span>
        {number(first + 1)}–{number(first + shown)} of {number(total)}
      </span>
      <button
        type="button"
        className="button"
        disabled={first + runsPerPage >= total}
        onClick={() => onPage(page + 1)}
      >
        On
      </button>
    </nav>
  )
}
