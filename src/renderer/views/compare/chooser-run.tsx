import { Checkbox } from '@base-ui/react/checkbox'
import { Check, ChevronDown, ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { nameBeside, runtimeNames } from '../../../shared/executor-names.ts'
import { formatParameters, formatTime } from '../../../shared/format.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import type { SideReference } from '../../../shared/model/run-comparison.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { ModelIcon } from '../../design/model-icon.tsx'
import { formatSide } from '../../state/route.ts'
import { useAnswer } from '../../state/use-answer.ts'

interface Choice {
  readonly taken: readonly SideReference[]
  readonly added: readonly SideReference[]
  readonly isFull: boolean
  readonly onToggle: (side: SideReference) => void
}

/** A run in the list: it can be chosen as a whole, or opened for its configurations. */
export function ChooserRun({ run, ...choice }: { readonly run: RunSummary } & Choice) {
  const [isOpen, setOpen] = useState(false)
  const { id, label, plan, started_at, machine, is_baseline } = run
  const name = label === '' ? `run ${id}` : label
  const facts = [
    `run ${id}`,
    workloadName(plan.workload),
    plan.runtimes.map((runtime) => runtimeNames[runtime]).join(', '),
    formatTime(started_at),
    ...(machine === null ? [] : [machine]),
    ...(is_baseline ? ['baseline'] : []),
  ]
  return (
    <li className="chooser-run">
      <div className="chooser-row">
        <SideCheckbox side={{ run: id, configuration: null }} {...choice}>
          <span className="chooser-words">
            <span className="side-name" dir="auto">
              {name}
            </span>
            <span className="hint side-name">{facts.join(' · ')}</span>
          </span>
          <span className="model-list">
            {plan.models.map((model) => (
              <span key={model}>
                <ModelIcon model={model} />
                <span className="for-readers">{model}</span>
              </span>
            ))}
          </span>
        </SideCheckbox>
        <button
          type="button"
          className="link chooser-open"
          aria-expanded={isOpen}
          aria-label={`Configurations of run ${id}`}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? <ChevronDown size={14} /> : <ChevronRight size={14} />} Configurations
        </button>
      </div>
      {isOpen && <ChooserConfigurations id={id} {...choice} />}
    </li>
  )
}

function ChooserConfigurations({ id, ...choice }: { readonly id: number } & Choice) {
  const { found, problem } = useAnswer('run', { id })
  if (problem !== null) return <p className="problem">{problem}</p>
  if (found === null) return <p className="hint">…</p>
  return (
    <ul className="chooser-configurations" aria-label={`Configurations of run ${id}`}>
      {found.run.configurations.map((configuration) => (
        <li key={configuration.id}>
          <SideCheckbox side={{ run: id, configuration: configuration.id }} {...choice}>
            <ModelIcon model={configuration.model} />
            <span className="side-name" dir="auto">
              {nameBeside(configuration, found.run.configurations)}
              <span className="unit"> {formatParameters(configuration.parameters)}</span>
            </span>
          </SideCheckbox>
        </li>
      ))}
    </ul>
  )
}

function SideCheckbox({
  side,
  taken,
  added,
  isFull,
  onToggle,
  children,
}: { readonly side: SideReference; readonly children: ReactNode } & Choice) {
  const isIn = (all: readonly SideReference[]) =>
    all.some((each) => formatSide(each) === formatSide(side))
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is within.
    <label className="check-label chooser-choice">
      <Checkbox.Root
        className="checkbox"
        checked={isIn(taken) || isIn(added)}
        disabled={isIn(taken) || (isFull && !isIn(added))}
        onCheckedChange={() => onToggle(side)}
      >
        <Checkbox.Indicator>
          <Check size={14} />
        </Checkbox.Indicator>
      </Checkbox.Root>
      {children}
    </label>
  )
}
