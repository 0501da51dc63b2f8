import type { Model } from './execution-model.ts'

/* Charts as plain data: drawn by the screen on a canvas, by the reports as SVG, from the same figures. */

export type Chart = CurveChart | BarChart | PanelChart | LineChart | DotChart | HeatChart

export interface Axis {
  readonly label: string
  /** As it is written after a value; empty where there is none. */
  readonly unit: string
  readonly scale: 'linear' | 'logarithmic'
  /** Values are bytes and shown as KiB, MiB …, milliseconds and shown as µs, ms, s …, or shown as they are: 37 is 37 per cent. */
  readonly quantity: 'number' | 'bytes' | 'milliseconds' | 'percent'
}

/** Curves over a common axis: each a series of measured points, and perhaps the law fitted to them. */
export interface CurveChart {
  readonly kind: 'curves'
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly CurveSeries[]
  /** Places worth naming: a crossing, a best number. */
  readonly marks: readonly { readonly x: number; readonly label: string }[]
}

export interface CurveSeries {
  readonly name: string
  /** Whose colour it takes; null for one of neither model. */
  readonly model: Model | null
  readonly points: readonly CurvePoint[]
  /** Shows what would be, not what was measured: drawn dashed, without marks at its points. */
  readonly isReference: boolean
}

export interface CurvePoint {
  readonly x: number
  readonly y: number
  /** 95 % interval; null where there is none. */
  readonly low: number | null
  readonly high: number | null
}

/** Bars that are stacked of parts. */
export interface BarChart {
  readonly kind: 'bars'
  readonly title: string
  readonly value: Axis
  /** Names of the parts, from the axis outwards; a single one where nothing is stacked. */
  readonly parts: readonly string[]
  readonly bars: readonly Bar[]
}

export interface Bar {
  readonly name: string
  readonly model: Model | null
  /** One for each part; null where it was not measured. */
  readonly values: readonly (number | null)[]
}

/** Small bars beside each other: the same rows in a grid of panels, each with a measure of its own. */
export interface PanelChart {
  readonly kind: 'panels'
  readonly title: string
  /** Heads of the columns of panels. */
  readonly columns: readonly string[]
  /** What each panel has a bar for, from the top. */
  readonly groups: readonly {
    readonly name: string
    readonly bars: readonly { readonly name: string; readonly model: Model | null }[]
  }[]
  readonly rows: readonly PanelRow[]
}

export interface PanelRow {
  readonly value: Axis
  /** Whether a length is the same value in all of its panels. */
  readonly isShared: boolean
  /** One for each column. */
  readonly panels: readonly Panel[]
}

export interface Panel {
  /** One for each bar, group after group; null where it was not measured. */
  readonly values: readonly (number | null)[]
  /** A value that bars are held against; null where there is none. */
  readonly mark: { readonly value: number; readonly label: string } | null
}

/** Figures over time, aligned at a common zero: many points, drawn as lines without marks. */
export interface LineChart {
  readonly kind: 'lines'
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly lines: readonly Line[]
}

export interface Line {
  readonly name: string
  readonly model: Model | null
  /** Which of the compared sides it is, from 0: lines of one model are told apart by it; null where there are no sides. */
  readonly side: number | null
  readonly x: readonly number[]
  /** Null where nothing was read. */
  readonly y: readonly (number | null)[]
  /** Least and largest behind each point, where a point stands for several readings; null where it stands for one. */
  readonly low: readonly (number | null)[] | null
  readonly high: readonly (number | null)[] | null
}

/** Distributions: each trial a dot, with the median of its group and the interval of that. */
export interface DotChart {
  readonly kind: 'dots'
  readonly title: string
  readonly value: Axis
  readonly groups: readonly DotGroup[]
}

export interface DotGroup {
  readonly name: string
  readonly model: Model | null
  readonly side: number | null
  readonly dots: readonly { readonly value: number; readonly isOutlier: boolean }[]
  /** Null where there is no dot. */
  readonly median: number | null
  /** 95 % interval of the median; null where there are too few dots for one. */
  readonly low: number | null
  readonly high: number | null
}

/** Shares, 0 to 1, by row and time: which core was busy when. */
export interface HeatChart {
  readonly kind: 'heat'
  readonly title: string
  readonly x: Axis
  /** Where the slots begin, in the order of time; the last ends at `end`. */
  readonly slots: readonly number[]
  readonly end: number
  readonly rows: readonly {
    readonly name: string
    /** One for each slot; null where it was not read. */
    readonly shares: readonly (number | null)[]
    /** The part of it that is the trial's own workers'; null where that is not known. */
    readonly ownShares: readonly (number | null)[] | null
  }[]
}
