import * as z from 'zod'
import { runOrders } from '../contract-words.ts'
import type { Comparison } from '../model/comparison.ts'
import { models, runtimes } from '../model/execution-model.ts'
import type { Findings } from '../model/findings.ts'
import type { RunFacets } from '../model/library.ts'
import { labelSchema, notesSchema } from '../model/plan.ts'
import { type ConfigurationSummary, type Run, type RunSummary, runStatuses } from '../model/run.ts'
import { mostTagLength, tagsSchema } from '../model/tag.ts'
import type { TimelineData } from '../timeline.ts'
import { method, nothing, runId } from './method.ts'

const instant = z.iso.datetime()

const runsQuery = z.strictObject({
  /** Words that are all found in label, notes, tags, workload, runtimes, models, machine or status. */
  search: z.string().max(200).default(''),
  workload: z.string().max(1000).optional(),
  runtime: z.enum(runtimes).optional(),
  model: z.enum(models).optional(),
  machine: z.string().max(1000).optional(),
  status: z.enum(runStatuses).optional(),
  tag: z.string().max(mostTagLength).optional(),
  /** Started at this instant or later, and before that one. */
  from: instant.optional(),
  before: instant.optional(),
  /** Only those of an experiment, by its name. */
  experiment: z.string().max(200).optional(),
  order: z.enum(runOrders).default('started_at'),
  descending: z.boolean().default(true),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(500).default(100),
})
export type RunsQuery = z.infer<typeof runsQuery>

/** Saved runs: finding them, reading one, and its upkeep. */
export const savedRunMethods = {
  runs: method<RunsPage>()(runsQuery),
  run: method<SavedRun>()(z.strictObject({ id: runId })),
  /** A trial over time; with bounds, in ms from the release of the barrier, as finely as it was sampled. */
  timeline: method<SavedTimeline>()(
    z.strictObject({
      trialId: z.int().positive(),
      from_ms: z.number().optional(),
      to_ms: z.number().optional(),
    }),
  ),
  /** What there is to filter the runs by. */
  facets: method<RunFacets>()(nothing),
  /** Changes what a user writes of a run: what is left out stays as it is. */
  edit: method<RunSummary>()(
    z.strictObject({
      id: runId,
      label: labelSchema.optional(),
      notes: notesSchema.optional(),
      tags: tagsSchema.optional(),
      isKept: z.boolean().optional(),
    }),
  ),
  /** Makes a run the one that others of its workload are held against, in place of another; or no longer. */
  setBaseline: method<RunSummary>()(z.strictObject({ id: runId, isBaseline: z.boolean() })),
  /** Puts a run away; `restore` brings it back for 30 days. */
  delete: method<null>()(z.strictObject({ id: runId })),
  restore: method<null>()(z.strictObject({ id: runId })),
} as const

export interface RunsPage {
  readonly total: number
  readonly runs: readonly RunSummary[]
}

export interface SavedRun {
  readonly run: Run
  readonly summaries: readonly ConfigurationSummary[]
  readonly comparison: Comparison
  /** Of an experiment; null of any other run. */
  readonly findings: Findings | null
  /** Logical cores of the machine it was run on. */
  readonly cores: number
}

export interface SavedTimeline {
  readonly timeline: TimelineData
  /** ms from the start of the trial to the release of the barrier; null where it was not reached. */
  readonly releasedMs: number | null
}
