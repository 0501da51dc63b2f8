import type * as z from 'zod'
import { documentFormat, documentVersion } from '../../shared/model/document.ts'
import { mostTrials, mostWorkerRecords } from '../../shared/model/plan-limits.ts'
import { LabError, printable, shown } from '../../shared/model/problem.ts'
import type { RecordedSamples, TaskSpans } from '../../shared/recorded.ts'
import type { TimelineData } from '../../shared/timeline.ts'
import { type JsonLimits, JsonParts, type JsonPath, refuse } from './json-parts.ts'
import { overviewPart, samplesPart, taskSpansPart } from './recorded-parts.ts'
import {
  type ConfigurationPart,
  configurationSchema,
  type RunPart,
  runSchema,
  type TrialPart,
  trialSchema,
} from './run-schema.ts'

/** A run as its document tells it, but for what was recorded, which has gone to the spool. */
export interface ReadRun {
  readonly run: RunPart
  readonly configurations: readonly ReadConfiguration[]
}

export interface ReadConfiguration {
  readonly configuration: ConfigurationPart
  readonly trials: readonly ReadTrial[]
}

export interface ReadTrial extends TrialPart {
  readonly warm_up: boolean
}

/** Takes what was recorded, a trial's `ordinal` with each; nothing of it counts before the whole is read. */
export interface RecordedSpool {
  keepSamples(trial: number, samples: RecordedSamples): void
  keepTaskSpans(trial: number, spans: TaskSpans): void
  keepOverview(trial: number, timeline: TimelineData): void
}

const limits: JsonLimits = {
  documentBytes: 4 * 1024 ** 3,
  partBytes: 64 * 1024 ** 2,
  partValues: 4_000_000,
  depth: 16,
  members: 100,
}

/** Lists of what was recorded, and of what follows from the trials and is made anew. */
const recorded = ['overviews', 'task_spans', 'samples']
const derived = ['comparisons', 'findings']
const known = ['format', 'version', 'run', 'configurations', ...derived, ...recorded]

interface Draft {
  readonly fields: Map<string, unknown>
  readonly trials: ReadTrial[]
}

/**
 * Reads a run's document as it comes in.
 *
 * @param name of the file, for what is said of it
 * @throws LabError `bad-input`, where it is none; or what the source throws
 */
export async function readRun(
  source: AsyncIterable<unknown>,
  name: string,
  spool: RecordedSpool,
): Promise<ReadRun> {
  const reading = new RunReading(spool)
  const parts = new JsonParts(limits, reading)
  try {
    for await (const chunk of source) parts.write(chunk as Buffer)
    parts.end()
    return reading.whole()
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'bad-input') throw error
    throw new LabError('bad-input', `${printable(name)}: ${error.message}`)
  }
}

class RunReading {
  readonly #spool: RecordedSpool
  readonly #drafts: Draft[] = []
  readonly #plain = new Map<string, unknown>()
  /** Of the trials that something was recorded of. */
  readonly #spooled = new Map<number, JsonPath>()
  readonly #overviews = new Set<number>()
  readonly #spans = new Set<string>()
  #trials = 0
  #workers = 0

  constructor(spool: RecordedSpool) {
    this.#spool = spool
  }

  splits(path: JsonPath): 'object' | 'array' | null {
    const [list, , inner] = path
    if (path.length === 0) return 'object'
    if (path.length === 1) {
      return list === 'configurations' || recorded.includes(list as string) ? 'array' : null
    }
    if (list !== 'configurations') return null
    if (path.length === 2) return 'object'
    return path.length === 3 && (inner === 'trials' || inner === 'warm_ups') ? 'array' : null
  }

  part(path: JsonPath, value: unknown): void {
    const [list, at, field] = path as [string, number, string]
    if (path.length === 1) this.#takePlain(list, value)
    else if (list === 'configurations') {
      if (at >= mostTrials) refuse(path, `more than ${mostTrials} configurations are too many`)
      this.#drafts[at] ??= { fields: new Map(), trials: [] }
      const draft = this.#drafts[at]
      if (path.length === 3) draft.fields.set(field, value)
      else this.#takeTrial(draft, path, value, field === 'warm_ups')
    } else this.#takeRecorded(list, path, value)
  }

