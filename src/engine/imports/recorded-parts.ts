import { mostWorkers } from '../../shared/model/plan.ts'
import { shown } from '../../shared/model/problem.ts'
import {
  type SampleSeries,
  type SampleStream,
  sampleStreams,
  sampleVariables,
} from '../../shared/model/sample.ts'
import type { RecordedSamples, TaskSpans } from '../../shared/recorded.ts'
import {
  type SeriesName,
  type TimelineData,
  timelineSeries,
  widthOf,
} from '../../shared/timeline-series.ts'
import { longestMs, mostFigure } from './figure-bounds.ts'
import { type JsonPath, refuse } from './json-parts.ts'

/*
 * What was recorded of a trial, as it stands in a run's document: long columns of numbers, which are
 * checked by hand. A schema library would take several times as long.
 */

/** A part that belongs to a trial, by its place in the order of execution. */
interface OfTrial {
  readonly trial: number
}

type Members = Readonly<Record<string, unknown>>

const times = { most: longestMs }

/** @throws LabError `bad-input` */
export function samplesPart(path: JsonPath, value: unknown): OfTrial & RecordedSamples {
  const members = membersOf(path, value, ['trial', 'stream', 't_ms', 'dt_ms', 'values'])
  const stream = members.stream as SampleStream
  if (!sampleStreams.includes(stream)) {
    refuse([...path, 'stream'], notAllowed(stream, sampleStreams.join(', ')))
  }
  const t_ms = column([...path, 't_ms'], members.t_ms, null, times)
  if (t_ms.length === 0) refuse([...path, 't_ms'], notAllowed(members.t_ms, 'at least one time'))
  const columns = members.values
  if (!isObject(columns)) refuse([...path, 'values'], notAllowed(columns, 'an object of lists'))
  const series = Object.keys(columns as Members)
  for (const name of series) {
    if (!isSeries(name)) {
      refuse([...path, 'values'], `${shown(name)} is no series; allowed: as core.0.busy`)
    }
  }
  return {
    trial: ordinal(path, members.trial),
    stream,
    t_ms,
    dt_ms: column([...path, 'dt_ms'], members.dt_ms, t_ms.length, times),
    series: series as SampleSeries[],
    values: series.map((name) =>
      column([...path, 'values', name], (columns as Members)[name], t_ms.length, {
        mayBeNull: true,
      }),
    ),
  }
}

/** @throws LabError `bad-input` */
export function taskSpansPart(path: JsonPath, value: unknown): OfTrial & TaskSpans {
  const members = membersOf(path, value, ['trial', 'worker', 'tasks', 'starts_ms', 'ends_ms'])
  const { worker, tasks } = members
  if (!isCount(worker) || worker >= mostWorkers) {
    refuse([...path, 'worker'], notAllowed(worker, `a whole number from 0 to ${mostWorkers - 1}`))
  }
  const starts = column([...path, 'starts_ms'], members.starts_ms, null)
  if (!isCount(tasks) || tasks < starts.length) {
    refuse([...path, 'tasks'], notAllowed(tasks, `a whole number from ${starts.length}`))
  }
  return {
    trial: ordinal(path, members.trial),
    worker,
    tasks,
    starts_ms: starts,
    ends_ms: inTurn(path, starts, column([...path, 'ends_ms'], members.ends_ms, starts.length)),
  }
}

/** A worker does one task after the other. */
function inTurn(path: JsonPath, starts: Float64Array, ends: Float64Array): Float64Array {
  let before = 0
  for (let at = 0; at < starts.length; at++) {
    const [start, end] = [starts[at] as number, ends[at] as number]
    if (start < before || end < start || end > longestMs) {
      refuse(
        [...path, 'starts_ms', at],
        `a task from ${start} to ${end} ms after one that ended at ${before} ms is not allowed`,
      )
    }
    before = end
  }
  return ends
}

/** More than a screen has pixels for; a timeline of today has 1,024. */
const mostSlots = 65_536
const mostCores = 65_536

/** What every overview has held, also those of before; cores and workers cannot be more than it tells of. */
const alwaysThere: readonly SeriesName[] = [
  'busyCores',
  'busyCoresLow',
  'busyCoresHigh',
  'hostRss',
  'treeRss',
  'tasks',
  'coreBusy',
  'workerTasks',
  'workerCpu',
  'workerMemory',
]

