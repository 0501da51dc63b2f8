import { median } from 'simple-statistics'
import { formatBytes, formatRatio } from '../../../shared/format.ts'
import { type Family, type Model, modelTraits } from '../../../shared/model/execution-model.ts'
import type { Configuration } from '../../../shared/model/run.ts'
import { countedOf, type MemoryMeasure, memoryMeasures, type Tally } from '../../../shared/tally.ts'

/** A way to execute, with what is known of its trials. */
export interface MemorySide {
  readonly key: string
  /** As its column is called. */
  readonly words: string
  /** Who executes it; null in a run of Node alone. */
  readonly executor: string | null
  readonly model: Model
  readonly configuration: Pick<Configuration, 'workers'>
  readonly tally: Tally
}

type Figures = Readonly<Record<MemoryMeasure, number | null>>

/** The memory of a way to execute, in bytes: medians over its trials that count; null where there is none. */
export interface MemoryRow extends Pick<MemorySide, 'key' | 'words' | 'executor' | 'model'> {
  /** Trials that count. */
  readonly trials: number
  readonly peak: Figures
  /** (peak − the host alone before its workers) / workers. */
  readonly perWorker: Figures
}

export function memoryRows(sides: readonly MemorySide[]): MemoryRow[] {
  return sides.map(({ key, words, executor, model, configuration: { workers }, tally }) => ({
    key,
    words,
    executor,
    model,
    trials: countedOf(tally),
    peak: figures((measure) => medianOrNull(tally.memory[measure].peaks)),
    perWorker: figures((measure) => {
      const growth = medianOrNull(tally.memory[measure].growths)
      return growth === null ? null : growth / workers
    }),
  }))
}

/** Processes over threads, by each measure; null where either is not known, or not above 0. */
export interface MemoryRatios {
  readonly executor: string | null
  readonly peak: Figures
  readonly perWorker: Figures
}

/** Of each executor that has both; none where nobody has. */
export function memoryRatios(rows: readonly MemoryRow[]): readonly MemoryRatios[] {
  return [...Map.groupBy(rows, ({ executor }) => executor)].flatMap(([executor, own]) => {
    const threads = ofFamily(own, 'threads')
    const processes = ofFamily(own, 'processes')
    if (threads === undefined || processes === undefined) return []
    const over = (what: 'peak' | 'perWorker') =>
      figures((measure) => ratio(processes[what][measure], threads[what][measure]))
    return [{ executor, peak: over('peak'), perWorker: over('perWorker') }]
  })
}

/** The plain one, else the first of its kind: a pool has threads, or processes, as well. */
function ofFamily(rows: readonly MemoryRow[], family: Family): MemoryRow | undefined {
  return (
    rows.find(({ model }) => model === family) ??
    rows.find(({ model }) => modelTraits[model].family === family)
  )
}

/** Why the three differ, and by how much they do here. */
export function memorySentences(rows: readonly MemoryRow[]): readonly [why: string, here: string] {
  return [
    'RSS counts a page that several processes share once for each of them; PSS splits it among them, which makes it the figure to compare by; USS is what nobody else shares: what ending the workers would give back.',
    here(rows),
  ]
}

function here(rows: readonly MemoryRow[]): string {
  const measured = rows.filter(({ peak }) => peak.rss !== null)
  if (measured.length === 0) return 'The figures come with the first trial that counts.'
  const known = measured.some(({ peak }) => peak.pss !== null)
  const sentences = memoryRatios(measured).flatMap(({ executor, perWorker: { rss, pss } }) => {
    const where = executor === null ? 'Here' : `In ${executor}`
    if (rss !== null && pss !== null) {
      return `${where} RSS says that a worker process takes ${formatRatio(rss)} the memory of a thread, PSS says ${formatRatio(pss)}.`
    }
    if (known || rss === null) return []
    const by = executor === null ? 'by RSS alone' : `in ${executor} by RSS alone`
    return `PSS and USS are not available here; ${by} a worker process takes ${formatRatio(rss)} the memory of a thread, more than it really does.`
  })
  if (sentences.length > 0) return sentences.join(' ')
  if (!known) return 'PSS and USS are not available here.'
  const own =
    measured.find(({ model, peak }) => modelTraits[model].separateProcesses && peak.pss !== null) ??
    measured.find(({ peak }) => peak.pss !== null)
  if (own === undefined) return ''
  const { peak, model, executor } = own
  const { startsWorkers, workers } = modelTraits[model]
  const what = startsWorkers ? `the ${workers}` : 'inline work'
  const who = executor === null ? what : `${what} of ${executor}`
  return `Here RSS says that ${who} took ${formatBytes(Number(peak.rss))} at most, PSS says ${formatBytes(Number(peak.pss))}.`
}

/** Largest of the figures of all rows: what the bars are drawn against; 0 where there is none. */
export function largestOf(rows: readonly MemoryRow[], what: 'peak' | 'perWorker'): number {
  const values = rows.flatMap((row) => memoryMeasures.map((measure) => row[what][measure] ?? 0))
  return Math.max(0, ...values)
}

function figures(of: (measure: MemoryMeasure) => number | null): Figures {
  return { rss: of('rss'), pss: of('pss'), uss: of('uss') }
}

function medianOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : median([...values])
}

function ratio(b: number | null, a: number | null): number | null {
  return a === null || b === null || a <= 0 || b <= 0 ? null : b / a
}
