import { defineWorkload } from './workload.ts'

export default defineWorkload({
  name: 'mandelbrot',
  kind: 'cpu',
  description: 'computes one row of the Mandelbrot set a task: rows differ widely in length',
  parameters: {
    width: {
      description: 'points in a row',
      unit: 'pixels',
      minimum: 16,
      maximum: 4096,
      default: 640,
      whole: true,
    },
    height: {
      description: 'rows of the image; after the last comes the first again',
      unit: 'pixels',
      minimum: 16,
      maximum: 4096,
      default: 480,
      whole: true,
    },
    iterations: {
      description: 'steps after which a point counts as inside',
      unit: 'iterations',
      minimum: 1,
      maximum: 10_000,
      default: 1000,
      whole: true,
    },
  },
  needs: 'nothing',
  memoryBytes: () => 0,
  prepare: ({ width, height, iterations }) => ({
    task: (index) => rowChecksum(index % height, width, height, iterations, escapeTime),
  }),
  expected: ({ width, height, iterations }) =>
    Array.from({ length: height }, (_, row) =>
      rowChecksum(row, width, height, iterations, escapeTimeByCycles),
    ),
})

type EscapeTime = (real: number, imaginary: number, most: number) => number

/** Sum of each point's escape time, weighted by its place, over −2…0.5 and −1.25…1.25. */
function rowChecksum(
  row: number,
  width: number,
  height: number,
  iterations: number,
  timeOf: EscapeTime,
): number {
  const imaginary = -1.25 + (2.5 * (row + 0.5)) / height
  let sum = 0
  for (let column = 0; column < width; column++) {
    const real = -2 + (2.5 * (column + 0.5)) / width
    sum += (column + 1) * timeOf(real, imaginary, iterations)
  }
  return sum
}

/** Steps of z ← z² + c, from 0, until |z| > 2; `most` where that does not happen. */
export function escapeTime(real: number, imaginary: number, most: number): number {
  let x = 0
  let y = 0
  for (let step = 0; step < most; step++) {
    const xx = x * x
    const yy = y * y
    if (xx + yy > 4) return step
    y = 2 * x * y + imaginary
    x = xx - yy + real
  }
  return most
}

/**
 * The same number, found without running inside points to the end: a point that comes back to the
 * very value it once had (R. P. Brent, "An improved Monte Carlo factorization algorithm", 1980) goes
 * round for ever.
 */
export function escapeTimeByCycles(real: number, imaginary: number, most: number): number {
  let x = 0
  let y = 0
  let markX = Number.NaN
  let markY = Number.NaN
  let markAgain = 8
  for (let step = 0; step < most; step++) {
    if (x * x + y * y > 4) return step
    if (x === markX && y === markY) return most
    if (step === markAgain) {
      markX = x
      markY = y
      markAgain *= 2
    }
    const squareX = x * x - y * y + real
    y = 2 * x * y + imaginary
    x = squareX
  }
  return most
}
