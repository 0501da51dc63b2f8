import { kernelOf, modelTraits } from '../../shared/model/execution-model.ts'
import type { Configuration, Run, Trial } from '../../shared/model/run.ts'
import { whyNotComparable } from './comparability.ts'
import { codeOf, executorOf } from './executor.ts'
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

/**
 * Each model against the one before it, at the same number of workers (inline has but one), within what
 * executes it; and each model of every runtime and interpreter against that of the first.
 */
export function pairsOf(run: ComparedRun): Pair[] {
  const all = sidesOf(run)
  const works = [...Map.groupBy(all, ({ configuration }) => codeOf(configuration)).values()]
  return [...works.flatMap((sides) => pairsOfModels(run, sides)), ...pairsOfExecutors(run, all)]
}

function pairsOfExecutors(run: ComparedRun, all: readonly Side[]): Pair[] {
  const executors = [...Map.groupBy(all, ({ configuration }) => executorOf(configuration)).values()]
  const [first = [], ...others] = executors
  return others.flat().flatMap((b): Pair[] => {
    const { model, workers, scheduling, variant } = b.configuration
    const a = first.find(
      (each) =>
        each.configuration.model === model &&
        each.configuration.workers === workers &&
        each.configuration.scheduling === scheduling &&
        kernelOf(each.configuration.variant) === kernelOf(variant) &&
        isComparable(run, each, b),
    )
    return a === undefined ? [] : [[a, b]]
  })
}

function pairsOfModels(run: ComparedRun, all: readonly Side[]): Pair[] {
  const models = [...new Set(all.map(({ configuration }) => configuration.model))]
  const of = (model: string | undefined) =>
    all.filter(({ configuration }) => configuration.model === model)
  return models.flatMap((model, index) => {
    const before = of(models[index - 1])
    const isAlone = ({ configuration }: Side) =>
      before.length === 1 || !modelTraits[configuration.model].startsWorkers
    return of(model).flatMap((b): Pair[] => {
      const a = before.find(
        (each) =>
          (isAlone(each) || each.configuration.workers === b.configuration.workers) &&
          (isAlone(each) || each.configuration.scheduling === b.configuration.scheduling) &&
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
