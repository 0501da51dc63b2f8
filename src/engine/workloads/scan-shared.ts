import { randomNumbers } from '../../shared/random.ts'
import { fillMemory, MiB, wordsOfMebibyte, wordsOfPage } from './held-memory.ts'
import { defineWorkload } from './workload.ts'

/** Tasks that look for something else; after the last comes the first again. A power of two. */
const keys = 64

export default defineWorkload({
  name: 'scan-shared',
  kind: 'cpu',
  description:
    'searches one set of data for all workers: threads share it, processes hold a copy each',
  parameters: {
    size_mib: {
      description: 'size of the data, all of which a task reads',
      unit: 'MiB',
      minimum: 1,
      maximum: 4096,
      default: 64,
      whole: true,
    },
  },
  needs: 'nothing',
  memoryBytes: () => 0,
  shared: {
    bytes: ({ size_mib }) => size_mib * MiB,
    make({ size_mib }, seed, copy) {
      const data = new SharedArrayBuffer(size_mib * MiB)
      fillMemory(new Uint32Array(data), seed, copy)
      return data
    },
  },
  prepare(_parameters, { sharedData }) {
    if (sharedData === null) throw new Error('scan-shared needs data')
    const data = new Uint32Array(sharedData)
    return {
      task(index) {
        const key = index % keys
        let sum = 0
        for (let at = 0; at < data.length; at++) {
          // A remainder took 19 times as long as the mask does.
          if (((data[at] as number) & (keys - 1)) === key) sum += weight(at)
        }
        return sum
      },
    }
  },
  /** In one pass for all keys, over one mebibyte: the others are like it but for the marks. */
  expected({ size_mib }, seed) {
    const next = randomNumbers(seed)
    const sums = new Array<number>(keys).fill(0)
    for (let at = 0; at < wordsOfMebibyte; at++) {
      const key = next() % keys
      sums[key] = (sums[key] as number) + weight(at)
    }
    return sums.map((sum) => sum * size_mib)
  },
})

/** Place in its page: nothing for the mark that it begins with, which is another in each copy. */
function weight(at: number): number {
  return at % wordsOfPage
}
