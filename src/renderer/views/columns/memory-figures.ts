import { median } from 'simple-statistics'
import { formatBytes, formatRatio } from '../../../shared/format.ts'
import { type Model, modelTraits } from '../../../shared/model/execution-model.ts'
import { countedOf, type MemoryMeasure, memoryMeasures, type Tally } from '../../../shared/tally.ts'

/** A model with what is known of its trials. */
export interface MemorySide {
  readonly model: Model
  readonly workers: number
  readonly tally: Tally
}

type Figures = Readonly<Record<MemoryMeasure, number | null>>

/** The memory of a model, in bytes: medians over its trials that count; null where there is none. */
export interface MemoryRow {
  readonly model: Model
  readonly workers: number
  /** Trials that count. */
  readonly trials: number
  readonly peak: Figures
  /** (peak − the host alone before its workers) / workers. */
  readonly perWorker: Figures
}

export function memoryRows(sides: readonly MemorySide[]): MemoryRow[] {
  return sides.map(({ model, workers, tally }) => ({
    model,
    workers,
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
  readonly peak: Figures
  readonly perWorker: Figures
}

/** Null where the two are not both there. */
export function memoryRatios(rows: readonly MemoryRow[]): MemoryRatios | null {
  const threads = rows.find(({ model }) => model === 'threads')
  const processes = rows.find(({ model }) => model === 'processes')
  if (threads === undefined || processes === undefined) return null
  const over = (what: 'peak' | 'perWorker') =>
    figures((measure) => ratio(processes[what][measure], threads[what][measure]))
  return { peak: over('peak'), perWorker: over('perWorker') }
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
  const { rss = null, pss = null } = memoryRatios(measured)?.perWorker ?? {}
  if (rss !== null && pss !== null) {
    return `Here RSS says that a worker process takes ${formatRatio(rss)} the memory of a thread, PSS says ${formatRatio(pss)}.`
  }
  if (!known && rss !== null) {
    return `PSS and USS are not available here; by RSS alone a worker process takes ${formatRatio(rss)} the memory of a thread, more than it really does.`
  }
  if (!known) return 'PSS and USS are not available here.'
  const own =
    measured.find(({ model, peak }) => modelTraits[model].separateProcesses && peak.pss !== null) ??
    measured.find(({ peak }) => peak.pss !== null)
  if (own === undefined) return ''
  const { peak, model } = own
  const { startsWorkers, workers } = modelTraits[model]
  const who = startsWorkers ? `the ${workers}` : 'inline work'
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
