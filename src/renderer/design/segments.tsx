import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import type { ReactNode } from 'react'

/** One of a few, all of which are seen. */
export function Segments<Value extends string>({
  id,
  label,
  value,
  names,
  onChange,
  className = 'field',
  children,
}: {
  readonly id: string
  readonly label: string
  readonly value: Value
  /** In the order they stand, each with what it is called. */
  readonly names: Readonly<Record<Value, string>>
  readonly onChange: (value: Value) => void
  readonly className?: string
  /** What is said below them. */
  readonly children?: ReactNode
}) {
  return (
    <div className={className}>
      <span className="field-label" id={`${id}-label`}>
        {label}
      </span>
      <ToggleGroup
        className="segments"
        aria-labelledby={`${id}-label`}
        value={[value]}
        // What is chosen stays chosen where it is pressed again.
        onValueChange={([chosen]) => chosen && onChange(chosen as Value)}
      >
        {(Object.keys(names) as Value[]).map((each) => (
          <Toggle key={each} className="segment" value={each}>
            {names[each]}
          </Toggle>
        ))}
      </ToggleGroup>
      {children}
    </div>
  )
}
