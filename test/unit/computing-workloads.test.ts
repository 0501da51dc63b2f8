import { describe, expect, it } from 'vitest'
import { loadWorkload } from '../../src/engine/workloads/catalogue.ts'
import { binomials, blur } from '../../src/engine/workloads/image.ts'
import { writtenDocument } from '../../src/engine/workloads/json.ts'
import { multiply } from '../../src/engine/workloads/matmul.ts'

const context = {
  ...{ seed: 7, worker: 0, folder: null, serverPort: null, sharedData: null },
  exchange: async (payload: string) => payload,
}

describe('matmul', () => {
  it('multiplies as on paper, with the rows of the first matrix from the turn on', () => {
    const product = new Float64Array(4)
    const [left, right] = [Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, 8)]
    multiply(left, right, product, 2, 0)
    expect([...product]).toEqual([19, 22, 43, 50])
    multiply(left, right, product, 2, 1)
    expect([...product]).toEqual([43, 50, 19, 22])
  })
})

describe('json', () => {
  it('makes up a document in the very form that is written, as large as asked, of all there is', () => {
    const text = writtenDocument(20_000, 7, 3)
    expect(JSON.stringify(JSON.parse(text))).toBe(text)
    expect(text.length).toBeGreaterThanOrEqual(20_000)
    expect(text.length).toBeLessThan(25_000)
    for (const part of ['\\"', '\\\\', '\\n', 'é', 'null', 'true', '1e+21', '{}', '[]']) {
      expect(text).toContain(part)
    }
  })
})

describe('image', () => {
  const blurred = (width: number, height: number, points: readonly number[], radius: number) => {
    const result = new Uint8Array(width * height)
    const weights = binomials(radius)
    const kernel = weights.flatMap((down) => weights.map((by) => down * by))
    const picture = Uint8Array.from(points)
    blur({ picture, width, height, kernel, radius }, 0, height, result)
    return [...result]
  }

  it('spreads a point as the binomial kernel of three by three does', () => {
    const [o, x] = [0, 160]
    expect(blurred(3, 3, [o, o, o, o, x, o, o, o, o], 1)).toEqual([
      10, 20, 10, 20, 40, 20, 10, 20, 10,
    ])
  })

  it.each([1, 2, 8])(
    'leaves a picture of one shade as it is, at the edges too: radius %i',
    (radius) => {
      const grey = new Array<number>(5 * 4).fill(201)
      expect(blurred(5, 4, grey, radius)).toEqual(grey)
    },
  )

  it('does a picture whose last band is short, or which is lower than a band', async () => {
    const { prepare, expected } = await loadWorkload('image')
    for (const band of [4, 7, 100]) {
      const parameters = { width: 11, height: 18, band, radius: 3 }
      const kernel = await prepare(parameters, context)
      const checksums = (await expected(parameters, context.seed)) ?? []
      expect(checksums).toHaveLength(Math.ceil(18 / band))
      expect(checksums.map((_, index) => kernel.task(index))).toEqual(checksums)
    }
  })
})
