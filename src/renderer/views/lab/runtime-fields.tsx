import { Checkbox } from '@base-ui/react/checkbox'
import { CheckboxGroup } from '@base-ui/react/checkbox-group'
import { Check } from 'lucide-react'
import { runtimeNames } from '../../../shared/executor-names.ts'
import {
  modelTraits,
  type Runtime,
  runtimes,
  startMethods,
  transports,
} from '../../../shared/model/execution-model.ts'
import { Choices } from '../../design/choices.tsx'
import { NumberInput } from '../../design/number-input.tsx'
import { Wrong } from '../../design/wrong.tsx'
import { withRuntimes } from '../../state/plan-draft.ts'
import type { KnownInterpreters } from '../../state/use-interpreters.ts'
import { InterpreterList } from './interpreter-list.tsx'
import type { PlanFields } from './plan-number.tsx'

/** What executes the work, and in which Pythons. */
export function RuntimeFields({
  fields,
  offered,
  known,
  isEachKind,
}: {
  readonly fields: PlanFields
  /** Those that can do it. */
  readonly offered: readonly Runtime[]
  readonly known: KnownInterpreters
  readonly isEachKind: boolean
}) {
  const { draft, set, wrong } = fields
  const chosen = draft.runtimes
  const shown = runtimes.filter((each) => offered.includes(each) || chosen.includes(each))
  return (
    <>
      <div className="field">
        <span className="field-label" id="runtimes-label">
          Run in
        </span>
        <CheckboxGroup
          className="models"
          aria-labelledby="runtimes-label"
          value={[...chosen]}
          // The last of them stays chosen.
          onValueChange={(value) => {
            const now = runtimes.filter((each) => value.includes(each))
            if (now.length > 0) set(withRuntimes(draft, now))
          }}
        >
          {shown.map((runtime) => (
            <label key={runtime} className="model-choice" htmlFor={`runtime-${runtime}`}>
              <Checkbox.Root id={`runtime-${runtime}`} value={runtime} className="checkbox">
                <Checkbox.Indicator>
                  <Check size={13} strokeWidth={3} />
                </Checkbox.Indicator>
              </Checkbox.Root>
              {runtimeNames[runtime]}
            </label>
          ))}
        </CheckboxGroup>
        <Wrong text={wrong('runtimes')} />
      </div>
      {chosen.some((runtime) => runtime !== 'node') && (
        <div className="python">
          <InterpreterList known={known} isEachKind={isEachKind} fields={fields} />
          {chosen.includes('python') && <PythonFields fields={fields} />}
          {chosen.includes('dask') && <DaskFields fields={fields} />}
        </div>
      )}
    </>
  )
}

/** How Python starts its processes, and how these are sent messages: where it has any. */
function PythonFields({ fields: { draft, set, wrong } }: { readonly fields: PlanFields }) {
  const startsProcesses = draft.models.some(
    (model) =>
      modelTraits[model].separateProcesses && modelTraits[model].runtimes.includes('python'),
  )
  if (!startsProcesses) return null
  const sends = draft.workload === 'messages' && draft.models.includes('processes')
  return (
    <div className="choices">
      <Choices
        id="start-methods"
        label="Python’s processes start by"
        values={draft.start_methods}
        names={startMethods}
        onChange={(chosen) => set({ start_methods: chosen })}
      >
        <Wrong text={wrong('start_methods')} />
      </Choices>
      {sends && (
        <Choices
          id="transports"
          label="Messages travel by"
          values={draft.transports}
          names={transports}
          onChange={(chosen) => set({ transports: chosen })}
        >
          <Wrong text={wrong('transports')} />
        </Choices>
      )}
    </div>
  )
}

/** A cluster of one's own, or the shape of that which is started here. */
function DaskFields({ fields: { draft, set, wrong } }: { readonly fields: PlanFields }) {
  const problem = wrong('scheduler')
  return (
    <div className="dask-row">
      <label className="field">
        <span className="field-label">
          Dask’s scheduler <span className="unit">address</span>
        </span>
        <input
          className="text-input"
          value={draft.scheduler ?? ''}
          placeholder="none: started here"
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby="scheduler-hint"
          onChange={({ target }) => {
            const address = target.value.trim()
            // A cluster that is there already has a model of its own.
            const scheduler = address === '' ? null : address
            set((now) => withRuntimes({ ...now, scheduler }, now.runtimes))
          }}
        />
        {problem === undefined ? (
          <span className="hint" id="scheduler-hint">
            tcp://HOST:PORT of a cluster of yours
          </span>
        ) : (
          <span className="problem" id="scheduler-hint">
            {problem}
          </span>
        )}
      </label>
      {draft.scheduler === null && (
        <NumberInput
          label="Threads"
          unit="a process"
          hint="of its worker processes"
          value={draft.threads_per_worker ?? 1}
          minimum={1}
          maximum={64}
          problem={wrong('threads_per_worker')}
          onChange={(value) => set({ threads_per_worker: value === 1 ? null : value })}
        />
      )}
    </div>
  )
}
