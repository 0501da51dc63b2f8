import { NumberField } from '@base-ui/react/number-field'
import { Switch } from '@base-ui/react/switch'
import { useState } from 'react'

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
          onValueCommitted={(value) => value !== null && value !== days && onDays(value)}
        >
          <NumberField.Input className="text-input" aria-label="Days" />
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
