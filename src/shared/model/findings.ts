import type { BarChart, CurveChart, PanelChart } from './chart.ts'

/*
 * What an experiment has shown, as plain data: made from the run's trials alone, so that a saved run says
 * the same as the live one, and drawn by the same few parts wherever it is shown.
 */

export interface Findings {
  /** What follows from the figures of this machine, in words, the most important first. */
  readonly sentences: readonly string[]
  readonly charts: readonly FindingChart[]
  readonly tables: readonly FindingTable[]
  /** What makes them less sure, or why something could not be said. */
  readonly cautions: readonly string[]
}

export type FindingChart = CurveChart | BarChart | PanelChart

export const nothingFound: Findings = { sentences: [], charts: [], tables: [], cautions: [] }

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
