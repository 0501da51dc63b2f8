import type { Line } from './model/chart.ts'

/* What lines say at an instant, where each has points of its own. */

/**
 * Where lines are read, in order: at their points, or where these are very many at places spread evenly
 * among them.
 *
 * @param most how many places there are at the most, at least 2
 */
export function readingPlaces(lines: readonly Pick<Line, 'x'>[], most = 400): readonly number[] {
  const all = [...new Set(lines.flatMap(({ x }) => x))].sort((a, b) => a - b)
  const [first, last] = [all[0], all.at(-1)]
  if (first === undefined || last === undefined || all.length <= most) return all
  return Array.from({ length: most }, (_, at) => first + ((last - first) * at) / (most - 1))
}

/**
 * Index of the point of a line that stands for an instant: the nearest.
 *
 * @returns null before the line begins and after it has ended, and where it was not read
 */
export function pointAt({ x, y }: Pick<Line, 'x' | 'y'>, at: number): number | null {
  const [first, last] = [x[0], x.at(-1)]
  if (first === undefined || last === undefined) return null
  const apart = (last - first) / Math.max(1, x.length - 1)
  if (at < first - apart || at > last + apart) return null
  let [low, high] = [0, x.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((x[middle] as number) < at) low = middle + 1
    else high = middle
  }
  const before = Math.max(0, low - 1)
  const nearest = at - (x[before] as number) <= (x[low] as number) - at ? before : low
  return y[nearest] == null ? null : nearest
}
