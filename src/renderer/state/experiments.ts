import type { LabDescription } from '../../shared/contract.ts'
import type { ExperimentDescription } from '../../shared/model/experiment.ts'

/** The experiment of a plan; null where it has none, or one that this lab does not know. */
export function experimentOf(
  description: LabDescription | null,
  { experiment }: { readonly experiment: string | null },
): ExperimentDescription | null {
  if (description === null || experiment === null) return null
  return description.experiments.find(({ name }) => name === experiment) ?? null
}
