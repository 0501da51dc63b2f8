import { Combobox } from '@base-ui/react/combobox'
import { Check, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useFacets } from './runs-page.ts'
import { useUpkeep } from './use-upkeep.ts'

/** Tags that are proposed at a time: one types to find others. */
const mostProposed = 50

interface Wanted {
  readonly tags: readonly string[]
  readonly insteadOf: string
}

/** A run's tags: chosen among those that other runs have, or written anew; kept at once. */
export function TagEditor({
  id,
  tags,
  label,
}: {
  readonly id: number
  readonly tags: readonly string[]
  /** Says to readers of the page whose tags they are. */
  readonly label: string
}) {
  const { edit } = useUpkeep()
  const { facets } = useFacets()
  const [typed, setTyped] = useState('')
  /** As they were wanted last, in place of those that the lab told before. */
  const [wanted, setWanted] = useState<Wanted | null>(null)
  const shown = wanted !== null && wanted.insteadOf === String(tags) ? wanted.tags : tags
  const known = new Set([...(facets?.tags ?? []).map(({ value }) => value), ...shown])
  const fresh = typed.trim()
  const items = fresh === '' || known.has(fresh) ? [...known] : [...known, fresh]
  const keep = async (next: readonly string[]) => {
    setTyped('')
    setWanted({ tags: next, insteadOf: String(tags) })
    if (!(await edit(id, { tags: next }))) setWanted(null)
  }
  return (
    <Combobox.Root
      items={items}
      multiple
      limit={mostProposed}
      autoHighlight
      value={[...shown]}
      onValueChange={(next: string[], details) => {
        // Esc leaves the field; it would take all tags away, and keep the dialog around them open.
        if (details.reason === 'escape-key') {
          details.cancel()
          details.allowPropagation()
          return
        }
        void keep(next)
      }}
      inputValue={typed}
      onInputValueChange={setTyped}
    >
      <Combobox.InputGroup className="tag-editor">
        <Combobox.Chips className="tag-list" aria-label={shown.length > 0 ? label : undefined}>
          {shown.map((tag) => (
            <Combobox.Chip key={tag} className="tag" aria-label={tag}>
              <span className="tag-text" dir="auto">
                {tag}
              </span>
              <Combobox.ChipRemove className="tag-remove" aria-label={`Remove the tag ${tag}`}>
                <X size={12} />
              </Combobox.ChipRemove>
            </Combobox.Chip>
          ))}
          <Combobox.Input
            className="tag-input"
            aria-label={`Add to the ${label.charAt(0).toLowerCase()}${label.slice(1)}`}
            placeholder={shown.length === 0 ? 'Add tags…' : 'Add…'}
          />
        </Combobox.Chips>
      </Combobox.InputGroup>
      <Combobox.Portal>
        <Combobox.Positioner className="menu-positioner" sideOffset={4} align="start">
          <Combobox.Popup className="menu">
            <Combobox.Empty className="menu-empty">
              {fresh === '' ? <p>Write a tag and press Enter.</p> : null}
            </Combobox.Empty>
            <Combobox.List className="menu-list">
              {(tag: string) => (
                <Combobox.Item key={tag} value={tag} className="menu-item menu-choice">
                  {known.has(tag) ? (
                    <>
                      <span className="menu-check">
                        <Combobox.ItemIndicator>
                          <Check size={14} />
                        </Combobox.ItemIndicator>
                      </span>
                      <span className="menu-text" dir="auto">
                        {tag}
                      </span>
                    </>
                  ) : (
                    <>
                      <span className="menu-check">
                        <Plus size={14} />
                      </span>
                      <span className="menu-text">
                        New tag <b dir="auto">{tag}</b>
                      </span>
                    </>
                  )}
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}
