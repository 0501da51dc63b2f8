import * as z from 'zod'
import type { NamedChart } from '../model/run-comparison.ts'
import { comparisonRequest } from './comparing.ts'
import { method, nothing, runId } from './method.ts'

/** What is written of a run, by the name of its file. */
export const runForms = [
  'trials.csv',
  'workers.csv',
  'samples.csv',
  'observations.csv',
  'comparison.csv',
  'run.json',
  'report.md',
  'report.html',
  'trace.json',
  'hyperfine.json',
  'chart.svg',
  'chart.png',
] as const
/** What is written of a comparison of saved configurations. */
export const comparisonForms = [
  'comparison.csv',
  'comparison.json',
  'report.md',
  'report.html',
  'chart.svg',
  'chart.png',
] as const
export const exportForms = [...runForms, 'comparison.json'] as const
export type ExportForm = (typeof exportForms)[number]

/** What is exported: of which runs, in which form. */
const exportRequest = z.strictObject({
  of: z.union([z.strictObject({ run: runId }), comparisonRequest]),
  form: z.enum(exportForms),
  /** Name of the chart, where the form is one. */
  chart: z.string().max(200).optional(),
  /** Of a chart; a report has both. */
  theme: z.enum(['light', 'dark']).default('light'),
})
export type ExportRequest = z.infer<typeof exportRequest>

/** What goes out as a file, and what comes in. */
export const exchangeMethods = {
  /** The charts of a saved run, as they are exported. */
  charts: method<readonly NamedChart[]>()(z.strictObject({ id: runId })),
  /** Hands out a file; while it is written, `export-progress` tells of it. */
  export: method<ExportOutcome>()(exportRequest),
  /** Ends the writing of a file; false where it has ended. */
  cancelExport: method<boolean>()(z.strictObject({ exportId: z.int().positive() })),
  /** Lets the user choose a run's JSON in a native dialog and imports it; null where they did not. Desktop alone: a browser sends it to `importPath`. */
  import: method<ImportOutcome | null>()(nothing),
} as const

export interface ExportProgress {
  readonly exportId: number
  /** Name of the file. */
  readonly name: string
  /** 0–1; null while it is not known how much there is. */
  readonly share: number | null
  /** `failed` and `cancelled` have left nothing behind. */
  readonly state: 'running' | 'done' | 'failed' | 'cancelled'
}

/** A run that was imported, or was here already. */
export interface ImportOutcome {
  readonly id: number
  readonly isNew: boolean
}

export type ExportOutcome =
  | { readonly kind: 'saved'; readonly path: string }
  | { readonly kind: 'cancelled' }
  /** To be downloaded from the web shell. */
  | { readonly kind: 'download'; readonly url: string }
