import { Checkbox } from '@base-ui/react/checkbox'
import { CheckboxGroup } from '@base-ui/react/checkbox-group'
import { Slider } from '@base-ui/react/slider'
import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { Check, FolderOpen, Play, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Estimate, LabDescription } from '../../../shared/contract.ts'
import { formatBytes, formatSpan } from '../../../shared/format.ts'
import { type Model, models, schedulings } from '../../../shared/model/execution-model.ts'
import type { PlanDocument } from '../../../shared/model/plan.ts'
import type { Problem } from '../../../shared/model/problem.ts'
import { ModelIcon } from '../../design/model-icon.tsx'
import { tellProblem } from '../../design/notices.ts'
import { NumberInput } from '../../design/number-input.tsx'
import { asLabError } from '../../state/lab-store.ts'
import { defaultParameters, documentOf, draftOf, type PlanDraft } from '../../state/plan-draft.ts'
import { useLabStore } from '../../state/use-lab.ts'
import { WorkloadCards } from './workload-cards.tsx'

/** The plan as a form, on one screen, with what it will take. */
export function Setup({
  description,
  draft,
  onChange,
  onStart,
  isBusy,
}: {
  readonly description: LabDescription
  readonly draft: PlanDraft
  readonly onChange: (draft: PlanDraft) => void
  readonly onStart: (force: boolean) => void
  /** A run goes on, or is being started. */
  readonly isBusy: boolean
}) {
  const { estimate, problem } = useEstimate(draft)
  const workload = description.workloads.find(({ name }) => name === draft.workload)
  const problems = estimate?.problems ?? []
  const wrong = (path: string) => problems.find((each) => isAt(each, path))?.message
  const set = (change: Partial<PlanDraft>) => onChange({ ...draft, ...change })
  const canStart = !isBusy && problem === null && problems.length === 0
  const mostWorkers = 2 * description.usableCores
  const workers = draft.workers[0] ?? 1

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
          <h1>What should be run both ways?</h1>
          <PlanSource description={description} onPlan={onChange} />
        </header>
        <WorkloadCards
          workloads={description.workloads}
          chosen={draft.workload}
          onChoose={(name) =>
            set({
              workload: name,
              parameters: defaultParameters(
                description.workloads.find((each) => each.name === name),
              ),
            })
          }
        />
        {workload !== undefined && Object.keys(workload.parameters).length > 0 && (
          <fieldset className="parameters">
            <legend>Parameters of {workload.name}</legend>
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
        <div className="field">
          <span className="field-label" id="models-label">
            Models
          </span>
          <CheckboxGroup
            className="models"
            aria-labelledby="models-label"
            value={[...draft.models]}
            onValueChange={(value) =>
              set({ models: models.filter((model) => value.includes(model)) })
            }
          >
            {models.map((model) => (
              <label
                key={model}
                className="model-choice"
                data-model={model}
                htmlFor={`model-${model}`}
              >
                <Checkbox.Root id={`model-${model}`} value={model} className="checkbox">
                  <Checkbox.Indicator>
                    <Check size={13} strokeWidth={3} />
                  </Checkbox.Indicator>
                </Checkbox.Root>
                <ModelIcon model={model} />
                {modelNames[model]}
              </label>
            ))}
          </CheckboxGroup>
          <Wrong text={wrong('models')} />
        </div>

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

        <div className="field">
          <span className="field-label" id="amount-label">
            A trial runs
          </span>
          <ToggleGroup
            className="segments"
            aria-labelledby="amount-label"
            value={[draft.amount]}
            onValueChange={([value]) => value && set({ amount: value as PlanDraft['amount'] })}
          >
            <Toggle className="segment" value="duration">
              for a time
            </Toggle>
            <Toggle className="segment" value="tasks">
              a number of tasks
            </Toggle>
          </ToggleGroup>
        </div>
        <div className="field-row">
          {draft.amount === 'duration' ? (
            <NumberInput
              label="Duration"
              unit="s"
              hint="0.05 s to a day"
              value={draft.duration_s}
              minimum={0.05}
              maximum={86_400}
              step={0.5}
              problem={wrong('duration_s')}
              onChange={(duration_s) => set({ duration_s })}
            />
          ) : (
            <NumberInput
              label="Tasks"
              unit="a trial"
              hint="1 to 1,000,000,000"
              value={draft.tasks}
              minimum={1}
              maximum={1_000_000_000}
              problem={wrong('tasks')}
              onChange={(tasks) => set({ tasks })}
            />
          )}
          <NumberInput
            label="Repetitions"
            unit="trials"
            hint="5 or more to say who wins"
            value={draft.repeat}
            minimum={1}
            maximum={1000}
            problem={wrong('repeat')}
            onChange={(repeat) => set({ repeat })}
          />
          <NumberInput
            label="Interval"
            unit="ms"
            hint="of the samples, 50 to 10,000"
            value={draft.interval_ms}
            minimum={50}
            maximum={10_000}
            step={50}
            problem={wrong('interval_ms')}
            onChange={(interval_ms) => set({ interval_ms })}
          />
        </div>
        <details className="more">
          <summary>More: warm-ups, scheduling, seed, label</summary>
          <div className="field-row">
            <NumberInput
              label="Warm-ups"
              unit="trials"
              hint="run first, not counted"
              value={draft.warmup}
              minimum={0}
              maximum={100}
              problem={wrong('warmup')}
              onChange={(warmup) => set({ warmup })}
            />
            <NumberInput
              label="Seed"
              hint="of order and data"
              value={draft.seed}
              minimum={0}
              maximum={4_294_967_295}
              problem={wrong('seed')}
              onChange={(seed) => set({ seed })}
            />
            <div className="field">
              <span className="field-label" id="scheduling-label">
                Scheduling
              </span>
              <ToggleGroup
                className="segments"
                aria-labelledby="scheduling-label"
                value={[draft.scheduling]}
                onValueChange={([value]) =>
                  value && set({ scheduling: value as PlanDraft['scheduling'] })
                }
              >
                {schedulings.map((each) => (
                  <Toggle key={each} className="segment" value={each}>
                    {each}
                  </Toggle>
                ))}
              </ToggleGroup>
            </div>
          </div>
          <label className="field">
            <span className="field-label">Label</span>
            <input
              className="text-input"
              value={draft.label}
              placeholder={`${draft.workload}: ${draft.models.join(', ')}`}
              onChange={({ target }) => set({ label: target.value })}
            />
            <Wrong text={wrong('label')} />
          </label>
        </details>

        <EstimateBox estimate={estimate} problem={problem} />
        <div className="start-row">
          <button type="submit" className="button primary large" disabled={!canStart}>
            <Play size={18} /> Start the comparison
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

const modelNames: Readonly<Record<Model, string>> = {
  inline: 'Inline, the baseline',
  threads: 'Threads',
  processes: 'Processes',
}

export const commandKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl'

function isAt({ path }: Problem, field: string): boolean {
  return path === field || path.startsWith(`${field}[`) || path.startsWith(`${field}.`)
}

function Wrong({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : <span className="problem">{text}</span>
}

/** What the plan will take, asked anew a moment after the form has changed. */
function useEstimate(draft: PlanDraft) {
  const { connection } = useLabStore()
  const [estimate, setEstimate] = useState<Estimate | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    let isCurrent = true
    const timer = setTimeout(() => {
      connection.call('estimate', { plan: documentOf(draft) }).then(
        (found) => {
          if (!isCurrent) return
          setEstimate(found)
          setProblem(null)
        },
        (error: unknown) => isCurrent && setProblem(asLabError(error).message),
      )
    }, 150)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [connection, draft])
  return { estimate, problem }
}

function EstimateBox({
  estimate,
  problem,
}: {
  readonly estimate: Estimate | null
  readonly problem: string | null
}) {
  if (problem !== null) return <p className="estimate problem">{problem}</p>
  if (estimate === null) return <p className="estimate">…</p>
  const { time_ms, timeBasis, memory_bytes, available_bytes, doesNotFit, problems } = estimate
  if (memory_bytes === null) {
    return (
      <p className="estimate problem" role="status">
        {problems.map(({ path, message }) => `${path}: ${message}`).join('; ')}
      </p>
    )
  }
  return (
    <div className="estimate" role="status">
      <dl>
        <div>
          <dt>Takes about</dt>
          <dd title={timeBasis}>{time_ms === null ? 'not known yet' : formatSpan(time_ms)}</dd>
        </div>
        <div>
          <dt>Needs up to</dt>
          <dd>
            {formatBytes(memory_bytes)}{' '}
            <span className="unit">of {formatBytes(available_bytes)}</span>
          </dd>
        </div>
      </dl>
      {time_ms === null && <p className="hint">{timeBasis}</p>}
      {doesNotFit !== null && (
        <p className="problem">
          <TriangleAlert size={14} /> {doesNotFit}
        </p>
      )}
    </div>
  )
}

/** Sample plans, and a plan from a file. */
function PlanSource({
  description,
  onPlan,
}: {
  readonly description: LabDescription
  readonly onPlan: (draft: PlanDraft) => void
}) {
  const { connection } = useLabStore()
  const file = useRef<HTMLInputElement>(null)
  const take = async (document: unknown) => {
    try {
      const { plan, problems } = await connection.call('estimate', { plan: document })
      if (plan !== null) onPlan(draftOf(plan as PlanDocument, description))
      else tellProblem(problems.map(({ path, message }) => `${path}: ${message}`).join('; '))
    } catch (error) {
      tellProblem(asLabError(error).message)
    }
  }
  const open = async () => {
    if (description.shell === 'web') return file.current?.click()
    try {
      const document = await connection.call('openPlan', {})
      if (document !== null) await take(document)
    } catch (error) {
      tellProblem(asLabError(error).message)
    }
  }
  return (
    <div className="plan-source">
      <select
        className="select"
        aria-label="Sample plans"
        value=""
        onChange={({ target }) => {
          const sample = description.samplePlans.find(({ name }) => name === target.value)
          if (sample !== undefined) void take(sample.plan)
        }}
      >
        <option value="">Sample plans…</option>
        {description.samplePlans.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <button type="button" className="button" onClick={() => void open()}>
        <FolderOpen size={16} /> Open a plan…
      </button>
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="Plan file"
        onChange={async ({ target }) => {
          const [chosen] = target.files ?? []
          target.value = ''
          if (chosen === undefined) return
          if (chosen.size > largestPlanBytes) {
            tellProblem(`${chosen.name} is larger than 1 MiB; allowed: a plan as JSON`)
            return
          }
          try {
            await take(JSON.parse(await chosen.text()))
          } catch {
            tellProblem(`${chosen.name} is not JSON; allowed: a plan as JSON`)
          }
        }}
      />
    </div>
  )
}

const largestPlanBytes = 1024 * 1024
