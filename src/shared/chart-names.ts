import { nameBeside, workNameParts } from './executor-names.ts'
import { modelTraits } from './model/execution-model.ts'
import type { Configuration } from './model/run.ts'

/*
 * The names under which the charts of a run can be asked for: small letters, digits and hyphens. The
 * screen knows them without asking for the charts, which take samples to make.
 */

export const overTime = ['busy-cores', 'memory', 'throughput'] as const
export type OverTime = (typeof overTime)[number]

/** More lines than these cannot be told apart: then there is a chart for each number of workers. */
const mostLines = 6

type Named = Pick<
  Configuration,
  'id' | 'workload' | 'runtime' | 'interpreter' | 'model' | 'workers' | 'variant' | 'parameters'
>

/** Which configurations are drawn together over time, and what is added to the name of that chart. */
export function groupsOverTime<C extends Named>(
  configurations: readonly C[],
): readonly { readonly suffix: string; readonly configurations: readonly C[] }[] {
  if (configurations.length <= mostLines) return [{ suffix: '', configurations }]
  const alone = configurations.filter(({ model }) => !modelTraits[model].startsWorkers)
  const others = configurations.filter(({ model }) => modelTraits[model].startsWorkers)
  const groups = [...Map.groupBy(others, ({ workers }) => workers)].flatMap(([workers, own]) => {
    // Beside each other what is compared: each model with as many workers, and inline.
    const room = Math.max(1, mostLines - alone.length)
    const parts = Math.ceil(own.length / room)
    return Array.from({ length: parts }, (_, part) => ({
      suffix: `-${workers}${parts === 1 ? '' : `-part-${part + 1}`}`,
      configurations: [...alone, ...own.slice(part * room, (part + 1) * room)].slice(0, mostLines),
    }))
  })
  return groups.length > 0 ? groups : [{ suffix: '', configurations: alone.slice(0, mostLines) }]
}

/** Name of the chart over time in which a configuration is drawn. */
export function overTimeName(what: OverTime, id: number, all: readonly Named[]): string {
  const own = groupsOverTime(all).find(({ configurations }) =>
    configurations.some((each) => each.id === id),
  )
  return `${what}${own?.suffix ?? ''}`
}

/** Names of the heat maps of a run's configurations, by configuration. */
export function coresNames(all: readonly Named[]): ReadonlyMap<number, string> {
  const taken = new Set<string>()
  return new Map(
    all.map((each) => {
      const { model, workers, variant } = each
      const many = modelTraits[model].startsWorkers ? `-${workers}` : ''
      const work = workNameParts(each, all).map((part) => `-${slug(part)}`)
      const name = `cores${work.join('')}-${model}${many}${variant === null ? '' : `-${slug(variant)}`}`
      let unique = name
      for (let at = 2; taken.has(unique); at++) unique = `${name}-no-${at}`
      taken.add(unique)
      return [each.id, unique] as const
    }),
  )
}

/** Of the findings of an experiment, by their place from 0. */
export function findingName(place: number): string {
  return `finding-${place + 1}`
}

/** What tells each configuration of a run from the others, in words. */
export function configurationNames(all: readonly Named[]): ReadonlyMap<number, string> {
  return new Map(
    all.map((each) => {
      // Another workload has other parameters.
      const alike = all.filter(({ workload }) => workload === each.workload)
      const own = Object.entries(each.parameters)
        .filter(([key, value]) => alike.some(({ parameters }) => parameters[key] !== value))
        .map(([key, value]) => `${key} = ${value.toLocaleString('en-US')}`)
      return [each.id, [nameBeside(each, all), ...own].join(', ')] as const
    }),
  )
}

/** A text as small letters, digits and hyphens. */
export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
  return plain.replace(/^-+|-+$/g, '').slice(0, 60) || 'other'
}
