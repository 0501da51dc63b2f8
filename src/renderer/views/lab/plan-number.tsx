import { planLimits } from '../../../shared/model/plan-limits.ts'
import { NumberInput } from '../../design/number-input.tsx'
import type { PlanDraft } from '../../state/plan-draft.ts'

export type PlanChange = Partial<PlanDraft> | ((draft: PlanDraft) => Partial<PlanDraft>)

/** What the fields of a plan read and write. */
export interface PlanFields {
  readonly draft: PlanDraft
  /** Changes some of it; by a function, where that follows from what the draft is by then. */
  readonly set: (change: PlanChange) => void
  /** What is wrong with a field, by its path in the plan. */
  readonly wrong: (path: string) => string | undefined
}

/** A number of the plan, within its limits. */
export function PlanNumber({
  of: name,
  fields: { draft, set, wrong },
  ...look
}: {
  readonly of: keyof typeof planLimits
  readonly fields: PlanFields
  readonly label: string
  readonly unit?: string
  readonly hint: string
  readonly step?: number
}) {
  return (
    <NumberInput
      {...look}
      {...planLimits[name]}
      value={draft[name]}
      problem={wrong(name)}
      onChange={(value) => set({ [name]: value })}
    />
  )
}
