import { randomNumbers } from '../../shared/random.ts'
import { defineWorkload } from './workload.ts'

const MiB = 1024 * 1024
const wordsOfMebibyte = MiB / Uint32Array.BYTES_PER_ELEMENT
/** The smallest page of memory there is; larger ones hold whole such. */
const wordsOfPage = 4096 / Uint32Array.BYTES_PER_ELEMENT
const pagesOfMebibyte = wordsOfMebibyte / wordsOfPage
/** Workers that a plan may have: page number times this plus the worker's fits a word to the last. */
const mostWorkers = 4096

export default defineWorkload({
  name: 'allocate',
  kind: 'cpu',
  description: 'holds memory of its own and reads it, 1 MiB a task: what workers weigh',
  parameters: {
    size_mib: {
      description: 'memory that each worker holds',
      unit: 'MiB',
      minimum: 1,
      maximum: 4096,
      default: 64,
      whole: true,
    },
  },
  needs: 'nothing',
  memoryBytes: ({ size_mib }) => size_mib * MiB,
  prepare({ size_mib }, { seed, worker }) {
    const memory = heldMemory(size_mib, seed, worker)
    // Taken off again, so that all workers' checksums are alike.
    const marks = pagesOfMebibyte * worker
    return {
      task(index) {
        const from = (index % size_mib) * wordsOfMebibyte
        let sum = 0
        for (let at = from; at < from + wordsOfMebibyte; at++) sum += memory[at] as number
        return sum - marks
      },
    }
  },
  /** The marks are an arithmetic series; the rest is the same in every mebibyte. Nothing is held for it. */
  expected({ size_mib }, seed) {
    const next = randomNumbers(seed)
    let rest = 0
    for (let at = 0; at < wordsOfMebibyte; at++) {
      const word = next()
      if (at % wordsOfPage !== 0) rest += word
    }
    return Array.from({ length: size_mib }, (_, mebibyte) => {
      const [first, last] = [mebibyte * pagesOfMebibyte, (mebibyte + 1) * pagesOfMebibyte - 1]
      return rest + mostWorkers * pagesOfMebibyte * ((first + last) / 2)
    })
  },
})

/**
 * Memory that is really there: every page is written, and begins with a mark of its own (its number and
 * the worker's), so that no kernel finds two pages alike and keeps one for both, or packs them away.
 */
export function heldMemory(sizeMiB: number, seed: number, worker: number): Uint32Array {
  const memory = new Uint32Array(sizeMiB * wordsOfMebibyte)
  const next = randomNumbers(seed)
  for (let at = 0; at < wordsOfMebibyte; at++) memory[at] = next()
  for (let at = wordsOfMebibyte; at < memory.length; at += wordsOfMebibyte) {
    memory.copyWithin(at, 0, wordsOfMebibyte)
  }
  for (let at = 0; at < memory.length; at += wordsOfPage) {
    memory[at] = (at / wordsOfPage) * mostWorkers + worker
  }
  return memory
}
