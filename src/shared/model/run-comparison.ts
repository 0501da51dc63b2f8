import type { Chart } from './chart.ts'
import type { Difference } from './comparison.ts'
import type { MetricKey, MetricSummary } from './metric.ts'
import type { Configuration, RunSummary } from './run.ts'

/* Any configurations of saved runs beside each other, of one run or of several. */

/** At most so many configurations beside each other: more cannot be told apart on a screen. */
export const mostSides = 12

/** What is to be compared: a configuration, or all of a run where it is null. */
export interface SideReference {
  readonly run: number
  readonly configuration: number | null
}

/** A run as a comparison names it. */
export type ComparedRunHead = Pick<
  RunSummary,
  'id' | 'uid' | 'label' | 'started_at' | 'status' | 'machine' | 'imported_at' | 'is_baseline'
>

/** One configuration of one run. */
export interface ComparedSide {
  /** A, B, C …, AA: the first is what the others are compared with. */
  readonly letter: string
  /** What it is, told apart from the other sides: "run 12, threads with 4 workers". */
  readonly name: string
  readonly run: ComparedRunHead
  readonly configuration: Configuration
  /** Trials that count. */
  readonly trials: number
  readonly metrics: Readonly<Partial<Record<MetricKey, MetricSummary>>>
  /** The trial that stands for it in the overlays: of those that count, the one of the median throughput; null where none counts. */
  readonly shownTrialId: number | null
}

/** How a figure of `b` differs from that of `a`. Its verdict is null where neither more nor less is better. */
export interface MetricDifference extends Difference {
  readonly metric: MetricKey
  readonly trials: readonly [a: number, b: number]
}

/** A pair that is compared, or not, and then why. */
export interface SidePair {
  /** Indexes into the sides. */
  readonly a: number
  readonly b: number
  /** Why it is refused; empty where it is not. */
  readonly refused: readonly string[]
  /** In the order of the metrics; empty where it is refused. */
  readonly differences: readonly MetricDifference[]
  /** What the figures say; null where there is nothing to say. */
  readonly sentence: string | null
}

/** Something that is not the same on all sides. */
export interface WhatDiffers {
  readonly about: 'plan' | 'configuration' | 'environment'
  readonly name: string
  /** One for each side; null where it is not known. */
  readonly values: readonly (string | null)[]
}

export interface RunComparison {
  readonly sides: readonly ComparedSide[]
  readonly pairs: readonly SidePair[]
  readonly differs: readonly WhatDiffers[]
  /** The machine is one of the things that are compared: runs of different ones are not refused. */
  readonly across_machines: boolean
  /** What makes its figures less sure, each with the side that it is about. */
  readonly cautions: readonly string[]
  /** Overlays from the release of the barrier (cores, memory, throughput), then a distribution for each metric that has one. */
  readonly charts: readonly NamedChart[]
}

/** A chart under a name by which it can be asked for: small letters, digits and hyphens. */
export interface NamedChart {
  readonly name: string
  readonly chart: Chart
}
