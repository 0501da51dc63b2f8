import { nameBeside } from '../../../shared/executor-names.ts'
import { formatParameters } from '../../../shared/format.ts'
import { interpreterKey } from '../../../shared/model/interpreter.ts'
import type { Configuration, PlannedConfiguration } from '../../../shared/model/run.ts'

/** How work is executed, whatever the work is: by this a configuration is found again in another run. */
export function wayOf(configuration: PlannedConfiguration): string {
  const { runtime, interpreter, model, workers, scheduling, variant } = configuration
  const python = interpreterKey(interpreter)
  return JSON.stringify([runtime, python, model, workers, scheduling, variant])
}

/** Way and work: equal for two configurations that are the same but for the run they are of. */
export function configurationKey(configuration: Omit<Configuration, 'id'>): string {
  const { workload, content, parameters } = configuration
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([wayOf(configuration), workload, content, sorted])
}

/** A configuration in as many words as tell it from the others beside it. */
export function nameAmong(configuration: Configuration, others: readonly Configuration[]): string {
  const name = nameBeside(configuration, others)
  const alike = others.filter((each) => nameBeside(each, others) === name)
  if (!alike.some((each) => each !== configuration)) return name
  const further = [
    [({ scheduling }: Configuration) => scheduling, configuration.scheduling],
    [
      ({ parameters }: Configuration) => formatParameters(parameters),
      formatParameters(configuration.parameters),
    ],
  ] as const
  const telling = further.flatMap(([of, text]) =>
    alike.some((each) => of(each) !== of(configuration)) ? [text] : [],
  )
  return [name, ...telling].join(', ')
}
