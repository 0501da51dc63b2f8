import type { Model } from '../../shared/model/execution-model.ts'
import type { Sample } from '../../shared/model/sample.ts'
import { rowOf } from '../../shared/sample-row.ts'
import { Timeline } from '../../shared/timeline.ts'
import { ReadingBuilder } from './reading.ts'

/**
 * A trial over time from its samples: one reading for each of the sampler's, as when it was live.
 *
 * @param samples with times from the start of the trial
 * @param capacity slots at the most
 */
export function timelineOf(
  samples: Iterable<Sample>,
  trial: { readonly model: Model; readonly workers: number; readonly cores: number },
  capacity: number,
): Timeline {
  const timeline = new Timeline(trial.cores, trial.workers, capacity)
  const builder = new ReadingBuilder(trial.model, trial.workers)
  const inOrder = [...samples].sort((a, b) => a.t_ms - b.t_ms)
  for (const sample of inOrder) {
    builder.add({ ...sample, ...rowOf(sample.values) })
    if (sample.stream === 'machine') timeline.add(builder.take(null))
  }
  // What the workers said last, after the sampler's last look.
  if (builder.hasNew) timeline.add(builder.take(null))
  return timeline
}
