import { metricKeys } from '../../../shared/model/metric.ts'
import type { Run } from '../../../shared/model/run.ts'
import type {
  ComparedRunHead,
  ComparedSide,
  RunComparison,
  SidePair,
} from '../../../shared/model/run-comparison.ts'
import type { ReleasedTimeline } from '../../../shared/timeline-lines.ts'
import { type SpokenSide, sentenceOf } from '../comparison-sentence.ts'
import { metricDifference } from '../metric-difference.ts'
import { summarizeRun } from '../statistics.ts'
import { cautionsOf } from './cautions.ts'
import { comparisonCharts } from './charts.ts'
import { refusals } from './refusal.ts'
import type { SavedSide, SidesToCompare } from './sides.ts'
import { whatDiffers } from './what-differs.ts'

/**
 * Saved configurations beside each other. What is refused is in no chart and in no caution.
 *
 * @param timelines by the number of a shown trial
 */
export function compareSides(
  { sides, pairs, unmatched }: SidesToCompare,
  acrossMachines: boolean,
  timelines: ReadonlyMap<number, ReleasedTimeline>,
): RunComparison {
  const compared = pairs.map(([a, b]) => comparePair(sides, a, b, acrossMachines))
  const places = new Set(
    compared.flatMap(({ a, b, refused }) => (refused.length === 0 ? [a, b] : [])),
  )
  const drawn = sides.flatMap((side, place) =>
    places.has(place)
      ? [{ side, place, timeline: (side.shown && timelines.get(side.shown.id)) ?? null }]
      : [],
  )
  const cautions = cautionsOf(
    drawn.map(({ side }) => side),
    acrossMachines,
  )
  return {
    sides: sides.map(describeSide),
    pairs: compared,
    differs: whatDiffers(sides),
    across_machines: acrossMachines,
    cautions: [...unmatched, ...cautions],
    charts: comparisonCharts(drawn),
  }
}

function comparePair(
  sides: readonly SavedSide[],
  a: number,
  b: number,
  acrossMachines: boolean,
): SidePair {
  const pair = [sides[a] as SavedSide, sides[b] as SavedSide] as const
  const refused = refusals(...pair, acrossMachines)
  if (refused.length > 0) return { a, b, refused, differences: [], sentence: null }
  const { plan } = pair[0].run
  const differences = metricKeys.flatMap((metric) => metricDifference(...pair, metric, plan) ?? [])
  const [spokenA, spokenB] = [spoken(pair[0]), spoken(pair[1])]
  return { a, b, refused, differences, sentence: sentenceOf([spokenA, spokenB], differences) }
}

/** By its letter, which tells it from every other. */
function spoken({ letter, name, configuration }: SavedSide): SpokenSide {
  return {
    configuration,
    name: `${letter} (${name})`,
    kind: letter,
    again: letter,
    isPlural: false,
  }
}

function describeSide({
  letter,
  name,
  run,
  configuration,
  counted,
  shown,
}: SavedSide): ComparedSide {
  const [summary] = summarizeRun({ configurations: [configuration], trials: run.trials })
  return {
    letter,
    name,
    run: headOf(run),
    configuration,
    trials: counted.length,
    metrics: summary?.metrics ?? {},
    shownTrialId: shown?.id ?? null,
  }
}

function headOf(run: Run): ComparedRunHead {
  const { id, uid, label, started_at, status, machine, imported_at, is_baseline } = run
  return { id, uid, label, started_at, status, machine, imported_at, is_baseline }
}
