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
 * the run touches all configurations alike (a randomised complete block design).
 */
export function trialOrder<C>(
  configurations: readonly C[],
  { repeat, warmup, seed }: { repeat: number; warmup: number; seed: number },
): Slot<C>[] {
  const next = randomNumbers(seed)
  const rounds = (count: number, warmUp: boolean) =>
    Array.from({ length: count }, (_, index) =>
      shuffled(configurations, next).map((configuration) => ({ configuration, index, warmUp })),
    ).flat()
  return [...rounds(warmup, true), ...rounds(repeat, false)]
}
