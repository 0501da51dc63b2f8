import { randomBuffer } from './random-buffer.ts'
import { defineWorkload } from './workload.ts'

/** Weights of places in a band: all sums stay below 2 ** 53. */
const weightCycle = 1021

export default defineWorkload({
  name: 'image',
  kind: 'cpu',
  description: 'blurs a band of rows of a picture by a two-dimensional kernel: walks over memory',
  parameters: {
    width: {
      description: 'points in a row',
      unit: 'pixels',
      minimum: 1,
      maximum: 4096,
      default: 1024,
      whole: true,
    },
    height: {
      description: 'rows of the picture',
      unit: 'pixels',
      minimum: 1,
      maximum: 4096,
      default: 1024,
      whole: true,
    },
    band: {
      description: 'rows that a task does, the height for a whole picture; then the next, and over',
      unit: 'rows',
      minimum: 1,
      maximum: 4096,
      default: 64,
      whole: true,
    },
    radius: {
      description: 'how far the kernel reaches',
      unit: 'pixels',
      minimum: 1,
      maximum: 8,
      default: 2,
      whole: true,
    },
  },
  needs: 'nothing',
  memoryBytes: ({ width, height, band }) => width * (height + Math.min(band, height)),
  prepare({ width, height, band, radius }, { seed }) {
    const picture = randomBuffer(width * height, seed)
    const blurred = new Uint8Array(width * Math.min(band, height))
    const bands = Math.ceil(height / band)
    const kernel = binomials(radius).flatMap((down) => binomials(radius).map((by) => down * by))
    return {
      task(index) {
        const from = (index % bands) * band
        const to = Math.min(from + band, height)
        blur({ picture, width, height, kernel, radius }, from, to, blurred)
        return weightedSum(blurred.subarray(0, (to - from) * width))
      },
    }
  },
  /** In two passes, along the rows and then along the columns, since the kernel is a product of two. */
  expected({ width, height, band, radius }, seed) {
    const picture = randomBuffer(width * height, seed)
    const weights = binomials(radius)
    const rows = new Map<number, Float64Array>()
    const alongRow = (row: number) => {
      const done = rows.get(row)
      if (done !== undefined) return done
      const sums = new Float64Array(width)
      for (let column = 0; column < width; column++) {
        let sum = 0
        for (let step = 0; step < weights.length; step++) {
          const from = Math.min(Math.max(column + step - radius, 0), width - 1)
          sum += (weights[step] as number) * (picture[row * width + from] as number)
        }
        sums[column] = sum
      }
      rows.delete(row - 2 * radius - 1)
      rows.set(row, sums)
      return sums
    }
    const divisor = 4 ** (2 * radius)
    const checksums: number[] = []
    for (let from = 0; from < height; from += band) {
      const to = Math.min(from + band, height)
      const lines: number[] = []
      for (let row = from; row < to; row++) {
        const above = weights.map((_, step) =>
          alongRow(Math.min(Math.max(row + step - radius, 0), height - 1)),
        )
        for (let column = 0; column < width; column++) {
          let sum = 0
          for (let step = 0; step < weights.length; step++) {
            sum += (weights[step] as number) * ((above[step] as Float64Array)[column] as number)
          }
          lines.push(Math.floor(sum / divisor))
        }
      }
      checksums.push(weightedSum(lines))
    }
    return checksums
  },
})

interface Blur {
  readonly picture: Uint8Array
  readonly width: number
  readonly height: number
  readonly kernel: readonly number[]
  readonly radius: number
}

/** Whole numbers throughout, so that both ways come to the same; beyond the edge lies the edge again. */
export function blur(
  { picture, width, height, kernel, radius }: Blur,
  fromRow: number,
  toRow: number,
  blurred: Uint8Array,
): void {
  const divisor = 4 ** (2 * radius)
  let to = 0
  for (let row = fromRow; row < toRow; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0
      let at = 0
      for (let down = row - radius; down <= row + radius; down++) {
        const line = Math.min(Math.max(down, 0), height - 1) * width
        for (let by = column - radius; by <= column + radius; by++) {
          const point = picture[line + Math.min(Math.max(by, 0), width - 1)] as number
          sum += (kernel[at++] as number) * point
        }
      }
      blurred[to++] = Math.floor(sum / divisor)
    }
  }
}

function weightedSum(points: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < points.length; at++) {
    sum += ((at % weightCycle) + 1) * (points[at] as number)
  }
  return sum
}

/** The numbers of row 2 × radius of Pascal's triangle: nearly a bell. Their sum is 4 ** radius. */
export function binomials(radius: number): number[] {
  const numbers = [1]
  for (let at = 0; at < 2 * radius; at++) {
    numbers.push(((numbers[at] as number) * (2 * radius - at)) / (at + 1))
  }
  return numbers
}
