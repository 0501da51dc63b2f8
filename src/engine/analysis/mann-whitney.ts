import { errorFunction, wilcoxonRankSum } from 'simple-statistics'

/** From this many values on a side the exact distribution is left for the normal one, as in R. */
const largeSample = 50

export interface RankTest {
  /** How many pairs have the value of `b` above that of `a`; a tie counts half. 0 to `a.length * b.length`. */
  readonly u: number
  /** Two-sided, 0 to 1. */
  readonly p: number
}

/**
 * The Mann–Whitney U test (H. B. Mann & D. R. Whitney, "On a Test of Whether one of Two Random
 * Variables is Stochastically Larger than the Other", 1947), two-sided, as R's `wilcox.test` does it:
 * exact where each side has fewer than 50 values and none is equal to another, otherwise by the
 * normal approximation with corrections for ties and for continuity.
 *
 * @param a at least one finite number, as is `b`
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): RankTest {
  const [m, n] = [a.length, b.length]
  const u = wilcoxonRankSum([...b], [...a]) - (n * (n + 1)) / 2
  const ties = tieSizes([...a, ...b])
  const isExact = m < largeSample && n < largeSample && ties.every((size) => size === 1)
  return { u, p: isExact ? exactP(u, m, n) : approximateP(u, m, n, ties) }
}

/** How often each value occurs. */
function tieSizes(values: readonly number[]): number[] {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts.values()]
}

function exactP(u: number, m: number, n: number): number {
  return Math.min(1, 2 * lowerTail(Math.min(u, m * n - u), m, n))
}

/**
 * The probability of at most `u`, where every order of the values is as likely as any other. Orders
 * that give a U of s are as many as the partitions of s into at most m parts of at most n each. They
 * are only ever added, so that nothing is lost to rounding where they are too many for whole numbers.
 */
function lowerTail(u: number, m: number, n: number): number {
  /** By the number of parts: by their sum, how many ways there are. */
  const ways = Array.from({ length: m + 1 }, () => new Float64Array(u + 1))
  ;(ways[0] as Float64Array)[0] = 1
  for (let part = 1; part <= Math.min(n, u); part++) {
    for (let parts = 1; parts <= m; parts++) {
      const [without, along] = [ways[parts - 1] as Float64Array, ways[parts] as Float64Array]
      for (let sum = part; sum <= u; sum++) {
        along[sum] = (along[sum] as number) + (without[sum - part] as number)
      }
    }
  }
  let orders = 1
  for (let place = 1; place <= m; place++) orders *= (n + place) / place
  return ways.reduce((all, bySum) => bySum.reduce((sum, count) => sum + count, all), 0) / orders
}

function approximateP(u: number, m: number, n: number, ties: readonly number[]): number {
  const all = m + n
  const tied = ties.reduce((sum, size) => sum + (size ** 3 - size), 0)
  const variance = ((m * n) / 12) * (all + 1 - tied / (all * (all - 1)))
  // All values are equal: nothing speaks against chance.
  if (!(variance > 0)) return 1
  const distance = Math.max(0, Math.abs(u - (m * n) / 2) - 0.5)
  return outside(distance / Math.sqrt(variance))
}

/** The share of a standard normal distribution beyond ±z, right within 2e-7 (Numerical Recipes, erfcc). */
function outside(z: number): number {
  return Math.min(1, Math.max(0, 1 - errorFunction(z / Math.SQRT2)))
}
