import type { Scaling, Scheduling } from '../../../shared/model/execution-model.ts'
import type { SamplerChoice } from '../../../shared/model/plan-limits.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { Segments } from '../../design/segments.tsx'
import { Wrong } from '../../design/wrong.tsx'
import type { PlanDraft } from '../../state/plan-draft.ts'
import { type PlanFields, PlanNumber } from './plan-number.tsx'

/** How much a trial does, how often, and how it is watched. */
export function TrialFields({
  fields,
  isProbe,
}: {
  readonly fields: PlanFields
  /** Its work is the experiment's own, and as long as that takes. */
  readonly isProbe: boolean
}) {
  const { draft, set, wrong } = fields
  return (
    <>
      <div className="choices">
        {!isProbe && (
          <Segments
            id="amount"
            label="A trial runs"
            value={draft.amount}
            names={amounts}
            onChange={(amount) => set({ amount })}
          />
        )}
        <Segments
          id="repetition"
          label="It is repeated"
          value={draft.repetition}
          names={repetitions}
          onChange={(repetition) => set({ repetition })}
        >
          {draft.repetition === 'auto' && <Wrong text={wrong('repeat')} />}
        </Segments>
        {draft.experiment === sweep && (
          <Segments
            id="scaling"
            label="With more workers"
            value={draft.scaling}
            names={scalings}
            onChange={(scaling) => set({ scaling })}
          >
            <Wrong text={wrong('scaling')} />
          </Segments>
        )}
      </div>
      <div className="field-row">
        {isProbe ? null : draft.amount === 'duration' ? (
          <PlanNumber
            of="duration_s"
            fields={fields}
            label="Duration"
            unit="s"
            hint="0.05 s to a day"
            step={0.5}
          />
        ) : (
          <PlanNumber
            of="tasks"
            fields={fields}
            label="Tasks"
            unit="a trial"
            hint="1 to 1,000,000,000"
          />
        )}
        {draft.repetition === 'number' ? (
          <PlanNumber
            of="repeat"
            fields={fields}
            label="Repetitions"
            unit="trials"
            hint="5 or more to say who wins"
          />
        ) : (
          <PlanNumber
            of="max_repeat"
            fields={fields}
            label="At most"
            unit="trials"
            hint="ends at ± 3 %, never at a difference"
          />
        )}
        <PlanNumber
          of="interval_ms"
          fields={fields}
          label="Interval"
          unit="ms"
          hint="of the samples, 50 to 10,000"
          step={50}
        />
      </div>
      <details className="more">
        <summary>
          More: warm-ups, {isProbe ? '' : 'scheduling, '}seed, sampler, bounds, label
        </summary>
        <div className="field-row">
          <PlanNumber
            of="warmup"
            fields={fields}
            label="Warm-ups"
            unit="trials"
            hint="run first, not counted"
          />
          <PlanNumber of="seed" fields={fields} label="Seed" hint="of order and data" />
          {!isProbe && (
            <Segments
              id="scheduling"
              label="Scheduling"
              value={draft.scheduling}
              names={schedulings}
              onChange={(scheduling) => set({ scheduling })}
            />
          )}
        </div>
        <Segments
          id="sampler"
          label="Sampler"
          className="field more-field"
          value={draft.sampler}
          names={samplers}
          onChange={(sampler) => set({ sampler })}
        >
          <Wrong text={wrong('sampler')} />
          <span className="hint">
            what reads the machine: proc is Linux’s own, cheap and precise; systeminformation works
            everywhere; auto takes the best there is
          </span>
        </Segments>
        <div className="field-row">
          <PlanNumber
            of="timeout_s"
            fields={fields}
            label="Timeout"
            unit="s"
            hint="beyond its planned time a trial is ended"
          />
          <PlanNumber
            of="memory_mib"
            fields={fields}
            label="Most memory"
            unit="MiB a trial"
            hint="empty: nine tenths of what can be had"
            step={64}
          />
        </div>
        <label className="field">
          <span className="field-label">Label</span>
          <input
            className="text-input"
            value={draft.label}
            placeholder={`${workloadName(draft.workload) || 'your module'}: ${draft.models.join(', ')}`}
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

const amounts: Readonly<Record<PlanDraft['amount'], string>> = {
  duration: 'for a time',
  tasks: 'a number of tasks',
}
const repetitions: Readonly<Record<PlanDraft['repetition'], string>> = {
  number: 'a number of times',
  auto: 'until it is precise',
}
const scalings: Readonly<Record<Scaling, string>> = {
  strong: 'as much work (strong)',
  weak: 'as much for each (weak)',
}
const schedulings: Readonly<Record<Scheduling, string>> = { static: 'static', dynamic: 'dynamic' }
const samplers: Readonly<Record<SamplerChoice, string>> = {
  auto: 'auto',
  proc: 'proc',
  systeminformation: 'systeminformation',
}
