import * as z from 'zod'
import { runOrders } from './contract-words.ts'
import type { LiveRunData } from './live-run.ts'
import type { Comparison } from './model/comparison.ts'
import { models, runtimes } from './model/execution-model.ts'
import type { ExperimentDescription } from './model/experiment.ts'
import type { Findings } from './model/findings.ts'
import type { FoundInterpreter } from './model/found-interpreter.ts'
import type { LibraryState, RunFacets, Thinned } from './model/library.ts'
import { metricKeys } from './model/metric.ts'
import { labelSchema, notesSchema, type Plan } from './model/plan.ts'
import { LabError, type LabErrorCode, type Problem, printable, shown } from './model/problem.ts'
import type { RunEvent } from './model/progress.ts'
import { type ConfigurationSummary, type Run, type RunSummary, runStatuses } from './model/run.ts'
import { mostSides, type NamedChart, type RunComparison } from './model/run-comparison.ts'
import { mostTagLength, tagsSchema } from './model/tag.ts'
import type { Trend } from './model/trend.ts'
import type { WorkloadDescription } from './model/workload.ts'
import type { TimelineData } from './timeline.ts'

/*
 * What a screen may ask of the lab, and what it is told: the same over Electron's IPC and over a
 * WebSocket. Plain JSON. Requests are checked by the side that receives them.
 */

export { importPath, type RunOrder, runOrders } from './contract-words.ts'

const nothing = z.strictObject({})
const runId = z.int().positive()
const document = z.unknown()

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

const sides = z
  .array(
    z.strictObject({
      run: runId,
      /** Number of a configuration of that run; null for all of them. */
      configuration: z.int().positive().nullable().default(null),
    }),
  )
  .min(1)
  .max(mostSides)
const acrossMachines = z.boolean().default(false)
const comparisonRequest = z.strictObject({ sides, across_machines: acrossMachines })
export type ComparisonRequest = z.infer<typeof comparisonRequest>

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

const instant = z.iso.datetime()
const interpreterPath = z.string().min(1).max(4096)

const runsQuery = z.strictObject({
  /** Words that are all found in label, notes, tags, workload, runtimes, models, machine or status. */
  search: z.string().max(200).default(''),
  workload: z.string().max(1000).optional(),
  runtime: z.enum(runtimes).optional(),
  model: z.enum(models).optional(),
  machine: z.string().max(1000).optional(),
  status: z.enum(runStatuses).optional(),
  tag: z.string().max(mostTagLength).optional(),
  /** Started at this instant or later, and before that one. */
  from: instant.optional(),
  before: instant.optional(),
  /** Only those of an experiment, by its name. */
  experiment: z.string().max(200).optional(),
  order: z.enum(runOrders).default('started_at'),
  descending: z.boolean().default(true),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(500).default(100),
})
export type RunsQuery = z.infer<typeof runsQuery>

interface Method<Parameters extends z.ZodType, Result> {
  readonly parameters: Parameters
  /** Never there: carries the type of the result. */
  readonly result?: Result
}

function method<Result>() {
  return <P extends z.ZodType>(parameters: P): Method<P, Result> => ({ parameters })
}

