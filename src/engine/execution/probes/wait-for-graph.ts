/**
 * Who waits for whom in a circle: a deadlock (R. C. Holt, "Some Deadlock Properties of Computer
 * Systems", 1972, for locks that one at a time can hold).
 *
 * @param waitsFor by worker: the worker that holds what it waits for; null where it waits for nobody
 * @returns the workers of the circle, each waiting for the next and the last for the first; null where
 *   there is none
 */
export function circleIn(waitsFor: readonly (number | null)[]): number[] | null {
  const seen = new Set<number>()
  for (let start = 0; start < waitsFor.length; start++) {
    const trail: number[] = []
    let at: number | null = start
    while (at !== null && !seen.has(at)) {
      seen.add(at)
      trail.push(at)
      at = waitsFor[at] ?? null
    }
    const from = at === null ? -1 : trail.indexOf(at)
    if (from >= 0) return trail.slice(from)
  }
  return null
}
