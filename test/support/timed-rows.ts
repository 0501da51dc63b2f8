import type { Sample } from '../../src/shared/model/sample.ts'
import { rowOf, type TimedRow } from '../../src/shared/sample-row.ts'

/** Samples as they come in from a sampler. */
export function timedRows(
  samples: readonly Pick<Sample, 't_ms' | 'dt_ms' | 'values'>[],
): TimedRow[] {
  return samples.map(({ t_ms, dt_ms, values }) => ({ t_ms, dt_ms, ...rowOf(values) }))
}
