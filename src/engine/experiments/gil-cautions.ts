import { executorNames } from '../../shared/executor-names.ts'
import { formatConfiguration } from '../../shared/format.ts'
import { kernelOf, kernels } from '../../shared/model/execution-model.ts'
import type { Configuration } from '../../shared/model/run.ts'
import type { ExperimentRun } from './experiment.ts'
import { reachOf } from './gil-reach.ts'
import type { LockSeen } from './gil-seen.ts'
import { lacksFor } from './gil-work.ts'

/** What could not be run and what it would need, trials that failed, and a machine that can show nothing. */
export function gilCautions(run: ExperimentRun, seen: readonly LockSeen[]): string[] {
  return [
    ...oneCore(run),
    ...disturbed(run, seen),
    ...lacking(run),
    ...failed(run),
    ...residentMemory(seen),
  ]
}

function oneCore({ environment, configurations }: ExperimentRun): string[] {
  const cores = environment?.usable_cores ?? null
  if (cores === 1) {
    return [
      'One core can be used here: whatever the lock does to threads at computing, it does not show.',
    ]
  }
  if (cores === null || configurations.every(({ workload }) => workload === 'sleep')) return []
  const most = Math.max(
    ...configurations.filter(({ workload }) => workload !== 'sleep').map(({ workers }) => workers),
  )
  return most > cores
    ? [`${most} workers have ${cores} cores between them: no more than ${cores} can be used.`]
    : []
}

/** Where not even processes had the cores, what threads did with them says nothing of a lock. */
function disturbed(run: ExperimentRun, seen: readonly LockSeen[]): string[] {
  const held = seen.filter(
    (each) =>
      each.work.kind === 'computing' &&
      each.summary.configuration.model === 'processes' &&
      reachOf(run, each) !== null &&
      reachOf(run, each) !== 'all',
  )
  if (held.length === 0) return []
  const who = listed([...new Set(held.map(({ executor }) => executor))])
  return [
    `Not even processes of ${who} had the cores to themselves: what the lock does is told by a quieter machine.`,
  ]
}

/** Kernels that interpreters cannot be given: once for all that lack the same. */
function lacking({ configurations }: ExperimentRun): string[] {
  const names = executorNames(configurations)
  const pythons = new Map(
    configurations.flatMap(({ id, runtime, interpreter }) =>
      runtime === 'python' && interpreter !== null
        ? [[interpreter.path, { name: names.get(id) ?? '', interpreter }]]
        : [],
    ),
  )
  const lacks = kernels.flatMap((kernel) =>
    [...pythons.values()].flatMap(({ name, interpreter }) =>
      lacksFor(kernel, interpreter).map((lack) => ({ kernel, name, lack, path: interpreter.path })),
    ),
  )
  return [...Map.groupBy(lacks, ({ lack }) => lack)].map(([{ what, remedy }, all]) => {
    const who = [...new Set(all.map(({ name }) => name))]
    const lost = [...new Set(all.map(({ kernel }) => kernel))]
    const path = who.length === 1 ? (all[0]?.path ?? 'python3') : 'python3'
    const each = who.length === 1 ? '' : ', with the path of each in the place of python3'
    const how = remedy(path)
    return `${listed(who)} ${who.length === 1 ? 'has' : 'have'} no ${what}: ${listed(lost)} could not be tried. To try them: ${how}${how.includes(path) ? each : ''}.`
  })
}

function failed({ configurations, trials }: ExperimentRun): string[] {
  const names = executorNames(configurations)
  const lines = configurations.flatMap((each) => {
    const own = trials.filter((trial) => trial.configuration_id === each.id && !trial.warm_up)
    const bad = own.filter(({ status }) => status === 'failed' || status === 'void')
    if (bad.length === 0) return []
    const what = isKernelMissing(each, bad.length, own.length)
      ? `${names.get(each.id) ?? ''}: ${bad[0]?.reason ?? ''}`
      : `${names.get(each.id) ?? ''}, ${each.workload}, ${formatConfiguration(each)}: ${bad.length} of ${own.length} trials do not count: ${bad[0]?.reason ?? ''}`
    return [what]
  })
  return [...new Set(lines)]
}

/** What cannot be compiled fails in every trial, inline and in threads alike: said once. */
function isKernelMissing({ variant }: Configuration, bad: number, all: number): boolean {
  return kernelOf(variant) !== null && bad === all
}

function residentMemory(seen: readonly LockSeen[]): string[] {
  const isResident = seen.some(({ summary }) =>
    summary.counted.some(({ memory_basis }) => memory_basis === 'rss'),
  )
  return isResident
    ? ['Memory per worker is of RSS here, which counts a page that processes share once for each.']
    : []
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}