const methods = {
  /** What does not change while the lab is open. */
  describe: method<LabDescription>()(nothing),
  /** Begins the stream of events; what is known of a run that is going on comes first. */
  watch: method<null>()(nothing),
  /** A plan checked, and what it will take; never an error for a plan that is wrong. */
  estimate: method<Estimate>()(z.strictObject({ plan: document })),
  start: method<{ readonly runId: number }>()(
    z.strictObject({ plan: document, force: z.boolean().default(false) }),
  ),
  /** Ends the run that is going on; false where there is none. */
  stop: method<boolean>()(nothing),
  runs: method<RunsPage>()(runsQuery),
  run: method<SavedRun>()(z.strictObject({ id: runId })),
  /** A trial over time; with bounds, in ms from the release of the barrier, as finely as it was sampled. */
  timeline: method<SavedTimeline>()(
    z.strictObject({
      trialId: z.int().positive(),
      from_ms: z.number().optional(),
      to_ms: z.number().optional(),
    }),
  ),
  /** What there is to filter the runs by. */
  facets: method<RunFacets>()(nothing),
  /** Changes what a user writes of a run: what is left out stays as it is. */
  edit: method<RunSummary>()(
    z.strictObject({
      id: runId,
      label: labelSchema.optional(),
      notes: notesSchema.optional(),
      tags: tagsSchema.optional(),
      isKept: z.boolean().optional(),
    }),
  ),
  /** Makes a run the one that others of its workload are held against, in place of another; or no longer. */
  setBaseline: method<RunSummary>()(z.strictObject({ id: runId, isBaseline: z.boolean() })),
  /** Puts a run away; `restore` brings it back for 30 days. */
  delete: method<null>()(z.strictObject({ id: runId })),
  restore: method<null>()(z.strictObject({ id: runId })),
  /** Configurations of saved runs beside each other. */
  compare: method<RunComparison>()(comparisonRequest),
  /** One configuration over the runs that executed it. */
  trend: method<Trend>()(
    z.strictObject({
      run: runId,
      configuration: z.int().positive(),
      metric: z.enum(metricKeys).default('throughput_per_s'),
      across_machines: acrossMachines,
    }),
  ),
  /** The charts of a saved run, as they are exported. */
  charts: method<readonly NamedChart[]>()(z.strictObject({ id: runId })),
  /** Hands out a file; while it is written, `export-progress` tells of it. */
  export: method<ExportOutcome>()(exportRequest),
  /** Ends the writing of a file; false where it has ended. */
  cancelExport: method<boolean>()(z.strictObject({ exportId: z.int().positive() })),
  /** Lets the user choose a run's JSON in a native dialog and imports it; null where they did not. Desktop alone: a browser sends it to `importPath`. */
  import: method<ImportOutcome | null>()(nothing),
  /** The database as a whole. */
  library: method<LibraryState>()(nothing),
  setPolicy: method<LibraryState>()(
    z.strictObject({ thin_after_days: z.int().min(1).max(36_500).nullable() }),
  ),
  /** Thins, now, what the policy says. */
  thin: method<Thinned>()(nothing),
  /** Gives the space of what was deleted back to the system. */
  compact: method<LibraryState>()(nothing),
  /** Hands out a copy of the database, while it is in use. */
  backup: method<ExportOutcome>()(nothing),
  /** The Pythons of this machine, the most likely to be meant first, with those that cannot be used and why. */
  interpreters: method<readonly FoundInterpreter[]>()(nothing),
  /** Adds one that is not found by itself: its path, or the folder of its environment. */
  addInterpreter: method<FoundInterpreter>()(z.strictObject({ path: interpreterPath })),
  /** Takes back what was added: the list as it is now. */
  removeInterpreter: method<readonly FoundInterpreter[]>()(
    z.strictObject({ path: interpreterPath }),
  ),
  /** Lets the user choose a plan's file in a native dialog; null where they did not. Desktop alone. */
  openPlan: method<unknown>()(nothing),
  /** Lets the user choose a module of their own in a native dialog: its path; null where they did not. Desktop alone. */
  openModule: method<string | null>()(nothing),
} as const

type Methods = typeof methods
export type MethodName = keyof Methods
/** As it is sent: what has a default may be left out. */
export type ParametersOf<M extends MethodName> = z.input<Methods[M]['parameters']>
/** As it is received. */
export type CheckedParametersOf<M extends MethodName> = z.infer<Methods[M]['parameters']>
export type ResultOf<M extends MethodName> =
  Methods[M] extends Method<z.ZodType, infer Result> ? Result : never

/** What answers the requests: one function for each method. */
export type Handlers = {
  readonly [M in MethodName]: (parameters: CheckedParametersOf<M>) => Promise<ResultOf<M>>
}

export interface LabRequest {
  readonly method: MethodName
  readonly parameters: unknown
}

/**
 * Takes a message that claims to be a request, and checks it.
 *
 * @throws LabError `bad-request`
 */
