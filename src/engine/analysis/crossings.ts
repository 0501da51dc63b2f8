/** A place on a curve; both above 0. */
export interface PlaceOnCurve {
  readonly x: number
  readonly y: number
}

export interface Crossing {
  /** Where the two are equal, between two places that were measured. */
  readonly x: number
  /** Which of the two is the lower one beyond it. */
  readonly lowerBeyond: 'a' | 'b'
}

/**
 * Where two curves cross, by straight lines between their common places in a log-log picture: there a
 * power law is a straight line.
 *
 * @returns by rising x; none where one curve is below the other throughout
 */
export function crossingsOf(a: readonly PlaceOnCurve[], b: readonly PlaceOnCurve[]): Crossing[] {
  const common = a
    .flatMap(({ x, y }) => {
      const other = b.find((each) => each.x === x)
      return other === undefined ? [] : [{ x: Math.log(x), gap: Math.log(y) - Math.log(other.y) }]
    })
    .sort((one, other) => one.x - other.x)
  return common.slice(1).flatMap((to, index): Crossing[] => {
    const from = common[index] as (typeof common)[number]
    if (from.gap === 0 || Math.sign(from.gap) === Math.sign(to.gap)) return []
    const x = Math.exp(from.x + ((to.x - from.x) * from.gap) / (from.gap - to.gap))
    return [{ x, lowerBeyond: from.gap > 0 ? 'a' : 'b' }]
  })
}
