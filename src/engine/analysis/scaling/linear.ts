type Matrix = readonly (readonly number[])[]

/**
 * Solves a symmetric, positive definite system of a few equations by Cholesky's way, each scaled by its
 * diagonal first: contention and throughput differ by powers of ten.
 *
 * @returns null where it has no single solution
 */
export function solve(matrix: Matrix, right: readonly number[]): number[] | null {
  const scale = matrix.map((row, at) => Math.sqrt(row[at] as number))
  if (scale.some((each) => !(each > 0 && Number.isFinite(each)))) return null
  const lower = factor(
    matrix.map((row, i) =>
      row.map((value, j) => value / (scale[i] as number) / (scale[j] as number)),
    ),
  )
  if (lower === null) return null
  const size = right.length
  const half: number[] = []
  for (let row = 0; row < size; row++) {
    const known = half.reduce((sum, value, at) => sum + value * (lower[row]?.[at] as number), 0)
    const own = (right[row] as number) / (scale[row] as number)
    half.push((own - known) / (lower[row]?.[row] as number))
  }
  const solution = new Array<number>(size).fill(0)
  for (let row = size - 1; row >= 0; row--) {
    let rest = half[row] as number
    for (let at = row + 1; at < size; at++)
      rest -= (lower[at]?.[row] as number) * (solution[at] as number)
    solution[row] = rest / (lower[row]?.[row] as number)
  }
  return solution.map((value, at) => value / (scale[at] as number))
}

/** The inverse of such a matrix; null where it has none. */
export function inverse(matrix: Matrix): number[][] | null {
  const columns = matrix.map((_, at) =>
    solve(
      matrix,
      matrix.map((_, row) => (row === at ? 1 : 0)),
    ),
  )
  return columns.every((column) => column !== null) ? columns : null
}

/** What is left of a diagonal of 1 below which the equations are taken to say the same. */
const singular = 1e-13

function factor(matrix: Matrix): number[][] | null {
  const lower: number[][] = matrix.map((row) => row.map(() => 0))
  for (const [row, of] of lower.entries()) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row]?.[column] as number
      for (let at = 0; at < column; at++)
        rest -= (of[at] as number) * (lower[column]?.[at] as number)
      if (row === column && !(rest > singular)) return null
      of[column] = row === column ? Math.sqrt(rest) : rest / (lower[column]?.[column] as number)
    }
  }
  return lower
}
