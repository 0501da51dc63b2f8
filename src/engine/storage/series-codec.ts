import type { SampleSeries, SampleSubject, SampleVariable } from '../../shared/model/sample.ts'
import { type SeriesParts, seriesNames } from '../../shared/model/sample.ts'
import { partsOf } from '../../shared/sample-row.ts'
import type { ByteReader, ByteWriter } from './byte-stream.ts'

/*
 * The series of a chunk, by subject and variable:
 *
 *   number of groups | for each: subject | variable | number of runs | for each run: gap, length
 *
 * A run is of consecutive cores, workers or processes; its gap is counted from the end of the run before.
 */

/** What a variable is called in a chunk, never changed, and the digits after the point that are kept of it. */
const kept: Readonly<Record<SampleVariable, { readonly code: number; readonly digits: number }>> = {
  busy: { code: 1, digits: 4 },
  workers_busy: { code: 2, digits: 4 },
  memory_used_bytes: { code: 3, digits: 0 },
  cpu_share: { code: 4, digits: 4 },
  rss_bytes: { code: 5, digits: 0 },
  pss_bytes: { code: 6, digits: 0 },
  uss_bytes: { code: 7, digits: 0 },
  heap_used_bytes: { code: 8, digits: 0 },
  tasks_done: { code: 9, digits: 0 },
  last_core: { code: 10, digits: 0 },
  voluntary_switches: { code: 11, digits: 0 },
  involuntary_switches: { code: 12, digits: 0 },
}

const subjectCodes: Readonly<Record<SampleSubject, number>> = {
  core: 1,
  machine: 2,
  tree: 3,
  host: 4,
  worker: 5,
  process: 6,
}

/** The series of one variable of one kind of subject. */
interface Group {
  readonly subject: SampleSubject
  readonly variable: SampleVariable
  /** In the order of the series; 0 for a subject that has none. */
  readonly numbers: number[]
  readonly digits: number
}

interface Arrangement {
  readonly groups: readonly Group[]
  /** By series: its column where they are in the order of the groups. */
  readonly places: Int32Array
}

const arrangements = new WeakMap<readonly SampleSeries[], Arrangement>()

/** A list of series by subject and variable; within these, the order stays. */
export function arranged(series: readonly SampleSeries[]): Arrangement {
  let arrangement = arrangements.get(series)
  if (arrangement === undefined) {
    arrangement = arrange(partsOf({ series, values: [] }))
    arrangements.set(series, arrangement)
  }
  return arrangement
}

function arrange(parts: readonly SeriesParts[]): Arrangement {
  const groups = new Map<string, Group & { readonly series: number[] }>()
  parts.forEach(({ subject, number, variable }, at) => {
    const key = `${subject}.${variable}`
    let group = groups.get(key)
    if (group === undefined) {
      group = { subject, variable, numbers: [], digits: kept[variable].digits, series: [] }
      groups.set(key, group)
    }
    group.numbers.push(number ?? 0)
    group.series.push(at)
  })
  const places = new Int32Array(parts.length)
  let place = 0
  for (const { series } of groups.values()) for (const at of series) places[at] = place++
  return { groups: [...groups.values()], places }
}

export function writeArrangement(to: ByteWriter, groups: readonly Group[]): void {
  to.varint(groups.length)
  for (const { subject, variable, numbers } of groups) {
    to.byte(subjectCodes[subject])
    to.byte(kept[variable].code)
    const runs = runsOf(numbers)
    to.varint(runs.length)
    let end = 0
    for (const { from, length } of runs) {
      to.signed(from - end)
      to.varint(length)
      end = from + length
    }
  }
}

function runsOf(numbers: readonly number[]): { from: number; length: number }[] {
  const runs: { from: number; length: number }[] = []
  for (const number of numbers) {
    const last = runs.at(-1)
    if (last !== undefined && number === last.from + last.length) last.length++
    else runs.push({ from: number, length: 1 })
  }
  return runs
}

/** More series than any stream has, and more groups than there are. */
const mostSeries = 1_000_000
const mostGroups = 255

/** @throws Error where it is none that `writeArrangement` wrote */
export function readArrangement(from: ByteReader): { readonly series: readonly SampleSeries[] }[] {
  const count = from.varint()
  if (count > mostGroups) throw new Error('it has too many variables')
  let left = mostSeries
  return Array.from({ length: count }, () => {
    const nameOf = namesOf(from.byte(), from.byte())
    const series: SampleSeries[] = []
    let end = 0
    for (let runs = from.varint(); runs > 0; runs--) {
      end += from.signed()
      const length = from.varint()
      left -= length
      if (left < 0) throw new Error('it has too many series')
      for (let at = 0; at < length; at++) series.push(nameOf(end++))
    }
    return { series }
  })
}

const namers = new Map<string, (number: number) => SampleSeries>()

/** Names the series of a subject and a variable by number. */
function namesOf(subjectCode: number, variableCode: number): (number: number) => SampleSeries {
  const key = `${subjectCode}.${variableCode}`
  let namer = namers.get(key)
  if (namer === undefined) {
    namer = namerOf(subjectCode, variableCode)
    namers.set(key, namer)
  }
  return namer
}

function namerOf(subjectCode: number, variableCode: number): (number: number) => SampleSeries {
  const subjects = Object.keys(subjectCodes) as SampleSubject[]
  const subject = subjects.find((each) => subjectCodes[each] === subjectCode)
  const variables = Object.keys(kept) as SampleVariable[]
  const variable = variables.find((each) => kept[each].code === variableCode)
  if (subject === undefined || variable === undefined) throw new Error('it has an unknown series')
  if (subject === 'core' || subject === 'worker' || subject === 'process') {
    return seriesNames(subject, variable)
  }
  return () => `${subject}.${variable}`
}
