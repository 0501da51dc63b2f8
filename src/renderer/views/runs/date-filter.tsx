import { Popover } from '@base-ui/react/popover'
import { ChevronDown, X } from 'lucide-react'
import type { RunsFilter } from './runs-filter.ts'

type Days = Pick<RunsFilter, 'from' | 'to'>

/** Spans that begin so many days before today. */
const spans = [
  { name: 'Today', days: 0 },
  { name: '7 days', days: 6 },
  { name: '30 days', days: 29 },
  { name: 'A year', days: 364 },
] as const

/** Filters by the day a run was started, from one to another. */
export function DateFilter({
  from,
  to,
  onChange,
}: Days & { readonly onChange: (days: Days) => void }) {
  const isActive = from !== null || to !== null
  return (
    <span className="filter" data-active={isActive ? '' : undefined}>
      <Popover.Root>
        <Popover.Trigger className="filter-button" aria-label="Filter by date">
          Date {isActive && <b>{daysInWords({ from, to })}</b>}
          <ChevronDown size={14} />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner className="menu-positioner" align="start" sideOffset={4}>
            <Popover.Popup className="menu dates" aria-label="Date">
              <div className="dates-spans">
                {spans.map(({ name, days }) => (
                  <button
                    key={name}
                    type="button"
                    className="button"
                    onClick={() => onChange({ from: daysAgo(days), to: null })}
                  >
                    {name}
                  </button>
                ))}
              </div>
              <label className="field">
                <span className="field-label">First day</span>
                <input
                  type="date"
                  className="text-input"
                  value={from ?? ''}
                  max={to ?? undefined}
                  onChange={({ target }) => onChange({ from: target.value || null, to })}
                />
              </label>
              <label className="field">
                <span className="field-label">Last day</span>
                <input
                  type="date"
                  className="text-input"
                  value={to ?? ''}
                  min={from ?? undefined}
                  onChange={({ target }) => onChange({ from, to: target.value || null })}
                />
              </label>
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      {isActive && (
        <button
          type="button"
          className="filter-remove"
          aria-label="Remove the filter by date"
          onClick={() => onChange({ from: null, to: null })}
        >
          <X size={14} />
        </button>
      )}
    </span>
  )
}

function daysInWords({ from, to }: Days): string {
  if (from === null) return `until ${to}`
  if (to === null) return `since ${from}`
  return from === to ? from : `${from} to ${to}`
}

function daysAgo(days: number): string {
  const day = new Date()
  day.setDate(day.getDate() - days)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}
