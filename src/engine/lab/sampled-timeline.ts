import os from 'node:os'
import type { TimelineData } from '../../shared/timeline.ts'
import { timelineOf } from '../analysis/timeline.ts'
import type { RunLibrary, SampledTrial } from '../storage/run-library.ts'

/** From the start of the trial, in ms. */
export interface Span {
  readonly from: number
  readonly to: number
}

const whole: Span = { from: -Infinity, to: Infinity }

/**
 * A trial over time, made of its samples.
 *
 * @param slots at the most
 */
export function sampledTimeline(
  library: RunLibrary,
  id: number,
  trial: SampledTrial,
  slots: number,
  { from, to }: Span = whole,
): TimelineData {
  const shape = { ...trial, cores: trial.cores ?? os.cpus().length }
  return timelineOf(library.rowsBetween(id, from, to), shape, slots).toData()
}
