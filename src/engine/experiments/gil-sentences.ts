import { formatBytes, formatNumber } from '../../shared/format.ts'
import { type Model, modelTraits } from '../../shared/model/execution-model.ts'
import type { ExperimentRun } from './experiment.ts'
import { listed } from './gil-cautions.ts'
import { reachable, reachOf } from './gil-reach.ts'
import { byExecutor, type LockSeen } from './gil-seen.ts'
import type { LockWork } from './gil-work.ts'
import { timesOf } from './times.ts'
import { times } from './wording.ts'

/** One executor's trials of one kind of work, by model; null where there are none. */
interface Side {
  readonly executor: string
  readonly hasLock: boolean | null
  readonly threads: LockSeen | null
  readonly processes: LockSeen | null
}

/** What follows from the figures, the computing first: no sentence says what was not measured. */
export function gilSentences(run: ExperimentRun, seen: readonly LockSeen[]): string[] {
  const plain = seen.filter(({ kernel }) => kernel === null)
  const of = (kind: LockWork['kind']) => plain.filter(({ work }) => work.kind === kind)
  return [
    ...onCores(run, of('computing')),
    ...onCores(run, of('native')),
    ...waiting(run, of('waiting')),
    ...compiled(run, seen),
    ...memory(of('computing')),
    ...beside(run, of('computing')),
  ]
}

function sidesOf(seen: readonly LockSeen[]): Side[] {
  const sides = byExecutor(seen).map((own): Side => {
    const find = (model: Model) =>
      own.find(({ summary }) => summary.configuration.model === model) ?? null
    const configuration = own[0]?.summary.configuration
    return {
      executor: own[0]?.executor ?? '',
      hasLock:
        configuration?.runtime === 'python' ? (configuration.interpreter?.gil ?? null) : null,
      threads: find('threads'),
      processes: find('processes'),
    }
  })
  // The lock is what is asked about: who has it is told first.
  return sides.toSorted((a, b) => rank(a) - rank(b))
}

function rank({ hasLock }: Side): number {
  return hasLock === null ? 2 : hasLock ? 0 : 1
}

/** One sentence for all executors whose threads and processes come to the same. */
function onCores(run: ExperimentRun, seen: readonly LockSeen[]): string[] {
  const sides = sidesOf(seen).filter(({ threads, processes }) => threads ?? processes)
  const alike = Map.groupBy(sides, ({ hasLock, threads, processes }) =>
    [hasLock, threads && reachOf(run, threads), processes && reachOf(run, processes)].join(),
  )
  return [...alike.values()].flatMap((group) => {
    const [first] = group
    const work = (first?.threads ?? first?.processes)?.work
    if (first === undefined || work === undefined) return []
    const clauses = (['threads', 'processes'] as const).flatMap(
      (model) =>
        clauseOf(
          run,
          group.flatMap((side) => side[model] ?? []),
        ) ?? [],
    )
    const lead = leadOf(run, first, work)
    const who = listed(group.map(({ executor }) => executor))
    return [
      `${lead === null ? '' : `${lead}: `}${capital(work.doing, lead === null)} by ${who}, ${clauses.join('; ')}.`,
    ]
  })
}

/**
 * What the figures mean, where they agree with what the interpreter says of its lock; else null. That
 * threads stay on one core is the lock's doing only where processes did not.
 */
function leadOf(
  run: ExperimentRun,
  { hasLock, threads, processes }: Side,
  { kind }: LockWork,
): string | null {
  const [one, other] = [threads, processes].map((each) => each && reachOf(run, each))
  if (kind === 'computing') {
    if (hasLock === true && one === 'one' && other === 'all')
      return 'Under the lock threads take turns'
    if (hasLock === false && one === 'all')
      return 'Without the lock threads compute at the same time'
    return null
  }
  return hasLock === true && one === 'all'
    ? 'Native code that lets go of the lock has threads on all cores'
    : null
}

function clauseOf(run: ExperimentRun, all: readonly LockSeen[]): string | null {
  const [first] = all
  if (first === undefined) return null
  const { model, workers } = first.summary.configuration
  const who = `${workers} ${workers === 1 ? modelTraits[model].worker : modelTraits[model].workers}`
  const cores = coresText(run, all)
  const fast = fastText(run, all)
  const parts = [
    ...(cores === null ? [] : [`${workers === 1 ? 'uses' : 'use'} ${cores}`]),
    ...(fast === null ? [] : [`${workers === 1 ? 'is' : 'are'} ${fast}`]),
  ]
  return parts.length === 0 ? null : `${who} ${parts.join(' and ')}`
}

function coresText(run: ExperimentRun, all: readonly LockSeen[]): string | null {
  const values = all.flatMap((each) => each.median('cores_used') ?? [])
  const [first] = all
  if (values.length === 0 || first === undefined) return null
  const range = rangeText(values, formatNumber)
  const reach = reachOf(run, first)
  const most = reachable(run, first.summary.configuration.workers)
  if (reach === 'one') return `about one core (${range})`
  return reach === 'all' ? `about ${most} cores (${range})` : `${range} cores`
}

/** Of one with how sure it is, of several from the least to the largest. */
function fastText(run: ExperimentRun, all: readonly LockSeen[]): string | null {
  const [first] = all
  if (all.length === 1 && first?.inline != null) {
    const base = first.inline.counted.flatMap(({ metrics }) => metrics.throughput_per_s ?? [])
    const own = first.values('throughput_per_s')
    return timesOf(base.map(Number), own, run.plan.seed, 'fast as inline')
  }
  const ratios = all.flatMap(({ speedUp }) => speedUp ?? [])
  return ratios.length === 0
    ? null
    : `${rangeText(ratios, (each) => times(each).replace(' times', ''))} times as fast as inline`
}