  /** @throws LabError `bad-input`, where something is missing or does not fit the rest */
  whole(): ReadRun {
    for (const name of ['format', 'version', 'run']) {
      if (!this.#plain.has(name)) refuse([name], `it is missing; ${expected}`)
    }
    const given = this.#plain.get('run') as { readonly plan: RunPart['plan'] }
    // A plan of before is kept without what plans have now, as it was.
    const run: RunPart = { ...checked(runSchema, ['run'], given), plan: given.plan }
    const configurations = Array.from(this.#drafts, (draft, at) => ({
      configuration: checked(
        configurationSchema,
        ['configurations', at],
        Object.fromEntries(draft?.fields ?? []),
      ),
      trials: draft?.trials ?? [],
    }))
    const ids = new Set(configurations.map(({ configuration }) => configuration.id))
    if (ids.size < configurations.length) refuse(['configurations'], 'an id is given twice')
    this.#checkTrials(configurations)
    return { run, configurations }
  }

  #takePlain(name: string, value: unknown): void {
    if (!known.includes(name)) refuse([], `${shown(name)} is unknown; ${expected}`)
    if (name === 'format' && value !== documentFormat) {
      refuse(['format'], `${shown(value)} is not allowed; ${expected}`)
    }
    if (name === 'version' && value !== documentVersion) {
      const hint =
        typeof value === 'number' && value > documentVersion
          ? '; a newer Corescope has written it'
          : ''
      refuse(['version'], `${shown(value)} is not allowed; allowed: ${documentVersion}${hint}`)
    }
    if (!derived.includes(name)) this.#plain.set(name, value)
  }

  #takeTrial(draft: Draft, path: JsonPath, value: unknown, warm_up: boolean): void {
    const trial = checked(trialSchema, path, value)
    this.#trials++
    this.#workers += trial.workers.length
    if (this.#trials > mostTrials) refuse(path, `more than ${mostTrials} trials are too many`)
    if (this.#workers > mostWorkerRecords) {
      refuse(path, `more than ${mostWorkerRecords} workers in all are too many`)
    }
    draft.trials.push({ ...trial, warm_up })
  }

  #takeRecorded(list: string, path: JsonPath, value: unknown): void {
    const seen = (trial: number) => {
      if (!this.#spooled.has(trial)) this.#spooled.set(trial, path)
    }
    if (list === 'samples') {
      const part = samplesPart(path, value)
      seen(part.trial)
      this.#spool.keepSamples(part.trial, part)
    } else if (list === 'task_spans') {
      const part = taskSpansPart(path, value)
      const key = `${part.trial} ${part.worker}`
      if (this.#spans.has(key)) refuse(path, 'given twice for this worker; allowed: once')
      this.#spans.add(key)
      seen(part.trial)
      this.#spool.keepTaskSpans(part.trial, part)
    } else {
      const { trial, timeline } = overviewPart(path, value)
      if (this.#overviews.has(trial)) refuse(path, 'given twice for this trial; allowed: once')
      this.#overviews.add(trial)
      seen(trial)
      this.#spool.keepOverview(trial, timeline)
    }
    if (this.#spooled.size > mostTrials || this.#spans.size > mostWorkerRecords) {
      refuse(path, 'of more trials than a run can have')
    }
  }

  #checkTrials(configurations: readonly ReadConfiguration[]): void {
    const ordinals = new Set<number>()
    configurations.forEach(({ trials }, at) => {
      const places = new Set<string>()
      for (const { ordinal, index, warm_up, workers } of trials) {
        const path = ['configurations', at, warm_up ? 'warm_ups' : 'trials']
        if (ordinals.has(ordinal)) refuse(path, `the ordinal ${ordinal} is given twice`)
        ordinals.add(ordinal)
        const place = `${warm_up} ${index}`
        if (places.has(place)) refuse(path, `the index ${index} is given twice`)
        places.add(place)
        if (new Set(workers.map((worker) => worker.index)).size < workers.length) {
          refuse(path, 'the index of a worker is given twice')
        }
      }
    })
    for (const [trial, path] of this.#spooled) {
      if (!ordinals.has(trial))
        refuse([...path, 'trial'], `there is no trial with ordinal ${trial}`)
    }
  }
}

const expected = 'allowed: a run that Corescope has exported as JSON'

/** The value itself, checked, its members in the order in which they stand. */
function checked<S extends z.ZodType>(schema: S, path: JsonPath, value: unknown): z.infer<S> {
  const result = schema.safeParse(value)
  if (result.success) return inOrderOf(path, value, result.data)
  const [issue] = result.error.issues as [z.core.$ZodIssue]
  return refuse(
    [...path, ...issue.path.map((step) => (typeof step === 'symbol' ? '' : step))],
    words(issue, value),
  )
}

/** What is kept as JSON is to read, exported again, as it did. */
function inOrderOf(path: JsonPath, given: unknown, data: unknown): never {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data as never
  const source = given as Readonly<Record<string, unknown>>
  const taken = data as Readonly<Record<string, unknown>>
  // The schema passes over it.
  if (Object.hasOwn(source, '__proto__')) refuse(path, '"__proto__" is not allowed as a name')
  const names = [
    ...Object.keys(source),
    ...Object.keys(taken).filter((name) => !Object.hasOwn(source, name)),
  ]
  return Object.fromEntries(
    names.map((name) => [name, inOrderOf([...path, name], source[name], taken[name])]),
  ) as never
}

function words(issue: z.core.$ZodIssue, root: unknown): string {
  const found = issue.path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step],
    root,
  )
  if (issue.code === 'unrecognized_keys') {
    return `${issue.keys.map(shown).slice(0, 3).join(', ')} is unknown`
  }
  if (found === undefined) return 'it is missing'
  const why = printable(issue.message)
  return why.includes('is not allowed') ? why : `${shown(found)} is not allowed: ${why}`
}
