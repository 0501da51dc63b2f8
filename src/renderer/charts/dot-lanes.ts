/**
 * Lanes for dots that lie on one axis, so that none hides another: 0 in the middle, then by turns above
 * (1, 2 …) and below (−1, −2 …). Where there are no more lanes, dots overlap.
 *
 * @param places in pixels, in any order
 * @param size of a dot, in pixels
 * @param most lanes on each side of the middle
 */
export function dotLanes(places: readonly number[], size: number, most: number): readonly number[] {
  const lanes = Array.from({ length: 2 * most + 1 }, (_, at) =>
    at % 2 === 1 ? (at + 1) / 2 : -at / 2,
  ).map((lane) => lane || 0)
  /** Where each lane is free again. */
  const free = lanes.map(() => Number.NEGATIVE_INFINITY)
  const found: number[] = []
  const order = places.map((_, at) => at).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0))
  for (const at of order) {
    const place = places[at] ?? 0
    const open = free.findIndex((end) => end <= place)
    // The lane that has been free for the longest hides the least.
    const lane = open >= 0 ? open : free.indexOf(Math.min(...free))
    free[lane] = place + size
    found[at] = lanes[lane] ?? 0
  }
  return found
}
