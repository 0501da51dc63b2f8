import type { Model } from '../../shared/model/execution-model.ts'
import type { SampleStream } from '../../shared/model/sample.ts'
import type { TimedRow } from '../../shared/sample-row.ts'
import { Timeline } from '../../shared/timeline.ts'
import { ReadingBuilder } from './reading.ts'

/**
 * A trial over time from its samples: one reading for each of the sampler's, as when it was live.
 *
 * @param rows with times from the start of the trial
 * @param capacity slots at the most
 */
export function timelineOf(
  rows: Iterable<TimedRow & { readonly stream: SampleStream }>,
  trial: { readonly model: Model; readonly workers: number; readonly cores: number },
  capacity: number,
): Timeline {
  const timeline = new Timeline(trial.cores, trial.workers, capacity)
  const builder = new ReadingBuilder(trial.model, trial.workers)
  const inOrder = [...rows].sort((a, b) => a.t_ms - b.t_ms)
  for (const row of inOrder) {
    builder.add(row)
    if (row.stream === 'machine') timeline.add(builder.take(null))
  }
  // What the workers said last, after the sampler's last look.
  if (builder.hasNew) timeline.add(builder.take(null))
  return timeline
}
