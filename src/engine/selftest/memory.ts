import { formatConfiguration } from '../../shared/format.ts'
import type { PlanDocument } from '../../shared/model/plan.ts'
import type { Configuration, Run } from '../../shared/model/run.ts'
import type { MemoryReading, SelfTestPart } from '../../shared/model/self-test.ts'
import { countedTrials, summarize } from '../analysis/statistics.ts'
import { missing } from './missing.ts'
import type { RunToMake } from './run-to-make.ts'

const MiB = 1024 * 1024
/** What a worker holds in the trials that are compared: a known amount, and hardly anything. */
const largeMiB = 64
const smallMiB = 1
const repeat = 5
const farthest = 0.03

const figures = {
  peak_rss_bytes: 'resident memory (RSS)',
  peak_pss_bytes: 'proportional memory (PSS)',
  peak_uss_bytes: 'private memory (USS)',
} as const
type MemoryFigure = keyof typeof figures

export function memoryRun(): RunToMake {
  const document: PlanDocument = {
    workload: 'allocate',
    parameters: { size_mib: largeMiB },
    models: ['threads', 'processes'],
    workers: [1, 2],
    duration_s: 0.25,
    repeat,
    warmup: 0,
    label: `self-test: workers that hold ${largeMiB} MiB, and ${smallMiB} MiB`,
    notes: 'What the reading of memory rises by between the two is known beforehand.',
  }
  const crews = [
    { model: 'threads', workers: 1 },
    { model: 'processes', workers: 1 },
    { model: 'processes', workers: 2 },
  ] as const
  return {
    what: 'memory',
    document,
    trials: repeat,
    configurations: crews.flatMap((crew) =>
      [smallMiB, largeMiB].map((size_mib) => ({
        ...crew,
        workload: 'allocate',
        parameters: { size_mib },
        runtime: 'node',
        interpreter: null,
        variant: null,
        scheduling: 'static',
      })),
    ),
  }
}

/** What each figure of memory says of it. */
export function memoryParts(run: Pick<Run, 'configurations' | 'trials'>): SelfTestPart[] {
  return (Object.keys(figures) as MemoryFigure[]).map((figure) => memoryPart(figure, run))
}

function memoryPart(
  figure: MemoryFigure,
  run: Pick<Run, 'configurations' | 'trials'>,
): SelfTestPart {
  const kind = { figure, contest: 'held', how: 'recorded', unit: 'ratio' } as const
  const asked = `${figures[figure]} rises by what workers hold, within 3 %`
  const crews = [
    ...Map.groupBy(run.configurations, (configuration) => formatConfiguration(configuration)),
  ]
  const hasFigure = run.trials.some(({ metrics }) => typeof metrics[figure] === 'number')
  if (!hasFigure && run.trials.some(({ status }) => status === 'done')) {
    return { ...missing(kind, asked, 'not available here'), ok: null }
  }
  const readings = crews.flatMap(([, sizes]) => readingOf(run, sizes, figure) ?? [])
  if (readings.length < crews.length) {
    return missing(kind, asked, 'not every configuration has a trial that could be read')
  }
  const ratios = readings.map((reading) => reading.read_bytes / reading.held_bytes)
  const worst = ratios.reduce((most, ratio) =>
    Math.abs(ratio - 1) > Math.abs(most - 1) ? ratio : most,
  )
  const of = readings[ratios.indexOf(worst)] as MemoryReading
  return {
    ...kind,
    asked,
    measured: worst,
    interval: {
      low: of.lowest_bytes / of.held_bytes,
      high: of.highest_bytes / of.held_bytes,
      kind: 'range',
    },
    ok: Math.abs(worst - 1) <= farthest,
    found: `read over held, median of the rounds; ${of.configuration}, the farthest off`,
    readings,
  }
}

/**
 * By how much a figure rises from the trial with little memory to the one with much in the same round:
 * what a host and its workers weigh beside is in both, and what other programs share with them changes
 * little in between.
 *
 * @param sizes the two configurations, in any order
 * @returns null where no round has both
 */
function readingOf(
  run: Pick<Run, 'trials'>,
  sizes: readonly Configuration[],
  figure: MemoryFigure,
): MemoryReading | null {
  const [small, large] = sizes.toSorted((one, other) => sizeOf(one) - sizeOf(other))
  if (small === undefined || large === undefined) return null
  const before = new Map(
    countedTrials(run, small).map(({ index, metrics }) => [index, metrics[figure]]),
  )
  const rises = countedTrials(run, large).flatMap(({ index, metrics }) => {
    const [from, to] = [before.get(index), metrics[figure]]
    return typeof from === 'number' && typeof to === 'number' ? [to - from] : []
  })
  const summary = summarize(rises, 'bytes')
  if (summary === null) return null
  return {
    configuration: formatConfiguration(large),
    held_bytes: large.workers * (sizeOf(large) - sizeOf(small)) * MiB,
    read_bytes: summary.median,
    lowest_bytes: Math.min(...rises),
    highest_bytes: Math.max(...rises),
  }
}

function sizeOf({ parameters }: Configuration): number {
  return parameters.size_mib as number
}
