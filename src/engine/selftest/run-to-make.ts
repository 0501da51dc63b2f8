import type { PlanDocument } from '../../shared/model/plan.ts'
import type { Configuration } from '../../shared/model/run.ts'
import type { SelfTestPart, SelfTestPartName } from '../../shared/model/self-test.ts'

/** A run of the self-test: a plan like any other, and what it runs of the plan's workload. */
export interface RunToMake {
  /** What it is for, in a word. */
  readonly what: string
  readonly document: PlanDocument
  readonly configurations: readonly Omit<Configuration, 'id'>[]
}

/** A part that could not be measured though it should have been. */
export function missing(
  name: SelfTestPartName,
  asked: string,
  unit: SelfTestPart['unit'],
  why: string,
): SelfTestPart {
  return { name, asked, measured: null, unit, interval: null, ok: false, found: why, readings: [] }
}
