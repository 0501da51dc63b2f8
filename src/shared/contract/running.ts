import * as z from 'zod'
import type { ExperimentDescription } from '../model/experiment.ts'
import type { Plan } from '../model/plan.ts'
import type { Problem } from '../model/problem.ts'
import type { WorkloadDescription } from '../model/workload.ts'
import { method, nothing } from './method.ts'

const document = z.unknown()

/** The lab, and the run that goes on. */
export const runningMethods = {
  /** What does not change while the lab is open. */
  describe: method<LabDescription>()(nothing),
  /** Begins the stream of events; what is known of a run that is going on comes first. */
  watch: method<null>()(nothing),
  /** A plan checked, and what it will take; never an error for a plan that is wrong. */
  estimate: method<Estimate>()(z.strictObject({ plan: document })),
  start: method<{ readonly runId: number }>()(
    z.strictObject({ plan: document, force: z.boolean().default(false) }),
  ),
  /** Ends the run that is going on; false where there is none. */
  stop: method<boolean>()(nothing),
} as const

export interface LabDescription {
  readonly version: string
  readonly shell: 'desktop' | 'web'
  readonly hostname: string
  /** Logical cores that a run may use, and that the machine has. */
  readonly usableCores: number
  readonly cores: number
  readonly cpuModel: string | null
  readonly memoryBytes: number
  readonly nodeVersion: string
  readonly databasePath: string
  readonly workloads: readonly WorkloadDescription[]
  readonly experiments: readonly ExperimentDescription[]
  /** What is run where nothing else is said. */
  readonly defaultPlan: Plan
  readonly samplePlans: readonly SamplePlan[]
}

export interface SamplePlan {
  readonly name: string
  readonly plan: unknown
}

export interface Estimate {
  /** Null where it is wrong; then there are problems. */
  readonly plan: Plan | null
  readonly problems: readonly Problem[]
  /** Null where nothing is known of how long a task takes. */
  readonly time_ms: number | null
  /** How the time was found, or why it was not, in words. */
  readonly timeBasis: string
  /** What the largest trial needs, and what can be had. */
  readonly memory_bytes: number | null
  readonly available_bytes: number
  /** Why it is not thought to fit; null where it fits. */
  readonly doesNotFit: string | null
}
