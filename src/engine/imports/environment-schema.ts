import * as z from 'zod'
import type { Environment } from '../../shared/model/environment.ts'
import { mostFigure } from './figure-bounds.ts'

const text = z.string().max(10_000)
const words = text.nullable()
const number = z.number().min(-mostFigure).max(mostFigure)
const figure = number.nullable()
/** More logical cores than any machine has. */
const cores = z.int().min(1).max(65_536)
const cgroup = z.enum(['v1', 'v2']).nullable()

/** The machine of a run that comes from elsewhere. */
export const environmentSchema = z.strictObject({
  taken_at: z.iso.datetime(),
  taken_monotonic_ms: figure,
  hostname: text,
  cpu_model: words,
  physical_cores: cores.nullable(),
  logical_cores: cores,
  usable_cores: cores,
  memory_bytes: number,
  memory_available_bytes: number,
  cgroup_cpu: cgroup,
  cgroup_memory: cgroup,
  cgroup_cpu_limit_cores: figure,
  cgroup_memory_limit_bytes: figure,
  os: words,
  kernel: text,
  architecture: text,
  virtual_machine: words,
  container: words,
  governor: words,
  frequency_ghz: figure,
  frequency_limit_ghz: figure,
  frequency_highest_ghz: figure,
  temperature_celsius: figure,
  power_source: z.enum(['mains', 'battery']).nullable(),
  load_before: figure,
  cgroup_throttled_ms: figure,
  cgroup_throttled_periods: figure,
  thermal_throttle_events: figure,
  stolen_ms: figure,
  swapped_pages: figure,
  memory_stalled_ms: figure,
  corescope_version: text,
  node_version: text,
  electron_version: words,
  interpreter: words,
  sampling_provider: text,
}) satisfies z.ZodType<Environment>
