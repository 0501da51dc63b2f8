import type { Trial } from '../../shared/model/run.ts'

/**
 * The trial that stands for a configuration where one is drawn: of those that count the one of the
 * median throughput, of two in the middle the slower. Of a probe, which has none, the one that took
 * longest, in which there is the most to see.
 *
 * @returns null where none counts
 */
export function shownTrial(counted: readonly Trial[]): Trial | null {
  const speed = ({ metrics }: Trial) => metrics.throughput_per_s
  const known = counted.filter((trial) => typeof speed(trial) === 'number')
  const sorted = known.toSorted((a, b) => Number(speed(a)) - Number(speed(b)))
  if (sorted.length > 0) return sorted[(sorted.length - 1) >> 1] ?? null
  const length = ({ metrics }: Trial) => Number(metrics.wall_ms ?? 0)
  return counted.toSorted((a, b) => length(b) - length(a))[0] ?? null
}
