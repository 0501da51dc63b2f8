import type { comparisonForms, ExportForm, runForms } from '../shared/contract.ts'

/* What `--format` may be, and the form that it stands for: apart from what writes them, as the list of all commands needs no more. */

const ofBoth = {
  markdown: 'report.md',
  html: 'report.html',
  png: 'chart.png',
  svg: 'chart.svg',
} as const satisfies Readonly<Record<string, ExportForm>>

/** Of a run, in one file each. */
export const runFormats = {
  json: 'run.json',
  ...ofBoth,
  trace: 'trace.json',
  hyperfine: 'hyperfine.json',
} as const satisfies Readonly<Record<string, (typeof runForms)[number]>>

export const comparisonFormats = {
  csv: 'comparison.csv',
  json: 'comparison.json',
  ...ofBoth,
} as const satisfies Readonly<Record<string, (typeof comparisonForms)[number]>>
