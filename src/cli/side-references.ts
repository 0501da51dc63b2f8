import type { Lab } from '../engine/lab.ts'
import { formatConfiguration } from '../shared/format.ts'
import { type Model, models } from '../shared/model/execution-model.ts'
import { LabError, shown } from '../shared/model/problem.ts'
import type { Configuration, Run } from '../shared/model/run.ts'
import type { SideReference } from '../shared/model/run-comparison.ts'

/** A side as it is named in the terminal, taken apart. */
interface NamedSide {
  readonly text: string
  readonly run: number | 'last' | 'baseline'
  /** Null for the run as a whole. */
  readonly which: Which | null
}

/** A configuration by its place among those of its run, from 1, or by its model and perhaps its workers. */
type Which = { readonly place: number } | { readonly model: Model; readonly workers: number | null }

const allowed =
  'RUN or RUN:CONFIGURATION, RUN being a number that "corescope runs" lists, last or baseline, and CONFIGURATION as threads/4, threads, or 2 for the second'

/**
 * Sides as `12`, `last:threads/4`, `baseline`, `12:2`.
 *
 * @throws LabError `bad-input`, `not-found`
 */
export async function readSides(lab: Lab, texts: readonly string[]): Promise<SideReference[]> {
  const named = texts.map(parseSide)
  const runs = new Map<NamedSide, Run>()
  for (const side of named) {
    if (side.run !== 'baseline') runs.set(side, await lab.saved.run(side.run))
  }
  const given = [...runs]
  const [other] = runs.values()
  return Promise.all(
    named.map(async (side) => {
      const run = runs.get(side) ?? (await baselineFor(lab, other, side))
      // Its own configurations beside each other would look like a run beside its baseline.
      const isItself = given.some(
        ([each, { id }]) => id === run.id && (each.which === null || side.which === null),
      )
      if (side.run === 'baseline' && isItself) {
        throw bad(side.text, `a run beside its baseline, which run ${run.id} is itself`)
      }
      const configuration = side.which === null ? null : find(run, side.which, side.text).id
      return { run: run.id, configuration }
    }),
  )
}

/**
 * One configuration, which may be left out where its run has but one.
 *
 * @throws LabError `bad-input`, `not-found`
 */
export async function readConfiguration(
  lab: Lab,
  text: string,
): Promise<{ readonly run: number; readonly configuration: number }> {
  const side = parseSide(text)
  if (side.run === 'baseline') {
    throw bad(
      text,
      'a run by its number, or last: of which workload the baseline is meant is not said',
    )
  }
  const run = await lab.saved.run(side.run)
  if (side.which !== null) return { run: run.id, configuration: find(run, side.which, text).id }
  const [only, ...others] = run.configurations
  if (only === undefined || others.length > 0) {
    throw new LabError(
      'bad-input',
      `${shown(text)}: run ${run.id} has several configurations; allowed: ${listOf(run, text)}`,
    )
  }
  return { run: run.id, configuration: only.id }
}

function parseSide(text: string): NamedSide {
  const [, name = '', which] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? []
  const isNumber = /^[1-9]\d{0,14}$/.test(name)
  if (!isNumber && name !== 'last' && name !== 'baseline') throw bad(text, allowed)
  const run = isNumber ? Number(name) : (name as 'last' | 'baseline')
  return { text, run, which: which === undefined ? null : parseWhich(which, text) }
}

function parseWhich(which: string, text: string): Which {
  if (/^[1-9]\d{0,5}$/.test(which)) return { place: Number(which) }
  const [, model, workers] = /^([a-z]+)(?:\/([1-9]\d{0,5}))?$/.exec(which) ?? []
  if (!models.includes(model as Model)) throw bad(text, allowed)
  return { model: model as Model, workers: workers === undefined ? null : Number(workers) }
}

function find(run: Run, which: Which, text: string): Configuration {
  const found = run.configurations.filter((configuration, at) =>
    'place' in which
      ? at + 1 === which.place
      : configuration.model === which.model &&
        (which.workers === null || configuration.workers === which.workers),
  )
  const [first, ...others] = found
  if (first !== undefined && others.length === 0) return first
  const what = first === undefined ? 'no such configuration' : 'several of these'
  throw new LabError(
    first === undefined ? 'not-found' : 'bad-input',
    `${shown(text)}: run ${run.id} has ${what}; allowed: ${listOf(run, text)}`,
  )
}

async function baselineFor(lab: Lab, other: Run | undefined, { text }: NamedSide): Promise<Run> {
  if (other === undefined) {
    throw bad(text, 'beside another run, which says of which workload the baseline is meant')
  }
  const { workload } = other.plan
  const id = await lab.comparisons.baselineOf(workload)
  if (id === null) {
    throw new LabError(
      'not-found',
      `${shown(text)}: no run of ${workload} is marked as its baseline; mark one with "corescope baseline RUN", or name a run by its number`,
    )
  }
  return lab.saved.run(id)
}

/** What may be named of a run: by model and workers where that is one alone, else by its place. */
function listOf({ configurations }: Run, text: string): string {
  const run = text.split(':')[0]
  const short = ({ model, workers }: Configuration) =>
    model === 'inline' ? model : `${model}/${workers}`
  return configurations
    .map((configuration, at) => {
      const name = short(configuration)
      const isOne = configurations.filter((each) => short(each) === name).length === 1
      return isOne ? `${run}:${name}` : `${run}:${at + 1} (${describe(configuration)})`
    })
    .join(', ')
}

function describe(configuration: Configuration): string {
  const parameters = Object.entries(configuration.parameters).map(
    ([key, value]) => `${key}=${value}`,
  )
  return [formatConfiguration(configuration), configuration.scheduling, ...parameters].join(' ')
}

function bad(text: string, what: string): LabError {
  return new LabError('bad-input', `${shown(text)} is not allowed; allowed: ${what}`)
}
