import { useCallback, useEffect, useRef, useState } from 'react'
import { addressOf, everyRun, filterAt, type RunsFilter } from './runs-filter.ts'

/** Where the list was left: what leads back to it leads there. */
let last = addressOf(everyRun)

export function lastRunsAddress(): string {
  return last
}

/** Browsers take so many changes of an address, and no more: what is typed is kept when one pauses. */
const typingMs = 300

/** How a change is kept: as a place that "back" leads to, or in place of the one before. */
export type Kept = 'place' | 'same-place'

/** What the list is filtered by. It is kept in the address, so that back, forward and reload work. */
export function useRunsFilter(): readonly [
  RunsFilter,
  (change: Partial<RunsFilter>, kept?: Kept) => void,
] {
  const [filter, setFilter] = useState(() => filterAt(location.hash))
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined)
  last = addressOf(filter)

  useEffect(() => {
    const follow = () => {
      clearTimeout(typing.current)
      if (/^#\/runs(\?|$)/.test(location.hash)) setFilter(filterAt(location.hash))
    }
    addEventListener('hashchange', follow)
    return () => {
      removeEventListener('hashchange', follow)
      clearTimeout(typing.current)
    }
  }, [])

  const change = useCallback(
    (wanted: Partial<RunsFilter>, kept: Kept = 'place') => {
      // Another list begins at its first page.
      const next = { ...filter, page: 0, ...wanted }
      setFilter(next)
      clearTimeout(typing.current)
      if (kept === 'place') history.pushState(null, '', addressOf(next))
      else {
        typing.current = setTimeout(() => history.replaceState(null, '', addressOf(next)), typingMs)
      }
    },
    [filter],
  )
  return [filter, change]
}
