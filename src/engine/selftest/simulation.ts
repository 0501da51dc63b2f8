import { setImmediate } from 'node:timers/promises'
import { randomNumbers, shuffled } from '../../shared/random.ts'

/** One figure in one round of the interleaved run: of the same work twice, and of the slowed one. */
export interface Round {
  readonly a: number
  readonly again: number
  readonly b: number
}

/** Trials a side of a simulated comparison. */
export const trialsOfSide = 10

/** What is compared: the same work on both sides, or the slowed one as the second. */
export type Contest = 'a-a' | 'a-b'

export interface Sides {
  readonly a: readonly number[]
  readonly b: readonly number[]
}

/**
 * The two sides of a run that might have been: some of the recorded rounds, none of them twice. Which
 * of a round's two like trials is the first side's is left to chance. Whole rounds are drawn, since what
 * disturbs a machine for a while touches both sides of a real run too.
 *
 * @param rounds at least `trialsOfSide`
 */
export function drawSides(rounds: readonly Round[], contest: Contest, next: () => number): Sides {
  const drawn = shuffled(rounds, next)
    .slice(0, trialsOfSide)
    .map(({ a, again, b }) => {
      const [one, other] = next() % 2 === 0 ? [a, again] : [again, a]
      return { a: one, b: contest === 'a-a' ? other : b }
    })
  return { a: drawn.map(({ a }) => a), b: drawn.map(({ b }) => b) }
}

/** Comparisons after which others get their turn: a request to stop among them. */
const atOnce = 4

/**
 * How many of so many simulated comparisons are hits; the same for the same seed.
 *
 * @param isHit judges two sides; it is given a seed of its own for each
 * @throws what the signal is aborted with
 */
export async function countHits(
  rounds: readonly Round[],
  contest: Contest,
  isHit: (sides: Sides, seed: number) => boolean,
  { comparisons, seed, signal }: { comparisons: number; seed: number; signal: AbortSignal },
): Promise<number> {
  const next = randomNumbers(seed)
  let hits = 0
  for (let comparison = 0; comparison < comparisons; comparison++) {
    if (comparison % atOnce === 0) {
      await setImmediate()
      signal.throwIfAborted()
    }
    const sides = drawSides(rounds, contest, next)
    if (isHit(sides, next())) hits++
  }
  return hits
}
