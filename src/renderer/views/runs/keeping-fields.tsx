import { NumberField } from '@base-ui/react/number-field'
import { Switch } from '@base-ui/react/switch'
import { useRef, useState } from 'react'

/** What is proposed where thinning is switched on. */
const proposedDays = 90
const mostDays = 36_500

/** How long samples are kept whole, and the thinning of those that are older. */
export function KeepingFields({
  days,
  isDisabled,
  isThinning,
  onDays,
  onThin,
}: {
  /** Null where all are kept. */
  readonly days: number | null
  readonly isDisabled: boolean
  readonly isThinning: boolean
  readonly onDays: (days: number | null) => void
  readonly onThin: () => void
}) {
  /** What was taken away does not come back: it is asked once more. */
  const [isAsking, setAsking] = useState(false)
  /** As it has been typed; it counts with Enter, or when the field is left. */
  const typed = useRef(days)
  const keep = (value: number | null) => {
    if (value !== null && value !== days) onDays(value)
  }
  return (
    <fieldset className="keeping">
      <legend className="for-readers">Old samples</legend>
      <div className="keeping-row">
        <Switch.Root
          className="switch"
          aria-label="Thin old samples"
          checked={days !== null}
          disabled={isDisabled}
          onCheckedChange={(isOn) => {
            setAsking(false)
            onDays(isOn ? proposedDays : null)
          }}
        >
          <Switch.Thumb className="switch-thumb" />
        </Switch.Root>
        <span>Thin the samples of runs older than</span>
        <NumberField.Root
          className="keeping-days"
          key={days}
          defaultValue={days ?? proposedDays}
          min={1}
          max={mostDays}
          disabled={isDisabled || days === null}
          onValueChange={(value) => {
            typed.current = value
          }}
          onValueCommitted={keep}
        >
          <NumberField.Input
            className="text-input"
            aria-label="Days"
            onKeyDown={({ key }) => {
              if (key === 'Enter') keep(typed.current)
            }}
          />
        </NumberField.Root>
        <span>days</span>
      </div>
      <p className="hint">
        Of a thinned run the overview and every result stay. Runs that are marked “kept” stay whole.
      </p>
      {isAsking ? (
        <div className="keeping-row">
          <span className="keeping-question">It cannot be undone.</span>
          <button
            type="button"
            className="button danger"
            // biome-ignore lint/a11y/noAutofocus: in place of the button that was pressed.
            autoFocus
            onClick={() => {
              setAsking(false)
              onThin()
            }}
          >
            Thin for good
          </button>
          <button type="button" className="button" onClick={() => setAsking(false)}>
            Cancel
          </button>
        </div>
      ) : (
        <button
          type="button"
          className="button"
          disabled={isDisabled || days === null}
          onClick={() => setAsking(true)}
        >
          {isThinning ? 'Thinning…' : 'Thin now'}
        </button>
      )}
    </fieldset>
  )
}
