import { randomNumbers, shuffled } from '../../shared/random.ts'

export interface Slot<C> {
  readonly configuration: C
  /** Number among the trials, or among the warm-ups, of its configuration. */
  readonly index: number
  readonly warmUp: boolean
}

/**
 * The order in which trials are run: warm-ups first, then round after round, each round holding every
 * configuration once in a random order of its own. So a machine that slows down or speeds up over
 * the run touches all configurations alike (a randomised complete block design). Who takes the rounds
 * may stop after any of them.
 */
export function* trialRounds<C>(
  configurations: readonly C[],
  { repeat, warmup, seed }: { repeat: number; warmup: number; seed: number },
): Generator<Slot<C>[], void> {
  const next = randomNumbers(seed)
  for (const [count, warmUp] of [
    [warmup, true],
    [repeat, false],
  ] as const) {
    for (let index = 0; index < count; index++) {
      yield shuffled(configurations, next).map((configuration) => ({
        configuration,
        index,
        warmUp,
      }))
    }
  }
}
