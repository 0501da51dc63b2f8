/* Without the schema library: the form knows these too. */

export interface Range {
  /** Smallest and largest value allowed, both included. */
  readonly minimum: number
  readonly maximum: number
}

/** What the numbers of a plan may be. */
export const planLimits = {
  tasks: { minimum: 1, maximum: 1_000_000_000 },
  duration_s: { minimum: 0.05, maximum: 86_400 },
  repeat: { minimum: 1, maximum: 1000 },
  max_repeat: { minimum: 5, maximum: 1000 },
  warmup: { minimum: 0, maximum: 100 },
  interval_ms: { minimum: 50, maximum: 10_000 },
  threads_per_worker: { minimum: 1, maximum: 64 },
  timeout_s: { minimum: 0.1, maximum: 86_400 },
  memory_mib: { minimum: 64, maximum: 67_108_864 },
  seed: { minimum: 0, maximum: 4_294_967_295 },
} as const satisfies Readonly<Record<string, Range>>

/** Trials of each configuration that a plan can come to: where they are not counted out, at most. */
export function mostRepetitions(plan: {
  readonly repeat: number | 'auto'
  readonly max_repeat: number
}): number {
  return plan.repeat === 'auto' ? plan.max_repeat : plan.repeat
}

/** Trials that a run may have: more would fit neither a screen nor a document. */
export const mostTrials = 10_000
/** Workers of all trials together: more would not fit either. */
export const mostWorkerRecords = 250_000

/** What the samples are read with; `auto` is `proc` where the system has it. */
export const samplers = ['auto', 'proc', 'systeminformation'] as const
export type SamplerChoice = (typeof samplers)[number]

/** A plan is some lines of JSON; anything much larger is a mistake. */
export const largestPlanBytes = 1024 * 1024

/** Interpreters that a plan may name. */
export const mostInterpreters = 16
