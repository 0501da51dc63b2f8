import { randomNumbers } from '../../shared/random.ts'
import { fillMemory, MiB, mostWorkers, wordsOfMebibyte, wordsOfPage } from './held-memory.ts'
import { defineWorkload } from './workload.ts'

const pagesOfMebibyte = wordsOfMebibyte / wordsOfPage

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
    const memory = new Uint32Array(size_mib * wordsOfMebibyte)
    fillMemory(memory, seed, worker)
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