function rangeText(values: readonly number[], format: (value: number) => string): string {
  const ends = [Math.min(...values), Math.max(...values)].map(format)
  return ends[0] === ends[1] ? (ends[0] ?? '') : ends.join(' to ')
}

function waiting(run: ExperimentRun, seen: readonly LockSeen[]): string[] {
  const sides = sidesOf(seen).filter(({ threads, processes }) => threads ?? processes)
  const [first] = sides
  const work = (first?.threads ?? first?.processes)?.work
  if (first === undefined || work === undefined) return []
  const clauses = (['threads', 'processes'] as const).flatMap((model) => {
    const own = sides.flatMap((side) => side[model] ?? [])
    const fast = fastText(run, own)
    const workers = own[0]?.summary.configuration.workers
    return fast === null ? [] : [`${workers} ${model} are ${fast}`]
  })
  if (clauses.length === 0) return []
  const locked = sides.filter(({ hasLock, threads }) => hasLock === true && threads !== null)
  const isFree =
    locked.length > 0 &&
    locked.every(
      ({ threads }) =>
        (threads?.speedUp ?? 0) >= 0.75 * (threads?.summary.configuration.workers ?? 1),
    )
  const lead = isFree ? 'Who waits holds no lock: ' : ''
  const who = listed(sides.map(({ executor }) => executor))
  return [`${lead}${capital(work.doing, lead === '')} by ${who}, ${clauses.join(', ')}.`]
}

/** Each interpreter's compiled kernels: what threads make of them, and what they are to plain Python. */
function compiled(run: ExperimentRun, seen: readonly LockSeen[]): string[] {
  return byExecutor(seen).flatMap((own) => {
    const inline = own.find(
      ({ kernel, work, summary }) =>
        kernel === null && work.kind === 'computing' && summary.configuration.model === 'inline',
    )
    const kernels = own.filter(({ kernel, summary }) => {
      const isAlone = summary.configuration.model === 'inline'
      return kernel !== null && (!isAlone || kernel === 'cython prange')
    })
    const clauses = kernels.flatMap((each) => {
      const fast = fastText(run, [each])
      const cores = coresOf(each)
      if (fast === null || cores === null) return []
      const { workers } = each.summary.configuration
      const who =
        each.kernel === 'cython prange'
          ? 'with threads of its own uses'
          : `in ${workers} threads uses`
      const base = each.kernel === 'cython prange' ? 'cython nogil inline' : 'inline'
      return [`${each.kernel} ${who} ${cores} cores and is ${fast.replace(/inline$/, base)}`]
    })
    if (clauses.length === 0) return []
    const best = kernels.flatMap(({ inline: base }) => base ?? [])[0]
    const plain = inline?.values('throughput_per_s') ?? []
    const fast = best?.counted.flatMap(({ metrics }) => metrics.throughput_per_s ?? []) ?? []
    const faster = timesOf(plain, fast.map(Number), run.plan.seed, 'fast as plain Python')
    const more = faster === null ? '' : `; inline it is ${faster}`
    return [`Compiled for ${own[0]?.executor ?? ''}, ${clauses.join('; ')}${more}.`]
  })
}

function coresOf(each: LockSeen): string | null {
  const cores = each.median('cores_used')
  return cores === null ? null : formatNumber(cores)
}

function memory(seen: readonly LockSeen[]): string[] {
  const told = sidesOf(seen).flatMap(({ executor, threads, processes }) => {
    const [one, other] = [threads, processes].map(
      (each) => each?.median('memory_per_worker_bytes') ?? null,
    )
    if (one == null || other == null) return []
    return [`${executor} ${bytesText(one)} and ${bytesText(other)}`]
  })
  return told.length === 0
    ? []
    : [`Memory of one more thread and of one more process: ${told.join('; ')}.`]
}

/** Less than what can be told from nothing is nothing to speak of. */
function bytesText(bytes: number): string {
  return bytes < 1024 * 10 ? 'next to nothing' : formatBytes(bytes)
}

/** The same work by all, to the same checksum: the trials that count are those. */
function beside(run: ExperimentRun, seen: readonly LockSeen[]): string[] {
  const models = ['inline', 'threads', 'processes'] as const
  const of = (isNode: boolean) =>
    seen.filter(({ summary }) => (summary.configuration.runtime === 'node') === isNode)
  const pythons = byExecutor(of(false))
  return pythons.flatMap((own) => {
    const clauses = models.flatMap((model) => {
      const isOf = ({ summary }: LockSeen) => summary.configuration.model === model
      const [a, b] = [own.find(isOf), of(true).find(isOf)]
      if (a === undefined || b === undefined) return []
      const fast = timesOf(
        a.values('throughput_per_s'),
        b.values('throughput_per_s'),
        run.plan.seed,
        'fast',
      )
      return fast === null ? [] : [`${inModel(model)} ${fast}`]
    })
    if (clauses.length === 0) return []
    return [`Node beside ${own[0]?.executor ?? ''}, to the same checksums: ${clauses.join(', ')}.`]
  })
}

function inModel(model: Model): string {
  return model === 'inline' ? 'inline' : `in ${model}`
}

function capital(text: string, isFirst: boolean): string {
  return isFirst ? text.charAt(0).toUpperCase() + text.slice(1) : text
}
