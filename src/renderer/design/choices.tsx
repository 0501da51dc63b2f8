import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import type { ReactNode } from 'react'

/** Several of a few, at least one, all of which are seen. */
export function Choices<Value extends string>({
  id,
  label,
  values,
  names,
  onChange,
  children,
}: {
  readonly id: string
  readonly label: string
  readonly values: readonly Value[]
  /** In the order they stand. */
  readonly names: readonly Value[]
  readonly onChange: (values: readonly Value[]) => void
  /** What is said below them. */
  readonly children?: ReactNode
}) {
  return (
    <div className="field">
      <span className="field-label" id={`${id}-label`}>
        {label}
      </span>
      <ToggleGroup
        className="segments"
        aria-labelledby={`${id}-label`}
        multiple
        value={[...values]}
        // The last of them stays chosen.
        onValueChange={(chosen) =>
          chosen.length > 0 && onChange(names.filter((name) => chosen.includes(name)))
        }
      >
        {names.map((name) => (
          <Toggle key={name} className="segment" value={name}>
            {name}
          </Toggle>
        ))}
      </ToggleGroup>
      {children}
    </div>
  )
}
