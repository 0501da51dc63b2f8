/**
 * Times of single tasks, kept in a fixed amount of memory however many there are: counts in buckets
 * whose width is 1/128 of their octave, so that a percentile is right within 0.4 %. The layout is
 * that of an HDR histogram (G. Tene), over 1 ns … 2^43 ns (2.4 h).
 */
const bucketsPerOctave = 128
const octaves = 43

/** Bucket, count, bucket, count … of the buckets that are not empty. */
export type TaskTimes = readonly number[]

export class TaskTimesRecorder {
  readonly #counts = new Float64Array(octaves * bucketsPerOctave)

  record(ms: number): void {
    const bucket = bucketOf(ms)
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1
  }

  taken(): TaskTimes {
    const sparse: number[] = []
    this.#counts.forEach((count, bucket) => {
      if (count > 0) sparse.push(bucket, count)
    })
    return sparse
  }
}

function bucketOf(ms: number): number {
  const ns = Math.max(ms * 1e6, 1)
  const octave = Math.min(Math.floor(Math.log2(ns)), octaves - 1)
  const within = Math.floor((ns / 2 ** octave - 1) * bucketsPerOctave)
  return octave * bucketsPerOctave + Math.max(0, Math.min(within, bucketsPerOctave - 1))
}

function middleOf(bucket: number): number {
  const octave = Math.floor(bucket / bucketsPerOctave)
  const within = bucket % bucketsPerOctave
  return (2 ** octave * (1 + (within + 0.5) / bucketsPerOctave)) / 1e6
}

/**
 * Percentiles, in ms, over the times of several workers, by nearest rank; null where no task was timed.
 *
 * @param shares each 0–1
 */
export function taskPercentiles(
  times: readonly TaskTimes[],
  shares: readonly number[],
): (number | null)[] {
  const counts = new Map<number, number>()
  let total = 0
  for (const sparse of times) {
    for (let at = 0; at < sparse.length; at += 2) {
      const bucket = sparse[at] as number
      const count = sparse[at + 1] as number
      counts.set(bucket, (counts.get(bucket) ?? 0) + count)
      total += count
    }
  }
  const ordered = [...counts].sort(([a], [b]) => a - b)
  return shares.map((share) => {
    let left = Math.max(1, Math.ceil(share * total))
    for (const [bucket, count] of ordered) {
      left -= count
      if (left <= 0) return middleOf(bucket)
    }
    return null
  })
}
