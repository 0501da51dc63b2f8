/** One of many, of which the chosen one alone is seen. */
export function Select({
  label,
  value,
  choices,
  onChoose,
}: {
  readonly label: string
  readonly value: string
  /** In the order they stand. */
  readonly choices: readonly { readonly value: string; readonly name: string }[]
  readonly onChoose: (value: string) => void
}) {
  return (
    <select
      className="select"
      aria-label={label}
      value={value}
      onChange={({ target }) => onChoose(target.value)}
    >
      {choices.map(({ value: each, name }) => (
        <option key={each} value={each}>
          {name}
        </option>
      ))}
    </select>
  )
}
