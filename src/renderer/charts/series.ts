import type { Span } from '../scope/scope.ts'
import { originOf, type ShownTrial } from '../scope/shown-trial.ts'

export interface Point {
  x: number
  y: number
}

type Reduce = (values: ArrayLike<number>, first: number, last: number) => number

/** Mean of what was read; NaN where nothing was. */
export const meanOf: Reduce = (values, first, last) => {
  let sum = 0
  let count = 0
  for (let at = first; at <= last; at++) {
    const value = values[at] as number
    if (!Number.isNaN(value)) {
      sum += value
      count++
    }
  }
  return count === 0 ? Number.NaN : sum / count
}

export const largestOf: Reduce = (values, first, last) => {
  let most = Number.NaN
  for (let at = first; at <= last; at++) {
    const value = values[at] as number
    if (!(most >= value) && !Number.isNaN(value)) most = value
  }
  return most
}

export const smallestOf: Reduce = (values, first, last) => {
  let least = Number.NaN
  for (let at = first; at <= last; at++) {
    const value = values[at] as number
    if (!(least <= value) && !Number.isNaN(value)) least = value
  }
  return least
}

export const lastOf: Reduce = (values, _, last) => values[last] as number

/**
 * What a line of some pixels can show of a series: its slots, or where there are more of them than
 * pixels, one point for each pixel. Points are used again from one drawing to the next.
 */
export class PointSeries {
  #pool: Point[] = []

  /** @returns the same points, moved; the list is new */
  points(
    trial: ShownTrial,
    values: ArrayLike<number>,
    reduce: Reduce,
    visible: Span,
    pixels: number,
    endsAt: number,
  ): Point[] {
    const { timeline } = trial
    const origin = originOf(trial)
    const first = Math.max(0, timeline.slotAt(visible.from + origin))
    const end = Math.min(visible.to, endsAt) + origin
    const last = Math.min(timeline.length - 1, timeline.slotAt(end) + 1)
    const result: Point[] = []
    if (timeline.length === 0 || last < first) return result
    const step = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, pixels)))
    // Steps begin at multiples, so that a line that grows at its end does not flicker.
    for (let from = first - (first % step); from <= last; from += step) {
      const to = Math.min(last, from + step - 1)
      const point = this.#next(result.length)
      point.x = (timeline.t[to] as number) - origin
      if (point.x > endsAt) break
      point.y = reduce(values, from, to)
      result.push(point)
    }
    return result
  }

  #next(index: number): Point {
    let point = this.#pool[index]
    if (point === undefined) {
      point = { x: 0, y: 0 }
      this.#pool.push(point)
    }
    return point
  }
}
