import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { type Scaling, scalings, schedulings } from '../../../shared/model/execution-model.ts'
import { planLimits, samplers } from '../../../shared/model/plan-limits.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { NumberInput } from '../../design/number-input.tsx'
import { Wrong } from '../../design/wrong.tsx'
import type { PlanDraft } from '../../state/plan-draft.ts'

/** How much a trial does, how often, and how it is watched. */
export function TrialFields({
  draft,
  set,
  wrong,
  isProbe,
}: {
  readonly draft: PlanDraft
  readonly set: (change: Partial<PlanDraft>) => void
  /** What is wrong with a field, by its path in the plan. */
  readonly wrong: (path: string) => string | undefined
  /** Its work is the experiment's own, and as long as that takes. */
  readonly isProbe: boolean
}) {
  return (
    <>
      <div className="choices">
        {!isProbe && (
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
        )}
        <div className="field">
          <span className="field-label" id="repetition-label">
            It is repeated
          </span>
          <ToggleGroup
            className="segments"
            aria-labelledby="repetition-label"
            value={[draft.repetition]}
            onValueChange={([value]) =>
              value && set({ repetition: value as PlanDraft['repetition'] })
            }
          >
            <Toggle className="segment" value="number">
              a number of times
            </Toggle>
            <Toggle className="segment" value="auto">
              until it is precise
            </Toggle>
          </ToggleGroup>
        </div>
        {draft.experiment === sweep && (
          <div className="field">
            <span className="field-label" id="scaling-label">
              With more workers
            </span>
            <ToggleGroup
              className="segments"
              aria-labelledby="scaling-label"
              value={[draft.scaling]}
              onValueChange={([value]) => value && set({ scaling: value as PlanDraft['scaling'] })}
            >
              {scalings.map((each) => (
                <Toggle key={each} className="segment" value={each}>
                  {scalingNames[each]}
                </Toggle>
              ))}
            </ToggleGroup>
            <Wrong text={wrong('scaling')} />
          </div>
        )}
      </div>
      <div className="field-row">
        {isProbe ? null : draft.amount === 'duration' ? (
          <NumberInput
            label="Duration"
            unit="s"
            hint="0.05 s to a day"
            value={draft.duration_s}
            {...planLimits.duration_s}
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
            {...planLimits.tasks}
            problem={wrong('tasks')}
            onChange={(tasks) => set({ tasks })}
          />
        )}
        {draft.repetition === 'number' ? (
          <NumberInput
            label="Repetitions"
            unit="trials"
            hint="5 or more to say who wins"
            value={draft.repeat}
            {...planLimits.repeat}
            problem={wrong('repeat')}
            onChange={(repeat) => set({ repeat })}
          />
        ) : (
          <NumberInput
            label="At most"
            unit="trials"
            hint="ends at ± 3 %, never at a difference"
            value={draft.max_repeat}
            {...planLimits.max_repeat}
            problem={wrong('max_repeat')}
            onChange={(max_repeat) => set({ max_repeat })}
          />
        )}
        <NumberInput
          label="Interval"
          unit="ms"
          hint="of the samples, 50 to 10,000"
          value={draft.interval_ms}
          {...planLimits.interval_ms}
          step={50}
          problem={wrong('interval_ms')}
          onChange={(interval_ms) => set({ interval_ms })}
        />
      </div>
      <details className="more">
        <summary>
          More: warm-ups, {isProbe ? '' : 'scheduling, '}seed, sampler, bounds, label
        </summary>
        <div className="field-row">
          <NumberInput
            label="Warm-ups"
            unit="trials"
            hint="run first, not counted"
            value={draft.warmup}
            {...planLimits.warmup}
            problem={wrong('warmup')}
            onChange={(warmup) => set({ warmup })}
          />
          <NumberInput
            label="Seed"
            hint="of order and data"
            value={draft.seed}
            {...planLimits.seed}
            problem={wrong('seed')}
            onChange={(seed) => set({ seed })}
          />
          {!isProbe && (
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
          )}
        </div>
        <div className="field more-field">
          <span className="field-label" id="sampler-label">
            Sampler
          </span>
          <ToggleGroup
            className="segments"
            aria-labelledby="sampler-label"
            value={[draft.sampler]}
            onValueChange={([value]) => value && set({ sampler: value as PlanDraft['sampler'] })}
          >
            {samplers.map((each) => (
              <Toggle key={each} className="segment" value={each}>
                {each}
              </Toggle>
            ))}
          </ToggleGroup>
          <Wrong text={wrong('sampler')} />
          <span className="hint">
            what reads the machine: proc is Linux’s own, cheap and precise; systeminformation works
            everywhere; auto takes the best there is
          </span>
        </div>
        <div className="field-row">
          <NumberInput
            label="Timeout"
            unit="s"
            hint="beyond its planned time a trial is ended"
            value={draft.timeout_s}
            {...planLimits.timeout_s}
            problem={wrong('timeout_s')}
            onChange={(timeout_s) => set({ timeout_s })}
          />
          <NumberInput
            label="Most memory"
            unit="MiB a trial"
            hint="empty: nine tenths of what can be had"
            value={draft.memory_mib}
            {...planLimits.memory_mib}
            step={64}
            problem={wrong('memory_mib')}
            onChange={(memory_mib) => set({ memory_mib })}
          />
        </div>
        <label className="field">
          <span className="field-label">Label</span>
          <input
            className="text-input"
            value={draft.label}
            placeholder={`${workloadName(draft.workload)}: ${draft.models.join(', ')}`}
            onChange={({ target }) => set({ label: target.value })}
          />
          <Wrong text={wrong('label')} />
        </label>
      </details>
    </>
  )
}

/** The experiment in which work can grow with the workers. */
const sweep = 'sweep'

const scalingNames: Readonly<Record<Scaling, string>> = {
  strong: 'as much work (strong)',
  weak: 'as much for each (weak)',
}
