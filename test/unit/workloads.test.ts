import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { loadWorkload } from '../../src/engine/workloads/catalogue.ts'
import { crc32BitByBit } from '../../src/engine/workloads/crc32.ts'
import { fillMemory } from '../../src/engine/workloads/held-memory.ts'
import { escapeTime, escapeTimeByCycles } from '../../src/engine/workloads/mandelbrot.ts'
import { countPrimes, sievePrimes } from '../../src/engine/workloads/primes.ts'
import { checksumOfDigest } from '../../src/engine/workloads/sha256.ts'

const context = {
  ...{ seed: 7, worker: 0, folder: null, serverPort: null, sharedData: null },
  exchange: async (payload: string) => payload,
}

describe('primes', () => {
  // The prime-counting function at powers of ten: OEIS A006880.
  it.each([
    [10, 4],
    [100, 25],
    [1000, 168],
    [10_000, 1229],
    [100_000, 9592],
  ])('below %i there are %i, by division and by sieve', (n, count) => {
    expect(countPrimes(n)).toBe(count)
    expect(sievePrimes(n)).toBe(count)
  })

  it('agree at every small n, where both ways have their edges', () => {
    for (let n = 2; n < 200; n++) expect(countPrimes(n)).toBe(sievePrimes(n))
  })
})

describe('sha256', () => {
  it('gives the digest of FIPS 180-4 for "abc", cut to 48 bits', () => {
    expect(checksumOfDigest(createHash('sha256').update('abc').digest())).toBe(0xba7816bf8f01)
  })
})

describe('crc32', () => {
  it('gives the published check value', () => {
    expect(crc32BitByBit(Buffer.from('123456789'))).toBe(0xcbf43926)
  })
})

describe('mandelbrot', () => {
  it('finds the same escape time with and without looking for cycles', () => {
    for (let step = 0; step < 4000; step++) {
      const real = -2 + (2.5 * (step % 61)) / 61
      const imaginary = -1.25 + (2.5 * (step % 67)) / 67
      expect(escapeTimeByCycles(real, imaginary, 500)).toBe(escapeTime(real, imaginary, 500))
    }
  })

  it('measures the area of the set as published: 1.5065918849 (Förstemann, 2012)', () => {
    const size = 400
    let inside = 0
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const real = -2 + (2.5 * (column + 0.5)) / size
        const imaginary = -1.25 + (2.5 * (row + 0.5)) / size
        if (escapeTimeByCycles(real, imaginary, 2000) === 2000) inside++
      }
    }
    expect((inside / size ** 2) * 2.5 ** 2).toBeCloseTo(1.5066, 1)
  })
})

function heldMemory(sizeMiB: number, seed: number, holder: number): Uint32Array {
  const memory = new Uint32Array(sizeMiB * 2 ** 18)
  fillMemory(memory, seed, holder)
  return memory
}

describe('allocate', () => {
  const pages = (memory: Uint32Array) =>
    Array.from({ length: memory.length / 1024 }, (_, page) =>
      Buffer.from(memory.buffer, page * 4096, 4096).toString('latin1'),
    )

  it('holds as much as it says, no page of it empty or like another', () => {
    const memory = heldMemory(3, 7, 0)
    expect(memory.byteLength).toBe(3 * 1024 * 1024)
    expect(new Set(pages(memory)).size).toBe(3 * 256)
    expect(Math.min(...pages(memory).map((page) => new Set(page).size))).toBeGreaterThan(200)
  })

  it('holds in two workers pages that are not alike', () => {
    const [one, other] = [0, 1].map((worker) => pages(heldMemory(1, 7, worker)))
    expect(one?.filter((page, at) => page === other?.[at])).toEqual([])
  })

  it('gives the same checksums in every worker, others for each part of the memory', async () => {
    const workload = await loadWorkload('allocate')
    const expected = await workload.expected({ size_mib: 3 }, context.seed)
    expect(new Set(expected)).toHaveProperty('size', 3)
    for (const worker of [0, 1, 63]) {
      const kernel = await workload.prepare({ size_mib: 3 }, { ...context, worker })
      expect([0, 1, 2].map((index) => kernel.task(index))).toEqual(expected)
    }
  })

  it('tells the guard what it holds', async () => {
    const { memoryBytes } = await loadWorkload('allocate')
    expect(memoryBytes({ size_mib: 64 })).toBe(67_108_864)
  })
})

describe('every workload', () => {
  const small: Record<string, Record<string, number>> = {
    primes: { n: 1000 },
    sha256: { size_kib: 3, rounds: 3 },
    mandelbrot: { width: 32, height: 16, iterations: 100 },
    squares: { start: 94_906_260 },
    matmul: { n: 7 },
    sort: { count: 3000 },
    json: { size_kib: 3 },
    image: { width: 23, height: 17, band: 5, radius: 2 },
    uneven: { shortest: 100, spread: 50, together: 3 },
    allocate: { size_mib: 3 },
    'scan-shared': { size_mib: 2 },
    messages: { size_bytes: 77, round_trips: 3 },
    sleep: { ms: 2 },
  }

  async function prepared(name: string, parameters: Record<string, number>) {
    const workload = await loadWorkload(name)
    const sharedData = workload.shared?.make(parameters, context.seed, 0) ?? null
    const kernel = await workload.prepare(parameters, { ...context, sharedData })
    return { kernel, expected: await workload.expected(parameters, context.seed) }
  }

  it.each(Object.entries(small))('%s finds what is expected of it', async (name, parameters) => {
    const { kernel, expected } = await prepared(name, parameters)
    for (let index = 0; index < 20; index++) {
      const checksum = await kernel.task(index)
      expect(Number.isSafeInteger(checksum)).toBe(true)
      if (expected === null) expect(kernel.verify?.(index, checksum)).toBe(true)
      else expect(checksum).toBe(expected[index % expected.length])
    }
  })

  it.each(Object.entries(small))('%s is told from a wrong result', async (name, parameters) => {
    const { kernel, expected } = await prepared(name, parameters)
    const wrong = (await kernel.task(3)) + 1
    if (expected === null) expect(kernel.verify?.(3, wrong)).toBe(false)
    else expect(expected[3 % expected.length]).not.toBe(wrong)
  })

  it.each([
    ['sha256', { size_kib: 1, rounds: 1 }],
    ['matmul', { n: 9 }],
    ['sort', { count: 50 }],
    ['json', { size_kib: 1 }],
    ['image', { width: 9, height: 9, band: 3, radius: 1 }],
    ['uneven', { shortest: 100, spread: 50, together: 3 }],
    ['scan-shared', { size_mib: 1 }],
    ['messages', { size_bytes: 9, round_trips: 1 }],
    ['crawl', { latency_ms: 0, words: 9, links: 3 }],
  ])('%s has data of its own for each seed', async (name, parameters) => {
    const { expected } = await loadWorkload(name)
    expect(await expected(parameters, 1)).not.toEqual(await expected(parameters, 2))
    expect(await expected(parameters, 1)).toEqual(await expected(parameters, 1))
  })
})
