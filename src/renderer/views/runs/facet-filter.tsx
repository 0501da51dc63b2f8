import { Combobox } from '@base-ui/react/combobox'
import { Check, ChevronDown, X } from 'lucide-react'
import type { Facet } from '../../../shared/model/library.ts'

/** Values that are listed at a time: one types to find others. */
const mostListed = 100

/** Filters by one of the values that runs have: what is chosen stands as a chip that can be taken away. */
export function FacetFilter({
  name,
  facets,
  value,
  format = (text) => text,
  onChange,
}: {
  readonly name: string
  readonly facets: readonly Facet[]
  readonly value: string | null
  /** A value as it is shown. */
  readonly format?: ((value: string) => string) | undefined
  readonly onChange: (value: string | null) => void
}) {
  const counts = new Map(facets.map((facet) => [facet.value, facet.runs]))
  // What an address asks for stands there, though no run has it.
  if (value !== null && !counts.has(value)) counts.set(value, 0)
  const count = (each: string) => (counts.get(each) ?? 0).toLocaleString('en-US')
  return (
    <span className="filter" data-active={value === null ? undefined : ''}>
      <Combobox.Root
        items={[...counts.keys()]}
        value={value}
        onValueChange={(chosen: string | null) => chosen !== null && onChange(chosen)}
        itemToStringLabel={format}
        limit={mostListed}
        autoHighlight
      >
        <Combobox.Trigger className="filter-button" aria-label={`Filter by ${name.toLowerCase()}`}>
          {name}
          {value !== null && (
            <>
              <b dir="auto" title={value}>
                {format(value)}
              </b>
              <span className="unit">{count(value)}</span>
            </>
          )}
          <ChevronDown size={14} />
        </Combobox.Trigger>
        <Combobox.Portal>
          <Combobox.Positioner className="menu-positioner" align="start" sideOffset={4}>
            <Combobox.Popup className="menu" aria-label={name}>
              <Combobox.Input className="text-input menu-search" placeholder="Find" />
              <Combobox.Empty className="menu-empty">
                <p>There is none like this.</p>
              </Combobox.Empty>
              <Combobox.List className="menu-list">
                {(each: string) => (
                  <Combobox.Item key={each} value={each} className="menu-item menu-choice">
                    <span className="menu-check">
                      <Combobox.ItemIndicator>
                        <Check size={14} />
                      </Combobox.ItemIndicator>
                    </span>
                    <span className="menu-text" dir="auto" title={each}>
                      {format(each)}
                    </span>
                    <span className="menu-count">{count(each)}</span>
                  </Combobox.Item>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
      {value !== null && (
        <button
          type="button"
          className="filter-remove"
          aria-label={`Remove the filter by ${name.toLowerCase()}`}
          onClick={() => onChange(null)}
        >
          <X size={14} />
        </button>
      )}
    </span>
  )
}
