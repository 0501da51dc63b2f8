import * as z from 'zod'
import { metricKeys } from '../model/metric.ts'
import { mostSides, type RunComparison } from '../model/run-comparison.ts'
import type { Trend } from '../model/trend.ts'
import { method, runId } from './method.ts'

const sides = z
  .array(
    z.strictObject({
      run: runId,
      /** Number of a configuration of that run; null for all of them. */
      configuration: z.int().positive().nullable().default(null),
    }),
  )
  .min(1)
  .max(mostSides)
const acrossMachines = z.boolean().default(false)
export const comparisonRequest = z.strictObject({ sides, across_machines: acrossMachines })
export type ComparisonRequest = z.infer<typeof comparisonRequest>

/** Saved configurations held against each other. */
export const comparingMethods = {
  /** Configurations of saved runs beside each other. */
  compare: method<RunComparison>()(comparisonRequest),
  /** One configuration over the runs that executed it. */
  trend: method<Trend>()(
    z.strictObject({
      run: runId,
      configuration: z.int().positive(),
      metric: z.enum(metricKeys).default('throughput_per_s'),
      across_machines: acrossMachines,
    }),
  ),
} as const
