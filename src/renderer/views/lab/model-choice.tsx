import { Checkbox } from '@base-ui/react/checkbox'
import { CheckboxGroup } from '@base-ui/react/checkbox-group'
import { Check } from 'lucide-react'
import { type Model, models, modelTraits, runtimes } from '../../../shared/model/execution-model.ts'
import type { FoundInterpreter } from '../../../shared/model/found-interpreter.ts'
import { ModelIcon } from '../../design/model-icon.tsx'
import { Wrong } from '../../design/wrong.tsx'
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
    const isMissing = !draft.models.includes(model) && whyMissing(model, draft.runtimes, chosen)
    return (
      <label
        key={model}
        className="model-choice"
        data-model={modelTraits[model].family}
        data-off={isMissing !== false && isMissing !== null}
        title={isMissing || undefined}
        htmlFor={`model-${model}`}
      >
        <Checkbox.Root
          id={`model-${model}`}
          value={model}
          className="checkbox"
          disabled={isMissing !== false && isMissing !== null}
        >
          <Checkbox.Indicator>
            <Check size={13} strokeWidth={3} />
          </Checkbox.Indicator>
        </Checkbox.Root>
        <ModelIcon model={model} />
        <span>
          {model === 'inline' ? 'Inline, the baseline' : modelTraits[model].title}
          {isMissing && <span className="for-readers">, {isMissing}</span>}
        </span>
      </label>
    )
  }
  const own = offered.filter((model) => !isOfAll(model))
  return (
    <div className="field">
      <span className="field-label" id="models-label">
        Models
      </span>
      <CheckboxGroup
        className="model-groups"
        aria-labelledby="models-label"
        value={[...draft.models]}
        onValueChange={(value) => set({ models: offered.filter((model) => value.includes(model)) })}
      >
        <div className="models">{offered.filter(isOfAll).map(choice)}</div>
        {own.length > 0 && (
          <div className="models models-own">
            <span className="hint">
              {draft.runtimes.includes('python') ? 'Python’s own' : 'Dask’s own'}
            </span>
            {own.map(choice)}
          </div>
        )}
      </CheckboxGroup>
      <Wrong text={wrong('models')} />
    </div>
  )
}

/** Why a model of Python's own cannot be chosen; null where it can. */
function whyMissing(
  model: Model,
  chosenRuntimes: readonly string[],
  chosen: readonly FoundInterpreter[] | null,
): string | null {
  const isOfPython = modelTraits[model].runtimes.every((runtime) => runtime === 'python')
  if (!isOfPython || chosen === null || !chosenRuntimes.includes('python')) return null
  if (chosen.some(({ interpreter }) => interpreter?.models.includes(model))) return null
  return model === 'interpreters'
    ? 'needs CPython 3.14 or later'
    : 'none of the chosen Pythons has it'
}
