import type { ExperimentPlan } from './plan.ts'

/** What an experiment says of itself: enough for a list, a form, a help text and a check of its plan. */
export interface ExperimentDescription extends ExperimentPlan {
  /** A few words. */
  readonly title: string
  /** The question it answers, as it is asked. */
  readonly question: string
  /** What to look for while it goes and in what it shows: a sentence or two. */
  readonly lookFor: string
  /** About how long a trial of it takes, in ms: for the estimate; null where that follows from its plan. */
  readonly trialMs: number | null
}

/**
 * What a trial of an experiment saw beside the metrics: flat, so that it can be a row of a table. Keys end
 * in their unit.
 */
export type Observations = Readonly<Record<string, number | string | boolean | null>>
