import * as z from 'zod'
import { models, runtimes, schedulings } from '../../shared/model/execution-model.ts'
import { type MetricKey, type MetricValue, metricKeys, metrics } from '../../shared/model/metric.ts'
import {
  labelSchema,
  mostWorkers,
  notesSchema,
  type Plan,
  planSchema,
} from '../../shared/model/plan.ts'
import { mostTrials } from '../../shared/model/plan-limits.ts'
import { runStatuses } from '../../shared/model/run.ts'
import { tagsSchema } from '../../shared/model/tag.ts'
import { environmentSchema } from './environment-schema.ts'
import { longestMs, mostFigure } from './figure-bounds.ts'

/*
 * What the parts of a run's document may be (docs/formats.md). Strict: what is not known here is not
 * taken for something else. What follows from the trials (summaries, comparisons, findings) is made anew.
 */

const text = (most: number) => z.string().max(most)
/** Instants that a Date can be made of, with the year in four digits. */
const instant = z.iso.datetime()
const number = z.number().min(-mostFigure).max(mostFigure)
/** From the start of a trial. */
const ms = z.number().min(-longestMs).max(longestMs)
const count = z.int().min(0)
/** A figure that could not be had is null. */
const figure = number.nullable()
const counted = count.nullable()
/** That others choose. */
const name = text(200)

const warningSchema = z.strictObject({ code: text(100), message: text(10_000) })

export const runSchema = z.strictObject({
  id: z.int(),
  uid: z.string().regex(/^[\w-]{1,100}$/, {
    error: 'allowed: 1 to 100 letters, digits, hyphens and underscores',
  }),
  label: labelSchema,
  notes: notesSchema,
  status: z.enum(runStatuses),
  reason: text(100_000).nullable(),
  plan: planSchema.refine(
    (plan) => plan.workers !== undefined && (plan.tasks == null) !== (plan.duration_s == null),
    { error: 'a plan that is not decided; allowed: with workers, and with tasks or duration_s' },
  ),
  started_at: instant,
  ended_at: instant.nullable(),
  trials_planned: count.max(mostTrials * 10),
  trials_done: count,
  tags: tagsSchema.default([]),
  is_baseline: z.boolean().default(false),
  is_kept: z.boolean().default(false),
  thinned_at: instant.nullable().default(null),
  sample_bytes: count.default(0),
  imported_at: instant.nullable().default(null),
  machine: text(1000).nullable().default(null),
  environment: environmentSchema.nullable(),
  environment_after: environmentSchema.nullable(),
  warnings: z.array(warningSchema).max(1000),
})

const version = text(200).nullable()
const interpreterSchema = z.strictObject({
  path: text(4096),
  implementation: text(100),
  version: text(100),
  gil: z.boolean(),
  models: z.array(z.enum(models)).max(models.length),
  numpy: version,
  cython: version,
  dask: version,
  compiler: text(4096).nullable(),
  headers: z.boolean().default(false),
})

export const configurationSchema = z.strictObject({
  id: z.int().min(0),
  workload: text(4096),
  parameters: z.record(name, z.number()),
  runtime: z.enum(runtimes),
  interpreter: interpreterSchema.nullable().default(null),
  model: z.enum(models),
  workers: z.int().min(1).max(mostWorkers),
  scheduling: z.enum(schedulings),
  variant: text(1000).nullable(),
  content: text(100).nullable(),
  metrics: z.unknown().optional(),
})

const phaseSchema = z.strictObject({
  name: z.enum(['baseline', 'spawn', 'barrier', 'work', 'teardown']),
  worker: count.max(mostWorkers - 1).nullable(),
  start_ms: ms,
  end_ms: ms,
})

const workerSchema = z.strictObject({
  index: count.max(mostWorkers - 1),
  process_id: count,
  thread_id: count,
  os_thread_id: counted,
  tasks: count,
  busy_ms: number,
  cpu_ms: figure,
  spawn_ms: figure,
  teardown_ms: figure,
  rss_bytes: counted,
  pss_bytes: counted,
  uss_bytes: counted,
  heap_used_bytes: counted,
  voluntary_switches: counted,
  involuntary_switches: counted,
  migrations: counted,
})

const metricSchema = (key: MetricKey): z.ZodType<MetricValue> =>
  (metrics[key].unit === 'bool' ? z.boolean() : number).nullable()

export const trialSchema = z.strictObject({
  id: z.int().min(0),
  ordinal: count.max(mostTrials * 10),
  index: count,
  status: z.enum(['running', 'done', 'failed', 'void', 'interrupted']),
  reason: text(100_000).nullable(),
  started_at: instant,
  released_ms: ms.nullable(),
  tasks_done: count,
  memory_basis: z.enum(['rss', 'pss']).nullable(),
  /** A run of before knows of fewer. */
  metrics: z
    .strictObject(
      Object.fromEntries(metricKeys.map((key) => [key, metricSchema(key)])) as Record<
        MetricKey,
        z.ZodType<MetricValue>
      >,
    )
    .partial(),
  observations: z.record(name, z.union([number, text(100_000), z.boolean(), z.null()])).nullable(),
  phases: z.array(phaseSchema).max(5 + 4 * mostWorkers),
  workers: z.array(workerSchema).max(mostWorkers),
})

export type RunPart = Omit<z.infer<typeof runSchema>, 'plan'> & { readonly plan: Plan }
export type ConfigurationPart = z.infer<typeof configurationSchema>
export type TrialPart = z.infer<typeof trialSchema>
