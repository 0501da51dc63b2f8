import type { ExperimentDescription } from '../../shared/model/experiment.ts'
import type { Plan } from '../../shared/model/plan.ts'
import balance from './balance.ts'
import breakEven from './break-even.ts'
import creation from './creation.ts'
import deadlock from './deadlock.ts'
import type { Experiment } from './experiment.ts'
import failures from './failures.ts'
import gil from './gil.ts'
import races from './races.ts'
import responsiveness from './responsiveness.ts'
import sharedMemory from './shared-memory.ts'
import sweep from './sweep.ts'
import transports from './transports.ts'

/** Every experiment, in the order they are told: one file and one line. */
const experiments: readonly Experiment[] = [
  sweep,
  creation,
  breakEven,
  sharedMemory,
  transports,
  failures,
  races,
  deadlock,
  balance,
  responsiveness,
  gil,
]

/** Of a checked plan; null where it asks for none. */
export function experimentOf({ experiment: name }: Pick<Plan, 'experiment'>): Experiment | null {
  return experiments.find((each) => each.name === name) ?? null
}

/** What each says of itself, in the order they are told. */
export function describeExperiments(): readonly ExperimentDescription[] {
  return experiments.map(
    ({ configurations: _, findings: __, problems: ___, memoryBytes: ____, ...description }) =>
      description,
  )
}
