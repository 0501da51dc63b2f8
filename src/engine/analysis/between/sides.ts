import { executorName, hasSeveralExecutors } from '../../../shared/executor-names.ts'
import { LabError } from '../../../shared/model/problem.ts'
import type { Configuration, Run, Trial } from '../../../shared/model/run.ts'
import type { SideReference } from '../../../shared/model/run-comparison.ts'
import type { Side } from '../pairs.ts'
import { shownTrial } from '../shown-trial.ts'
import { countedTrials } from '../statistics.ts'
import { runRefusal } from './run-refusal.ts'
import { configurationKey, nameAmong, wayOf } from './way.ts'

/** One configuration of a saved run, to be set beside others. */
export interface SavedSide extends Side {
  readonly run: Run
  /** A, B, C …, AA. */
  readonly letter: string
  readonly name: string
  /** The trial that stands for it over time; null where none counts. */
  readonly shown: Trial | null
}

/** What a list of references comes to. */
export interface SidesToCompare {
  readonly sides: readonly SavedSide[]
  /** Indexes into them: the second is compared with the first. */
  readonly pairs: readonly (readonly [a: number, b: number])[]
  /** Configurations of a run that was named as a whole, which no other run has. */
  readonly unmatched: readonly string[]
}

interface Chosen {
  readonly run: Run
  readonly configuration: Configuration
}

/**
 * References as sides and pairs. The first side is what all others are compared with; where runs are
 * named as a whole, each of their configurations is compared with the same one of the first run that
 * has it.
 *
 * @param runs those that are referred to
 * @param most sides that can be taken in
 * @throws LabError `bad-input`, `not-found`
 */
export function sidesToCompare(
  references: readonly SideReference[],
  runs: ReadonlyMap<number, Run>,
  most: number,
): SidesToCompare {
  refuseTwice(references)
  const named = references.map(({ run: id, configuration }) => {
    const run = runs.get(id) as Run
    return { run, chosen: configuration === null ? null : configurationIn(run, configuration) }
  })
  const isOneRun = new Set(references.map(({ run }) => run)).size === 1
  const { groups, unmatched } = isOneRun ? withinOneRun(named) : acrossRuns(named)
  const all = groups.flat()
  if (all.length < 2) {
    const refused = named.flatMap(({ run }) => runRefusal(run) ?? [])
    throw new LabError('bad-input', refused[0] ?? nothingToCompare(named))
  }
  if (all.length > most) {
    throw new LabError(
      'bad-input',
      `these are ${all.length} configurations; allowed: at most ${most} beside each other, so name some of them, as ${all[0]?.run.id}:threads/4`,
    )
  }
  return { sides: all.map((each, at) => sideOf(each, at, all)), pairs: pairsIn(groups), unmatched }
}

interface Named {
  readonly run: Run
  /** Null where the run is named as a whole. */
  readonly chosen: Configuration | null
}

interface Groups {
  /** The first of each is what its others are compared with. */
  readonly groups: readonly (readonly Chosen[])[]
  readonly unmatched: readonly string[]
}

function withinOneRun(named: readonly Named[]): Groups {
  const all = named.flatMap(({ run, chosen }) =>
    (chosen === null ? run.configurations : [chosen]).map((configuration) => ({
      run,
      configuration,
    })),
  )
  const once = all.filter(
    ({ configuration }, at) => all.findIndex((each) => each.configuration === configuration) === at,
  )
  return { groups: [once], unmatched: [] }
}

/**
 * The same configurations of several runs. Beside one that was named by itself a whole run stands for
 * its configuration that is the same. A run of which none is the same takes part with those that do
 * other work in the same way: that they are refused says why.
 */
function acrossRuns(named: readonly Named[]): Groups {
  if (named.every(({ chosen }) => chosen !== null)) {
    const sides = named.map(({ run, chosen }) => ({ run, configuration: chosen as Configuration }))
    return { groups: [sides], unmatched: [] }
  }
  const wanted = named.flatMap(({ chosen }) => chosen ?? [])
  const candidates = named.flatMap((each) => candidatesOf(each, wanted, configurationKey))
  const byKey = Map.groupBy(candidates, ({ configuration }) => configurationKey(configuration))
  const same = [...byKey.values()].filter(isShared)
  const taken = new Set(same.flat().map(({ run }) => run))
  const others = named.filter(({ run }) => !taken.has(run))
  const groups = others.length === 0 ? same : withOthers(same, others, named, wanted)
  for (const { run } of groups.length === 0 ? [] : others) refuseAlone(run, groups)
  const members = new Set(groups.flat().map(({ configuration }) => configuration))
  const alone = candidates.filter(({ configuration }) => !members.has(configuration))
  const [first = [], ...rest] = groups
  // What was named by itself is compared, whether others are the same or not.
  const kept = alone.filter(({ configuration }) => wanted.includes(configuration))
  if (first.length === 0) return { groups: [], unmatched: [] }
  return {
    groups: [inOrder([...first, ...kept], named), ...rest],
    unmatched: wanted.length > 0 ? [] : alone.map(leftOut),
  }
}

