import { randomNumbers } from '../../shared/random.ts'
import { defineWorkload } from './workload.ts'

/** Products that differ: each takes the rows of the first matrix from another one on. */
const turns = 4
/** Weights of rows and columns, primes so that they seldom agree. */
const [rowCycle, columnCycle] = [97, 89]

export default defineWorkload({
  name: 'matmul',
  kind: 'cpu',
  description:
    'multiplies two matrices of doubles, row by row: computation that lives in the cache',
  parameters: {
    n: {
      description: 'rows and columns of each matrix',
      unit: 'rows',
      minimum: 2,
      maximum: 2048,
      default: 192,
      whole: true,
    },
  },
  needs: 'nothing',
  memoryBytes: ({ n }) => 3 * n * n * Float64Array.BYTES_PER_ELEMENT,
  prepare({ n }, { seed }) {
    const { left, right } = matrices(n, seed)
    const product = new Float64Array(n * n)
    return {
      task(index) {
        multiply(left, right, product, n, index % turns)
        return weightedSum(product, n)
      },
    }
  },
  /** x·(AB)·y found as (x·A)·(B·y), without the product (R. Freivalds, "Probabilistic machines", 1977). */
  expected({ n }, seed) {
    const { left, right } = matrices(n, seed)
    const rightByWeights = new Float64Array(n)
    for (let row = 0; row < n; row++) {
      let sum = 0
      for (let column = 0; column < n; column++) {
        sum += (right[row * n + column] as number) * weight(column, columnCycle)
      }
      rightByWeights[row] = sum
    }
    return Array.from({ length: turns }, (_, turn) => {
      let sum = 0
      for (let row = 0; row < n; row++) {
        const from = ((row + turn) % n) * n
        let dot = 0
        for (let at = 0; at < n; at++) {
          dot += (left[from + at] as number) * (rightByWeights[at] as number)
        }
        sum += weight(row, rowCycle) * dot
      }
      return sum
    })
  },
})

/**
 * Whole numbers from −4 to 3: every sum of their products is exact, in whatever order it is taken. An
 * entry of the largest product is at most 16 × 2048, all of them with their weights below 1.2 × 10 ** 15.
 */
function matrices(n: number, seed: number) {
  const next = randomNumbers(seed)
  const matrix = () => Float64Array.from({ length: n * n }, () => (next() & 7) - 4)
  return { left: matrix(), right: matrix() }
}

/** In the order row, inner, column, so that each of the three is walked along its rows. */
export function multiply(
  left: Float64Array,
  right: Float64Array,
  product: Float64Array,
  n: number,
  turn: number,
): void {
  product.fill(0)
  for (let row = 0; row < n; row++) {
    const leftFrom = ((row + turn) % n) * n
    const to = row * n
    for (let inner = 0; inner < n; inner++) {
      const factor = left[leftFrom + inner] as number
      const from = inner * n
      for (let column = 0; column < n; column++) {
        product[to + column] =
          (product[to + column] as number) + factor * (right[from + column] as number)
      }
    }
  }
}

/** Each entry by the weights of its row and its column: two that are exchanged show. */
function weightedSum(product: Float64Array, n: number): number {
  let sum = 0
  for (let row = 0; row < n; row++) {
    let ofRow = 0
    for (let column = 0; column < n; column++) {
      ofRow += (product[row * n + column] as number) * weight(column, columnCycle)
    }
    sum += ofRow * weight(row, rowCycle)
  }
  return sum
}

function weight(place: number, cycle: number): number {
  return (place % cycle) + 1
}
