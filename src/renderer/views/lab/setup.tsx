import { Slider } from '@base-ui/react/slider'
import { Play } from 'lucide-react'
import { useRef } from 'react'
import type { LabDescription } from '../../../shared/contract.ts'
import { runtimes } from '../../../shared/model/execution-model.ts'
import type { Problem } from '../../../shared/model/problem.ts'
import { isModuleFile } from '../../../shared/model/workload.ts'
import { NumberInput } from '../../design/number-input.tsx'
import { Wrong } from '../../design/wrong.tsx'
import { experimentOf, runtimesOfExperiment } from '../../state/experiments.ts'
import {
  defaultParameters,
  type PlanDraft,
  withModule,
  withoutExperiment,
  workOf,
} from '../../state/plan-draft.ts'
import { useInterpreters } from '../../state/use-interpreters.ts'
import { EstimateBox, useEstimate } from './estimate-box.tsx'
import { ExperimentHead } from './experiment-head.tsx'
import { chosenInterpreters } from './interpreter-choice.ts'
import { ModelChoice } from './model-choice.tsx'
import { OwnModuleField } from './own-module-field.tsx'
import type { PlanChange } from './plan-number.tsx'
import { PlanSource } from './plan-source.tsx'
import { RuntimeFields } from './runtime-fields.tsx'
import { TrialFields } from './trial-fields.tsx'
import { WorkloadCards } from './workload-cards.tsx'

