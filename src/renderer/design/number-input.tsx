import { Field } from '@base-ui/react/field'
import { NumberField } from '@base-ui/react/number-field'
import { Minus, Plus } from 'lucide-react'

/** A number with its name, unit, range, and what is wrong with it. */
export function NumberInput({
  label,
  unit,
  hint,
  value,
  minimum,
  maximum,
  step = 1,
  problem,
  onChange,
}: {
  readonly label: string
  readonly unit?: string | undefined
  /** What is allowed, in words. */
  readonly hint: string
  readonly value: number | null
  readonly minimum: number
  readonly maximum: number
  readonly step?: number
  readonly problem?: string | undefined
  readonly onChange: (value: number | null) => void
}) {
  return (
    <Field.Root className="field" invalid={problem !== undefined}>
      <Field.Label className="field-label">
        {label}
        {unit !== undefined && <span className="unit"> {unit}</span>}
      </Field.Label>
      <NumberField.Root
        className="number"
        value={value}
        onValueChange={onChange}
        min={minimum}
        max={maximum}
        step={step}
        smallStep={step}
        format={{ maximumFractionDigits: 6, useGrouping: false }}
        allowOutOfRange
      >
        <NumberField.Group className="number-group">
          <NumberField.Decrement className="number-step" aria-label={`Less ${label}`}>
            <Minus size={14} />
          </NumberField.Decrement>
          <NumberField.Input className="number-input" />
          <NumberField.Increment className="number-step" aria-label={`More ${label}`}>
            <Plus size={14} />
          </NumberField.Increment>
        </NumberField.Group>
      </NumberField.Root>
      {problem === undefined ? (
        <Field.Description className="hint">{hint}</Field.Description>
      ) : (
        <Field.Error className="problem" match>
          {problem}
        </Field.Error>
      )}
    </Field.Root>
  )
}
