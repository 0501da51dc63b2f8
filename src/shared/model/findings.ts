import type { Model } from './execution-model.ts'

/*
 * What an experiment has shown, as plain data: made from the run's trials alone, so that a saved run says
 * the same as the live one, and drawn by the same few parts wherever it is shown.
 */

export interface Findings {
  /** What follows from the figures of this machine, in words, the most important first. */
  readonly sentences: readonly string[]
  readonly charts: readonly Chart[]
  readonly tables: readonly FindingTable[]
  /** What makes them less sure, or why something could not be said. */
  readonly cautions: readonly string[]
}

export const nothingFound: Findings = { sentences: [], charts: [], tables: [], cautions: [] }

export type Chart = CurveChart | BarChart

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

/** Cells are texts that are shown as they are; the first column names the row. */
export interface FindingTable {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly TableCell[])[]
}

export interface TableCell {
  readonly text: string
  /** How it is to be taken: what survived, what was lost. */
  readonly tone: 'plain' | 'good' | 'bad'
}

export function cell(text: string, tone: TableCell['tone'] = 'plain'): TableCell {
  return { text, tone }
}
