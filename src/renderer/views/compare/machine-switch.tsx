import { Checkbox } from '@base-ui/react/checkbox'
import { Check } from 'lucide-react'

/** Whether runs of other machines are taken in. */
export function MachineSwitch({
  words,
  isAcross,
  onChange,
}: {
  readonly words: string
  readonly isAcross: boolean
  readonly onChange: (isAcross: boolean) => void
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is within.
    <label className="check-label">
      <Checkbox.Root className="checkbox" checked={isAcross} onCheckedChange={onChange}>
        <Checkbox.Indicator>
          <Check size={14} />
        </Checkbox.Indicator>
      </Checkbox.Root>
      {words}
    </label>
  )
}
