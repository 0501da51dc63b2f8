import { Checkbox } from '@base-ui/react/checkbox'
import { CheckboxGroup } from '@base-ui/react/checkbox-group'
import { Check } from 'lucide-react'
import { runtimeNames } from '../../../shared/executor-names.ts'
import {
  type Model,
  models,
  modelTraits,
  type Runtime,
  runtimes,
} from '../../../shared/model/execution-model.ts'
import type { FoundInterpreter } from '../../../shared/model/found-interpreter.ts'
import { ModelIcon } from '../../design/model-icon.tsx'
import { Wrong } from '../../design/wrong.tsx'
import { hasModel } from '../../state/plan-draft.ts'
import type { PlanFields } from './plan-number.tsx'

/** The models that the chosen runtimes have: first those of all of them, then Python's own. */
export function ModelChoice({
  fields: { draft, set, wrong },
  chosen,
}: {
  readonly fields: PlanFields
  /** The Pythons that are chosen; null while they are looked for. */
  readonly chosen: readonly FoundInterpreter[] | null
}) {
  const isCluster = draft.runtimes.includes('dask') && draft.scheduler !== null
  const offered = models.filter((model) =>
    model === 'cluster'
      ? draft.models.includes(model) || isCluster
      : draft.runtimes.some((runtime) => modelTraits[model].runtimes.includes(runtime)),
  )
  const isOfAll = (model: Model) =>
    runtimes.every((each) => modelTraits[model].runtimes.includes(each))
  const choice = (model: Model) => {
    const missing = draft.models.includes(model) ? null : whyMissing(model, draft, chosen)
    return (
      <label
        key={model}
        className="model-choice"
        data-model={modelTraits[model].family}
        data-off={missing !== null}
        title={missing ?? undefined}
        htmlFor={`model-${model}`}
      >
        <Checkbox.Root
          id={`model-${model}`}
          value={model}
          className="checkbox"
          disabled={missing !== null}
        >
          <Checkbox.Indicator>
            <Check size={13} strokeWidth={3} />
          </Checkbox.Indicator>
        </Checkbox.Root>
        <ModelIcon model={model} />
        <span>
          {model === 'inline' ? 'Inline, the baseline' : modelTraits[model].title}
          {missing !== null && <span className="for-readers">, {missing}</span>}
        </span>
      </label>
    )
  }
  const ownOf = (runtime: Runtime) =>
    offered.filter((model) => !isOfAll(model) && modelTraits[model].runtimes.includes(runtime))
  return (
    <div className="field">
      <span className="field-label" id="models-label">
        Models
      </span>
      <CheckboxGroup
        className="model-groups"
        aria-labelledby="models-label"
        value={[...draft.models]}
        // On a cluster of the user's own that model is run, whatever else is.
        onValueChange={(value) => {
          const isKept = (model: Model) => model === 'cluster' && isCluster
          set({ models: offered.filter((model) => value.includes(model) || isKept(model)) })
        }}
      >
        <div className="models">{offered.filter(isOfAll).map(choice)}</div>
        {runtimes.map((runtime) => {
          const own = ownOf(runtime)
          return own.length === 0 ? null : (
            <div key={runtime} className="models models-own">
              <span className="hint">{runtimeNames[runtime]}’s own</span>
              {own.map(choice)}
            </div>
          )
        })}
      </CheckboxGroup>
      <Wrong text={wrong('models')} />
    </div>
  )
}

/** Why a model cannot be chosen, which one of the runtimes has; null where it can. */
function whyMissing(
  model: Model,
  { runtimes: chosenRuntimes, scheduler }: PlanFields['draft'],
  chosen: readonly FoundInterpreter[] | null,
): string | null {
  if (!chosenRuntimes.some((runtime) => hasModel(runtime, model, scheduler))) {
    return 'needs a cluster that is started here'
  }
  const isOfPython = modelTraits[model].runtimes.every((runtime) => runtime === 'python')
  if (!isOfPython || chosen === null || !chosenRuntimes.includes('python')) return null
  if (chosen.some(({ interpreter }) => interpreter?.models.includes(model))) return null
  return model === 'interpreters'
    ? 'needs CPython 3.14 or later'
    : 'none of the chosen Pythons has it'
}
