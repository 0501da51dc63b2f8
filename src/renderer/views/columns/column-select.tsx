import { Select } from '../../design/select.tsx'

/** Which of a run's columns are looked at, by one thing that sets them apart; nothing where there is no choice. */
export function ColumnSelect({
  label,
  values,
  chosen,
  nameOf = (value) => value,
  onChoose,
}: {
  readonly label: string
  readonly values: readonly string[]
  readonly chosen: string | null
  readonly nameOf?: (value: string) => string
  readonly onChoose: (value: string) => void
}) {
  if (values.length < 2) return null
  return (
    <span className="workers-choice">
      {label}{' '}
      <Select
        label={label}
        value={chosen ?? (values[0] as string)}
        choices={values.map((value) => ({ value, name: nameOf(value) }))}
        onChoose={onChoose}
      />
    </span>
  )
}