/** @throws LabError `bad-input` */
export function overviewPart(
  path: JsonPath,
  value: unknown,
): OfTrial & { readonly timeline: TimelineData } {
  const members = membersOf(path, value, ['trial', 'timeline'])
  const at: JsonPath = [...path, 'timeline']
  const { timeline } = members
  if (!isObject(timeline)) return refuse(at, notAllowed(timeline, 'an object'))
  const { cores, workers, slotReadings, inLastSlot, ...series } = timeline as Members
  const within = (name: string, given: unknown, most: number): number =>
    isCount(given) && given <= most
      ? given
      : refuse([...at, name], notAllowed(given, `a whole number from 0 to ${most}`))
  const [ofCores, ofWorkers] = [
    within('cores', cores, mostCores),
    within('workers', workers, mostWorkers),
  ]
  within('slotReadings', slotReadings, Number.MAX_SAFE_INTEGER)
  within('inLastSlot', inLastSlot, Number.MAX_SAFE_INTEGER)
  const slots = column([...at, 't'], series.t, null, { mayBeNull: true, most: longestMs }).length
  if (slots > mostSlots) refuse([...at, 't'], `${slots} slots are too many; allowed: ${mostSlots}`)
  const known = seriesWidths(ofCores, ofWorkers)
  for (const [name, values] of Object.entries(series)) {
    const width = known.get(name)
    if (width === undefined) {
      refuse(at, `${shown(name)} is unknown; allowed: ${[...known.keys()].join(', ')}`)
    } else column([...at, name], values, slots * width, { mayBeNull: true })
  }
  for (const name of alwaysThere) {
    if (!Object.hasOwn(series, name)) refuse([...at, name], 'it is missing')
  }
  return { trial: ordinal(path, members.trial), timeline: timeline as unknown as TimelineData }
}

/** What a timeline holds for each slot, by series. */
function seriesWidths(cores: number, workers: number): ReadonlyMap<string, number> {
  return new Map(timelineSeries.map((each) => [each.name, widthOf(each, { cores, workers })]))
}

function membersOf(path: JsonPath, value: unknown, names: readonly string[]): Members {
  if (!isObject(value)) return refuse(path, notAllowed(value, 'an object'))
  for (const name of Object.keys(value)) {
    if (!names.includes(name))
      refuse(path, `${shown(name)} is unknown; allowed: ${names.join(', ')}`)
  }
  for (const name of names) {
    if (!Object.hasOwn(value, name)) refuse([...path, name], 'it is missing')
  }
  return value
}

/**
 * @param length of the list; null for any
 * @param options.most how far from 0 a number may be
 */
function column(
  path: JsonPath,
  value: unknown,
  length: number | null,
  { mayBeNull = false, most = mostFigure } = {},
): Float64Array {
  if (!Array.isArray(value)) return refuse(path, notAllowed(value, 'a list of numbers'))
  if (length !== null && value.length !== length) {
    refuse(path, `${value.length} values are not allowed; allowed: ${length}`)
  }
  const numbers = new Float64Array(value.length)
  for (let at = 0; at < value.length; at++) {
    const each: unknown = value[at]
    if (typeof each === 'number' && Math.abs(each) <= most) numbers[at] = each
    else if (each === null && mayBeNull) numbers[at] = Number.NaN
    else {
      const allowed = `a number from ${-most} to ${most}${mayBeNull ? ' or null' : ''}`
      refuse([...path, at], notAllowed(each, allowed))
    }
  }
  return numbers
}

function ordinal(path: JsonPath, value: unknown): number {
  return isCount(value)
    ? value
    : refuse([...path, 'trial'], notAllowed(value, 'the ordinal of a trial'))
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

const variables = sampleVariables.join('|')
const plainSeries = new RegExp(`^(?:machine|tree|host)\\.(?:${variables})$`)
const numberedSeries = new RegExp(`^(core|worker|process)\\.(0|[1-9]\\d{0,9})\\.(?:${variables})$`)

function isSeries(name: string): boolean {
  if (plainSeries.test(name)) return true
  const [, subject, number] = numberedSeries.exec(name) ?? []
  if (subject === undefined) return false
  const most = { core: mostCores, worker: mostWorkers }[subject] ?? Number.POSITIVE_INFINITY
  return Number(number) < most
}

function notAllowed(value: unknown, allowed: string): string {
  return `${shown(value)} is not allowed; allowed: ${allowed}`
}
