import type { PlanDocument } from '../../shared/model/plan.ts'
import type { PlannedConfiguration } from '../../shared/model/run.ts'

/** A run of the self-test: a plan like any other, and what it runs of the plan's workload. */
export interface RunToMake {
  /** What it is for, in a word. */
  readonly what: string
  readonly document: PlanDocument
  /** Of each configuration, warm-ups included. */
  readonly trials: number
  readonly configurations: readonly PlannedConfiguration[]
}
