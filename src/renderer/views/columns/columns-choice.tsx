import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import type { Model } from '../../../shared/model/execution-model.ts'
import { ModelIcon } from '../../design/model-icon.tsx'

/** Columns that are seen at once without scrolling. */
export const fewColumns = 3

export interface Choosable {
  readonly key: string
  readonly model: Model
  readonly words: string
  readonly isCurrent: boolean | null
}

/** Which of many columns are looked at; at least one. */
export function ColumnsChoice({
  columns,
  hidden,
  onChange,
}: {
  readonly columns: readonly Choosable[]
  readonly hidden: ReadonlySet<string>
  readonly onChange: (hidden: ReadonlySet<string>) => void
}) {
  if (columns.length <= fewColumns) return null
  const shown = columns.filter(({ key }) => !hidden.has(key)).map(({ key }) => key)
  return (
    <div className="columns-choice">
      <ToggleGroup
        className="columns-chips"
        aria-label="Columns that are shown"
        multiple
        value={shown}
        onValueChange={(chosen) => {
          if (chosen.length === 0) return
          onChange(new Set(columns.map(({ key }) => key).filter((key) => !chosen.includes(key))))
        }}
      >
        {columns.map(({ key, model, words, isCurrent }) => (
          <Toggle
            key={key}
            className="column-chip"
            value={key}
            title={words}
            data-current={isCurrent === true}
          >
            <ModelIcon model={model} /> <span className="chip-words">{words}</span>
          </Toggle>
        ))}
      </ToggleGroup>
      {shown.length < columns.length && (
        <button type="button" className="link" onClick={() => onChange(new Set())}>
          Show all {columns.length}
        </button>
      )}
    </div>
  )
}
