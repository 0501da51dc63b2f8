import { randomNumbers } from '../../shared/random.ts'
import { defineWorkload } from './workload.ts'

/** Tasks whose lengths differ; after the last comes the first again. */
const lengths = 1024
/** A congruential generator of full period over 32 bits (W. H. Press et al., "Numerical Recipes", 7.1). */
const [factor, summand] = [1_664_525, 1_013_904_223]

export default defineWorkload({
  name: 'uneven',
  kind: 'cpu',
  description:
    'counts for a length of its own: a few tasks are most of the work, so equal chunks are not equal',
  parameters: {
    shortest: {
      description: 'steps of the shortest tasks, some 1.5 ns each',
      unit: 'steps',
      minimum: 100,
      maximum: 10_000_000,
      default: 100_000,
      whole: true,
    },
    spread: {
      description: 'how many times as long the longest are; 1: all alike but for a half',
      unit: 'times',
      minimum: 1,
      maximum: 10_000,
      default: 300,
      whole: true,
    },
    together: {
      description: 'tasks of like length that follow one another, as like inputs do',
      unit: 'tasks',
      minimum: 1,
      maximum: lengths,
      default: 32,
      whole: true,
    },
  },
  needs: 'nothing',
  memoryBytes: () => 0,
  prepare(parameters, { seed }) {
    const steps = taskLengths(parameters, seed)
    return {
      task(index) {
        const at = index % lengths
        const end = steps[at] as number
        let state = at
        for (let step = 0; step < end; step++) state = (Math.imul(state, factor) + summand) | 0
        return state >>> 0
      },
    }
  },
  /** All steps at once: a step done twice is a step of the same form with other numbers (jumpAhead). */
  expected: (parameters, seed) =>
    taskLengths(parameters, seed).map((steps, at) => jumpAhead(at, steps)),
})

/**
 * Steps of each task, from a bounded Pareto distribution of shape 1/2 by inversion. Nothing but
 * products, quotients and a root go into it, which every machine rounds alike. `together` tasks share
 * a drawn length, and each has between a half and one and a half of it.
 */
export function taskLengths(
  {
    shortest,
    spread,
    together,
  }: { readonly shortest: number; readonly spread: number; readonly together: number },
  seed: number,
): number[] {
  const next = randomNumbers(seed)
  const share = () => next() / 2 ** 32
  const most = 1 - 1 / Math.sqrt(spread)
  let drawn = 0
  return Array.from({ length: lengths }, (_, at) => {
    if (at % together === 0) drawn = shortest / (1 - share() * most) ** 2
    return Math.floor(drawn * (0.5 + share()))
  })
}

/**
 * The generator's state after so many steps, in as many turns as the number of steps has binary digits
 * (F. B. Brown, "Random number generation with arbitrary strides", 1994).
 */
export function jumpAhead(from: number, steps: number): number {
  let [multiply, add] = [factor, summand]
  let [allMultiply, allAdd] = [1, 0]
  for (let left = steps; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      allMultiply = Math.imul(allMultiply, multiply)
      allAdd = (Math.imul(allAdd, multiply) + add) | 0
    }
    add = Math.imul(add, multiply + 1)
    multiply = Math.imul(multiply, multiply)
  }
  return (Math.imul(from, allMultiply) + allAdd) >>> 0
}