/** The plan as a form, on one screen, with what it will take. */
export function Setup({
  description,
  draft,
  onChange,
  onDocument,
  onStart,
  isBusy,
}: {
  readonly description: LabDescription
  readonly draft: PlanDraft
  readonly onChange: (draft: PlanDraft) => void
  /** A plan from elsewhere, not checked yet. */
  readonly onDocument: (document: unknown) => Promise<void>
  readonly onStart: (force: boolean) => void
  /** A run goes on, or is being started. */
  readonly isBusy: boolean
}) {
  const { estimate, problem } = useEstimate(draft)
  const experiment = experimentOf(description, draft)
  const isProbe = experiment !== null && experiment.probe !== null
  const isOwn = draft.isOwn && !isProbe
  const workload = isOwn ? undefined : workOf(description, experiment, draft.workload)
  const problems = estimate?.problems ?? []
  // Who can load a module is not known before its path is whole.
  const isUnknown = isOwn && !isModuleFile(draft.workload)
  const wrong = (path: string) =>
    isUnknown && path === 'runtimes'
      ? undefined
      : problems.find((each) => isAt(each, path))?.message
  // What was asked for may come when something else has changed meanwhile.
  const latest = useRef(draft)
  latest.current = draft
  const set = (change: PlanChange) => {
    const { current } = latest
    onChange({ ...current, ...(typeof change === 'function' ? change(current) : change) })
  }
  const fields = { draft, set, wrong }
  const known = useInterpreters(draft.runtimes.some((runtime) => runtime !== 'node'))
  const canStart = !isBusy && problem === null && problems.length === 0
  const mostWorkers = 2 * description.usableCores
  const workers = draft.workers[0] ?? 1
  const isEachKind = experiment?.interpreters === 'all'
  const ableRuntimes =
    experiment === null ? runtimes : runtimesOfExperiment(description, experiment)

  return (
    <form
      className="setup"
      aria-label="New comparison"
      // What is wrong is said by the lab, beside the field.
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (canStart) onStart(false)
      }}
    >
      <section className="setup-work">
        <header className="setup-head">
          <h1>{experiment === null ? 'What should be run both ways?' : experiment.title}</h1>
          <PlanSource description={description} onDocument={onDocument} />
        </header>
        {draft.experiment !== null && (
          <ExperimentHead
            name={draft.experiment}
            experiment={experiment}
            problem={wrong('experiment')}
            onLeave={() => onChange(withoutExperiment(draft, description))}
          />
        )}
        {!isProbe && (
          <WorkloadCards
            workloads={description.workloads}
            chosen={isOwn ? null : draft.workload}
            runtimes={draft.runtimes}
            onChoose={(name) =>
              set({
                workload: name ?? '',
                isOwn: name === null,
                // Those of a plan spoke of its own workload.
                label: '',
                notes: '',
                parameters: defaultParameters(
                  description.workloads.find((each) => each.name === name),
                ),
              })
            }
          />
        )}
        {!isOwn && !isProbe && <Wrong text={wrong('workload')} />}
        {isOwn && (
          <OwnModuleField
            path={draft.workload}
            isPython={!draft.runtimes.includes('node')}
            canChoose={description.shell === 'desktop'}
            problem={wrong('workload')}
            onChange={(path) => set((now) => withModule(now, path))}
          />
        )}
        {workload !== undefined && Object.keys(workload.parameters).length > 0 && (
          <fieldset className="parameters">
            <legend>
              {isProbe ? 'Parameters of the experiment' : `Parameters of ${workload.name}`}
            </legend>
            {Object.entries(workload.parameters).map(([name, each]) => (
              <NumberInput
                key={`${workload.name}.${name}`}
                label={name}
                unit={each.unit}
                hint={`${each.description}; ${each.minimum} to ${each.maximum.toLocaleString('en-US')}`}
                value={draft.parameters[name] ?? null}
                minimum={each.minimum}
                maximum={each.maximum}
                step={each.whole ? 1 : 0.1}
                problem={wrong(`parameters.${name}`)}
                onChange={(value) => set({ parameters: { ...draft.parameters, [name]: value } })}
              />
            ))}
          </fieldset>
        )}
      </section>

      <section className="setup-how">
        <RuntimeFields
          fields={fields}
          offered={ableRuntimes}
          known={known}
          isEachKind={isEachKind}
        />
        <ModelChoice
          fields={fields}
          chosen={known.found === null ? null : chosenInterpreters(draft, known.found, isEachKind)}
        />

        {draft.workers.length > 1 ? (
          <p className="hint">
            Worker counts of the plan: {draft.workers.join(', ')}.{' '}
            <button
              type="button"
              className="link"
              onClick={() => set({ workers: [description.usableCores] })}
            >
              Use one
            </button>
          </p>
        ) : (
          <Slider.Root
            className="field slider"
            value={Math.min(workers, mostWorkers)}
            min={1}
            max={mostWorkers}
            onValueChange={(value) => set({ workers: [Number(value)] })}
          >
            <span className="field-label">
              <Slider.Label>Workers</Slider.Label>
              <output className="slider-value">
                {workers} <span className="unit">on {description.usableCores} cores</span>
              </output>
            </span>
            <Slider.Control className="slider-control">
              <Slider.Track className="slider-track">
                <Slider.Indicator className="slider-indicator" />
                <Slider.Thumb className="slider-thumb" aria-label="Workers" />
              </Slider.Track>
            </Slider.Control>
            <Wrong text={wrong('workers')} />
          </Slider.Root>
        )}

        <TrialFields fields={fields} isProbe={isProbe} />
        <EstimateBox estimate={estimate} problem={problem} isUnnamed={draft.workload === ''} />
        <div className="start-row">
          <button type="submit" className="button primary large" disabled={!canStart}>
            <Play size={18} />{' '}
            {experiment === null ? 'Start the comparison' : 'Start the experiment'}
          </button>
          <kbd>{commandKey} Enter</kbd>
          {estimate?.doesNotFit != null && canStart && (
            <button type="button" className="button" onClick={() => onStart(true)}>
              Start all the same
            </button>
          )}
        </div>
      </section>
    </form>
  )
}

export const commandKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl'

function isAt({ path }: Problem, field: string): boolean {
  return path === field || path.startsWith(`${field}[`) || path.startsWith(`${field}.`)
}
