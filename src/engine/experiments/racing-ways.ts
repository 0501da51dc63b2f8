import type { Interpreter } from '../../shared/model/interpreter.ts'
import type { Plan } from '../../shared/model/plan.ts'
import { waysOf } from '../../shared/model/plan-ways.ts'
import type { Configuration, PlannedConfiguration } from '../../shared/model/run.ts'
import { configurationsOfWays } from './ways.ts'

/** How a counter is counted on, under which model, and what that is called. */
const nodeWays = [
  { model: 'threads', variant: 'plain', what: 'shared, without protection' },
  { model: 'threads', variant: 'atomics', what: 'shared, with Atomics' },
  { model: 'threads', variant: 'lock', what: 'shared, with a lock' },
  { model: 'threads', variant: 'message', what: 'a message for each update' },
  { model: 'processes', variant: 'own counter', what: 'each its own, added up at the end' },
  { model: 'processes', variant: 'message', what: 'a message for each update' },
] as const

/** Here processes share memory as well: a `multiprocessing.Value`. */
const pythonWays = [
  { model: 'threads', variant: 'plain', what: 'shared, without protection' },
  { model: 'threads', variant: 'methods', what: 'shared, read and written by methods' },
  { model: 'threads', variant: 'lock', what: 'shared, with a lock' },
  { model: 'threads', variant: 'message', what: 'a message for each update' },
  { model: 'processes', variant: 'plain', what: 'shared memory, without protection' },
  { model: 'processes', variant: 'lock', what: 'shared memory, with a lock' },
  { model: 'processes', variant: 'own counter', what: 'each its own, added up at the end' },
  { model: 'processes', variant: 'message', what: 'a message for each update' },
] as const

/** An update takes Python some ten times as long or more: it makes so many fewer where none is a message. */
const fewerInPython = 10

/** Each way whose model is planned, under each runtime that has it, with every number of workers. */
export function racingConfigurations(
  plan: Plan,
  interpreters?: readonly Interpreter[],
): PlannedConfiguration[] {
  const { workload, parameters, runtimes } = plan
  const updates = Math.max(1, Math.round(Number(parameters.updates) / fewerInPython))
  return [
    ...(runtimes.includes('node') ? configurationsOfWays(plan, nodeWays) : []),
    ...waysOf(plan, interpreters)
      .filter(({ runtime }) => runtime === 'python')
      .flatMap((way) =>
        pythonWays
          .filter(({ model }) => model === way.model)
          .map(({ variant }) => ({
            ...way,
            ...{ workload, parameters: { ...parameters, updates }, scheduling: 'static' as const },
            // Processes have been started in some way, which is told first.
            variant: way.variant === null ? variant : `${way.variant}, ${variant}`,
          })),
      ),
  ]
}

/** How a configuration counts, without how its processes were started. */
export function racingVariant({ variant }: Pick<Configuration, 'variant'>): string {
  return variant?.split(', ').at(-1) ?? ''
}

/** What that is called. */
export function racingName(configuration: Configuration): string {
  const variant = racingVariant(configuration)
  const ways = configuration.runtime === 'node' ? nodeWays : pythonWays
  const way = ways.find((each) => each.model === configuration.model && each.variant === variant)
  return way?.what ?? variant
}
