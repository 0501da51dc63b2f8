import { randomNumbers } from '../../shared/random.ts'
import { defineWorkload, garbageBytes } from './workload.ts'

/** Numbers are below this, so that counting them needs a table of bearable size. */
const valueRange = 2 ** 20
/** Weights of places: all sums stay below 2 ** 53 with the most numbers. */
const weightCycle = 1021

export default defineWorkload({
  name: 'sort',
  kind: 'cpu',
  description: 'sorts a list of numbers by comparing them: calls, memory, and a collector at work',
  parameters: {
    count: {
      description: 'numbers in the list',
      unit: 'numbers',
      minimum: 1,
      maximum: 1_000_000,
      default: 20_000,
      whole: true,
    },
  },
  needs: 'nothing',
  // The list, its sorted copy, and what sorting takes for merging.
  memoryBytes: ({ count }) => garbageBytes + 40 * count,
  prepare({ count }, { seed }) {
    const numbers = unsorted(count, seed)
    return {
      task() {
        const sorted = numbers.toSorted((one, other) => one - other)
        let sum = 0
        for (let at = 0; at < sorted.length; at++) {
          sum += ((at % weightCycle) + 1) * (sorted[at] as number)
        }
        return sum
      },
    }
  },
  /** By counting each value: nothing is compared. */
  expected({ count }, seed) {
    const counts = new Uint32Array(valueRange)
    for (const value of unsorted(count, seed)) counts[value] = (counts[value] as number) + 1
    let sum = 0
    let at = 0
    counts.forEach((times, value) => {
      for (let time = 0; time < times; time++) sum += ((at++ % weightCycle) + 1) * value
    })
    return [sum]
  },
})

function unsorted(count: number, seed: number): number[] {
  const next = randomNumbers(seed)
  return Array.from({ length: count }, () => next() % valueRange)
}