/** What a reference may stand for. */
function candidatesOf(
  { run, chosen }: Named,
  wanted: readonly Configuration[],
  keyOf: (configuration: Configuration) => string,
): Chosen[] {
  const keys = new Set(wanted.map(keyOf))
  const list = chosen === null ? run.configurations : [chosen]
  return list
    .filter((configuration) => keys.size === 0 || keys.has(keyOf(configuration)))
    .map((configuration) => ({ run, configuration }))
}

function isShared(group: readonly Chosen[]): boolean {
  return new Set(group.map(({ run }) => run)).size > 1
}

/** Groups of the same, joined by runs that do other work in the same way. */
function withOthers(
  same: readonly (readonly Chosen[])[],
  others: readonly Named[],
  named: readonly Named[],
  wanted: readonly Configuration[],
): Chosen[][] {
  const further = others.flatMap((each) => candidatesOf(each, wanted, wayOf))
  const byWay = Map.groupBy([...same.flat(), ...further], ({ configuration }) =>
    wayOf(configuration),
  )
  return [...byWay.values()].filter(isShared).map((group) => inOrder(group, named))
}

function refuseAlone(run: Run, groups: readonly (readonly Chosen[])[]): void {
  if (groups.some((group) => group.some((each) => each.run === run))) return
  const refused = runRefusal(run)
  if (refused !== null) throw new LabError('bad-input', refused)
  const list = run.configurations.map((each) => nameAmong(each, run.configurations)).join('; ')
  throw new LabError(
    'bad-input',
    `run ${run.id} has no configuration in common with the others (it has ${list}); name one of each, as ${run.id}:threads/4`,
  )
}

function leftOut({ run, configuration }: Chosen): string {
  const name = nameAmong(configuration, run.configurations)
  return `run ${run.id} has ${name}, which none of the others has: left out`
}

function inOrder(group: readonly Chosen[], named: readonly Named[]): Chosen[] {
  const place = ({ run, configuration }: Chosen) =>
    named.findIndex(
      (each) => each.run === run && (each.chosen === null || each.chosen === configuration),
    )
  return [...group].sort((a, b) => place(a) - place(b))
}

function pairsIn(groups: readonly (readonly Chosen[])[]): (readonly [number, number])[] {
  let from = 0
  return groups.flatMap((group) => {
    const first = from
    from += group.length
    return group.slice(1).map((_, at) => [first, first + 1 + at] as const)
  })
}

function sideOf({ run, configuration }: Chosen, at: number, all: readonly Chosen[]): SavedSide {
  const counted = countedTrials(run, configuration)
  const ofRun = all.filter((each) => each.run === run).map((each) => each.configuration)
  const isOneRun = all.every((each) => each.run === run)
  // Within its run nothing may need to be said of it.
  const isForeign =
    hasSeveralExecutors(all.map((each) => each.configuration)) ||
    // Of a run in several nobody knows which is meant.
    all.some((each) => hasSeveralExecutors(each.run.configurations))
  const by = isForeign && !hasSeveralExecutors(ofRun) ? [executorName(configuration)] : []
  const own = [...by, nameAmong(configuration, ofRun)].join(', ')
  return {
    run,
    configuration,
    counted,
    letter: letterOf(at),
    name: isOneRun ? own : `run ${run.id}, ${own}`,
    shown: shownTrial(counted),
  }
}

/** A … Z, AA, AB …, as the columns of a spreadsheet. */
export function letterOf(at: number): string {
  const last = String.fromCharCode(65 + (at % 26))
  return at < 26 ? last : letterOf(Math.floor(at / 26) - 1) + last
}

function configurationIn(run: Run, id: number): Configuration {
  const found = run.configurations.find((each) => each.id === id)
  if (found !== undefined) return found
  const allowed = run.configurations.map((each) => each.id).join(', ')
  throw new LabError('not-found', `run ${run.id} has no configuration ${id}; allowed: ${allowed}`)
}

function refuseTwice(references: readonly SideReference[]): void {
  const seen = new Set<string>()
  for (const { run, configuration } of references) {
    const key = `${run}:${configuration}`
    if (seen.has(key)) {
      const what = configuration === null ? `run ${run}` : `a configuration of run ${run}`
      throw new LabError('bad-input', `${what} is named twice; allowed: each once`)
    }
    seen.add(key)
  }
}

function nothingToCompare(named: readonly Named[]): string {
  const [first] = named as [Named, ...Named[]]
  if (named.length === 1 && first.chosen !== null) {
    const name = nameAmong(first.chosen, first.run.configurations)
    return `there is nothing to compare ${name} of run ${first.run.id} with; name another configuration, or the run as a whole`
  }
  if (named.length === 1) {
    return `run ${first.run.id} has one configuration alone; name another run to compare it with`
  }
  const lists = named.map(({ run, chosen }) => {
    const list = chosen === null ? run.configurations : [chosen]
    return `run ${run.id}: ${list.map((each) => nameAmong(each, run.configurations)).join('; ')}`
  })
  return `these runs have no configuration in common (${lists.join(' | ')}); name one of each, as ${first.run.id}:threads/4`
}