export function parseRequest(message: unknown): LabRequest {
  const bad = (what: string) => new LabError('bad-request', `request refused: ${what}`)
  if (typeof message !== 'object' || message === null) throw bad(`${shown(message)} is no request`)
  const { method: name, parameters = {} } = message as { method?: unknown; parameters?: unknown }
  if (typeof name !== 'string' || !Object.hasOwn(methods, name)) {
    throw bad(`${shown(name)} is no method; allowed: ${Object.keys(methods).join(', ')}`)
  }
  const result = methods[name as MethodName].parameters.safeParse(parameters)
  if (!result.success) {
    const { path, message: what } = result.error.issues[0] as z.core.$ZodIssue
    throw bad(`${[name, ...path].map(String).join('.')}: ${what}`)
  }
  return { method: name as MethodName, parameters: result.data }
}

/** An error as it crosses a connection. */
export interface ErrorMessage {
  readonly code: LabErrorCode
  readonly message: string
  readonly details: readonly Problem[]
}

export type LabReply = { readonly result: unknown } | { readonly error: ErrorMessage }

export function errorMessage(error: unknown): ErrorMessage {
  if (error instanceof LabError) {
    const { code, message, details } = error
    return { code, message: printable(message), details }
  }
  const what = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message: `Corescope has failed: ${printable(what)}`, details: [] }
}

/** What every watcher is told. */
export type LabEvent =
  /** What is known of the run that is going on, or went on last; null where there was none. */
  | { readonly type: 'present'; readonly run: LiveRunData | null }
  | { readonly type: 'run'; readonly event: RunEvent }
  /** Something has gone wrong that nobody asked for. */
  | { readonly type: 'problem'; readonly error: ErrorMessage }
  /** Saved runs have come, gone or changed. */
  | { readonly type: 'runs-changed' }
  /** A file is being written. */
  | { readonly type: 'export-progress'; readonly progress: ExportProgress }
  /** The user has chosen something in the app's menu. Desktop alone. */
  | { readonly type: 'command'; readonly command: MenuCommand }
  | { readonly type: 'plan-opened'; readonly plan: unknown }

export const menuCommands = [
  'new-comparison',
  'start',
  'stop',
  'show-lab',
  'show-experiments',
  'show-runs',
] as const
export type MenuCommand = (typeof menuCommands)[number]

export interface LabDescription {
  readonly version: string
  readonly shell: 'desktop' | 'web'
  readonly hostname: string
  /** Logical cores that a run may use, and that the machine has. */
  readonly usableCores: number
  readonly cores: number
  readonly cpuModel: string | null
  readonly memoryBytes: number
  readonly nodeVersion: string
  readonly databasePath: string
  readonly workloads: readonly WorkloadDescription[]
  readonly experiments: readonly ExperimentDescription[]
  /** What is run where nothing else is said. */
  readonly defaultPlan: Plan
  readonly samplePlans: readonly SamplePlan[]
}

export interface SamplePlan {
  readonly name: string
  readonly plan: unknown
}

export interface Estimate {
  /** Null where it is wrong; then there are problems. */
  readonly plan: Plan | null
  readonly problems: readonly Problem[]
  /** Null where nothing is known of how long a task takes. */
  readonly time_ms: number | null
  /** How the time was found, or why it was not, in words. */
  readonly timeBasis: string
  /** What the largest trial needs, and what can be had. */
  readonly memory_bytes: number | null
  readonly available_bytes: number
  /** Why it is not thought to fit; null where it fits. */
  readonly doesNotFit: string | null
}

export interface RunsPage {
  readonly total: number
  readonly runs: readonly RunSummary[]
}

export interface SavedRun {
  readonly run: Run
  readonly summaries: readonly ConfigurationSummary[]
  readonly comparison: Comparison
  /** Of an experiment; null of any other run. */
  readonly findings: Findings | null
  /** Logical cores of the machine it was run on. */
  readonly cores: number
}

export interface SavedTimeline {
  readonly timeline: TimelineData
  /** ms from the start of the trial to the release of the barrier; null where it was not reached. */
  readonly releasedMs: number | null
}

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
