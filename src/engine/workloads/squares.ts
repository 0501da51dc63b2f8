import { defineWorkload } from './workload.ts'

/** Largest number whose square a double still holds exactly. */
const largest = 94_906_265

export default defineWorkload({
  name: 'squares',
  kind: 'cpu',
  description: 'squares one number: the smallest task there is, so what it costs is the dispatch',
  parameters: {
    start: {
      description: 'the number of the first task; each task takes the next',
      unit: 'number',
      minimum: 0,
      maximum: largest,
      default: 0,
      whole: true,
    },
  },
  needs: 'nothing',
  memoryBytes: () => 0,
  prepare({ start }) {
    const number = (index: number) => (start + index) % (largest + 1)
    return {
      task: (index) => {
        const base = number(index)
        return base * base
      },
      // By the third binomial formula: n² = (n − 1)(n + 1) + 1. A root would round the error away.
      verify: (index, checksum) => (number(index) - 1) * (number(index) + 1) + 1 === checksum,
    }
  },
  expected: () => null,
})
