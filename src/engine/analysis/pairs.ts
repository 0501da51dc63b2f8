import type { Configuration, Run, Trial } from '../../shared/model/run.ts'
import { whyNotComparable } from './comparability.ts'
import { countedTrials } from './statistics.ts'

/** A configuration with its trials that count. */
export interface Side {
  readonly configuration: Configuration
  readonly counted: readonly Trial[]
}

/** `a` is what `b` is compared with. */
export type Pair = readonly [a: Side, b: Side]

/** What of a run its comparisons follow from. */
export type ComparedRun = Pick<
  Run,
  'uid' | 'plan' | 'status' | 'environment' | 'configurations' | 'trials'
>

/** Memory by RSS and memory by PSS are two figures. */
export function hasOneBasis(sides: readonly Pick<Side, 'counted'>[]): boolean {
  const bases = sides.flatMap(({ counted }) => counted.map(({ memory_basis }) => memory_basis))
  return new Set(bases.filter((basis) => basis !== null)).size <= 1
}

export function sidesOf(run: ComparedRun): Side[] {
  return run.configurations.map((configuration) => ({
    configuration,
    counted: countedTrials(run, configuration),
  }))
}

/** Each model against the one before it, at the same number of workers; inline has but one. */
export function pairsOf(run: ComparedRun): Pair[] {
  const all = sidesOf(run)
  const models = [...new Set(run.configurations.map(({ model }) => model))]
  const of = (model: string | undefined) =>
    all.filter(({ configuration }) => configuration.model === model)
  return models.flatMap((model, index) => {
    const before = of(models[index - 1])
    return of(model).flatMap((b): Pair[] => {
      const a = before.find(
        (each) =>
          (before.length === 1 || each.configuration.workers === b.configuration.workers) &&
          (before.length === 1 || each.configuration.scheduling === b.configuration.scheduling) &&
          isComparable(run, each, b),
      )
      return a === undefined ? [] : [[a, b]]
    })
  })
}

function isComparable(run: ComparedRun, a: Side, b: Side): boolean {
  const subject = ({ configuration }: Side) => ({ configuration, run })
  return whyNotComparable(subject(a), subject(b)).length === 0
}
