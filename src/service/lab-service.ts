import { readdirSync, readFileSync } from 'node:fs'
import os from 'node:os'
import { basename, join } from 'node:path'
import type { Lab, StartedRun } from '../engine/lab.ts'
import {
  type CheckedParametersOf,
  type ExportOutcome,
  type ExportRequest,
  errorMessage,
  type Handlers,
  type ImportOutcome,
  type LabDescription,
  type LabEvent,
  type LabReply,
  type MethodName,
  parseRequest,
  type SamplePlan,
} from '../shared/contract.ts'
import { LiveRun } from '../shared/live-run.ts'
import { LabError } from '../shared/model/problem.ts'
import type { RunEvent } from '../shared/model/progress.ts'
import { Exports, type RunningExport } from './exports.ts'

/** What a shell does in its own way. */
export interface ShellParts {
  readonly shell: LabDescription['shell']
  readonly version: string
  /** Folder of the sample plans. */
  readonly plansFolder: string
  /** Hands something of the saved runs to the user, as a file. */
  exportFile(
    request: ExportRequest,
    fileName: string,
    begin: () => RunningExport,
  ): Promise<ExportOutcome>
  /** Lets the user choose a run's JSON and imports it; null where they did not, or the shell cannot. */
  importRun(): Promise<ImportOutcome | null>
  /** Hands a copy of the database to the user, as a file. */
  backup(): Promise<ExportOutcome>
  /** Lets the user choose a plan's file; null where they did not, or the shell cannot. */
  openPlan(): Promise<unknown>
  /** Lets the user choose a module of their own; null where they did not. */
  openModule(): Promise<string | null>
}

/** One who watches: a window, a tab. */
export interface Watcher {
  tell(event: LabEvent): void
}

/** Slots of the timelines that one who comes late is sent. */
const liveSlots = 2048

/** When the library is tidied, in ms: the start belongs to the user. */
const beforeTidyingMs = 15_000
const betweenTidyingsMs = 6 * 3_600_000

/**
 * Answers the contract's requests and tells its events, whatever carries them. One run at a time; all
 * watchers see the same.
 */
export class LabService {
  readonly #lab: Lab
  readonly #parts: ShellParts
  readonly #watchers = new Set<Watcher>()
  #description: Promise<LabDescription> | undefined
  #present: LiveRun | null = null
  #started: StartedRun | null = null
  #starting: Promise<StartedRun> | null = null
  #isClosing = false
  #tidying: NodeJS.Timeout | null = null

  constructor(lab: Lab, parts: ShellParts) {
    this.#lab = lab
    this.#parts = parts
  }

  /** Files that are being written. */
  readonly exports = new Exports((progress) => this.tellAll({ type: 'export-progress', progress }))

  /** Whether a run is going on. */
  get isRunning(): boolean {
    return this.#started !== null || this.#starting !== null
  }

  /**
   * Answers a message that claims to be a request. Never rejects: what goes wrong is an answer.
   *
   * @param watcher who asks, and is told events once it has asked to watch
   */
  async answer(message: unknown, watcher: Watcher): Promise<LabReply> {
    try {
      const { method, parameters } = parseRequest(message)
      return { result: await this.#perform(method, parameters, watcher) }
    } catch (error) {
      return { error: errorMessage(error) }
    }
  }

  /** Brings in a run's JSON, and tells everybody. */
  import(source: AsyncIterable<unknown>, name: string): Promise<ImportOutcome> {
    return this.#changing(this.#lab.exchange.import(source, name))
  }

  /** The watcher is gone. */
  forget(watcher: Watcher): void {
    this.#watchers.delete(watcher)
  }

  tellAll(event: LabEvent): void {
    for (const watcher of this.#watchers) watcher.tell(event)
  }

  /** Ends the run that is going on, for good, and keeps what was measured. Starts no other. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.exports.cancelAll()
    if (this.#tidying !== null) clearTimeout(this.#tidying)
    await this.#starting?.catch(() => {})
    this.#started?.stop()
    await this.#started?.finished
  }

  #perform(method: MethodName, parameters: unknown, watcher: Watcher): Promise<unknown> {
    const handlers: Handlers = {
      describe: () => {
        // What has failed is tried again the next time.
        this.#description ??= this.#describe().catch((error: unknown) => {
          this.#description = undefined
          throw error
        })
        return this.#description
      },
      watch: async () => {
        watcher.tell({ type: 'present', run: this.#present?.toData() ?? null })
        this.#watchers.add(watcher)
        this.#keepTidy()
        return null
      },
      estimate: ({ plan }) => this.#lab.estimate(plan),
      start: (wanted) => this.#start(wanted),
      stop: async () => {
        // Asked for in the same breath as the start, it is meant for that run.
        await this.#starting?.catch(() => {})
        this.#started?.stop()
        return this.#started !== null
      },
      runs: (query) => this.#lab.library.page(query),
      run: async ({ id }) => {
        const run = await this.#lab.saved.run(id)
        const [summaries, comparison, findings] = await Promise.all([
          this.#lab.saved.summarize(run),
          this.#lab.saved.compare(run),
          this.#lab.saved.findings(run),
        ])
        const cores = run.environment?.logical_cores ?? os.cpus().length
        return { run, summaries, comparison, findings, cores }
      },
      timeline: ({ trialId, ...bounds }) => this.#lab.saved.timeline(trialId, bounds),
      facets: () => this.#lab.library.facets(),
      edit: ({ id, ...edit }) => this.#changing(this.#lab.library.edit(id, edit)),
      setBaseline: ({ id, isBaseline }) =>
        this.#changing(this.#lab.library.setBaseline(id, isBaseline)),
      delete: async ({ id }) => {
        await this.#changing(this.#lab.library.putAway(id))
        return null
      },
      restore: async ({ id }) => {
        await this.#changing(this.#lab.library.bringBack(id))
        return null
      },
      compare: ({ sides, across_machines }) =>
        this.#lab.comparisons.between(sides, across_machines),
      trend: ({ metric, across_machines, ...side }) =>
        this.#lab.comparisons.trend(side, metric, across_machines),
      charts: async ({ id }) => this.#lab.exchange.charts(await this.#lab.saved.run(id)),
      export: async (request) => {
        if ('run' in request.of) await this.#lab.saved.run(request.of.run)
        const name = exportFileName(request)
        return this.#parts.exportFile(request, name, () => this.exports.begin(name))
      },
      cancelExport: async ({ exportId }) => this.exports.cancel(exportId),
      import: () => this.#parts.importRun(),
      library: () => this.#lab.library.state(),
      setPolicy: async (policy) => {
        await this.#lab.library.setPolicy(policy)
        return this.#lab.library.state()
      },
      thin: () => this.#changing(this.#lab.library.thin()),
      compact: async () => {
        await this.#changing(this.#lab.library.compact())
        return this.#lab.library.state()
      },
      backup: () => this.#parts.backup(),
      interpreters: () => this.#lab.interpreters.list(),
      addInterpreter: ({ path }) => this.#lab.interpreters.add(path),
      removeInterpreter: async ({ path }) => {
        await this.#lab.interpreters.remove(path)
        return this.#lab.interpreters.list()
      },
      openPlan: () => this.#parts.openPlan(),
      openModule: () => this.#parts.openModule(),
    }
    const handler = handlers[method] as (checked: unknown) => Promise<unknown>
    return handler(parameters)
  }

  /** Tidies the library in quiet moments: some time after the start, and again while the app stays open. */
  #keepTidy(): void {
    if (this.#tidying !== null || this.#isClosing) return
    const tidy = async () => {
      const isQuiet = () => !this.isRunning && !this.#isClosing
      // What goes wrong is nothing that anybody has asked for; it is tried again.
      const hasChanged = isQuiet() && (await this.#lab.library.tidy(isQuiet).catch(() => false))
      if (hasChanged) this.tellAll({ type: 'runs-changed' })
      if (!this.#isClosing) this.#tidying = setTimeout(tidy, betweenTidyingsMs).unref()
    }
    this.#tidying = setTimeout(tidy, beforeTidyingMs).unref()
  }

  /** Tells everybody when something has been changed. */
  async #changing<T>(change: Promise<T>): Promise<T> {
    const result = await change
    this.tellAll({ type: 'runs-changed' })
    return result
  }

  async #start({ plan: document, force }: CheckedParametersOf<'start'>) {
    if (this.isRunning || this.#isClosing) {
      throw new LabError('busy', 'a run is going on already; watch it, or stop it first')
    }
    this.#starting = this.#begin(document, force)
    try {
      this.#started = await this.#starting
    } finally {
      this.#starting = null
    }
    const { id, finished } = this.#started
    void finished.then(({ storageFailure }) => {
      this.#started = null
      if (storageFailure !== null) {
        this.tellAll({ type: 'problem', error: errorMessage(storageFailure) })
      }
      this.tellAll({ type: 'runs-changed' })
    })
    return { runId: id }
  }

  async #begin(document: unknown, force: boolean): Promise<StartedRun> {
    const plan = await this.#lab.checkPlan(document)
    return this.#lab.start(plan, { force, announce: (event) => this.#hear(event) })
  }

  #hear(event: RunEvent): void {
    if (event.type === 'run-started') {
      this.#present = new LiveRun(event, liveSlots)
      this.tellAll({ type: 'present', run: this.#present.toData() })
      this.tellAll({ type: 'runs-changed' })
      return
    }
    this.#present?.hear(event)
    this.tellAll({ type: 'run', event })
  }

  async #describe(): Promise<LabDescription> {
    const { shell, version, plansFolder } = this.#parts
    return {
      version,
      shell,
      hostname: os.hostname(),
      usableCores: os.availableParallelism(),
      cores: os.cpus().length,
      cpuModel: os.cpus()[0]?.model ?? null,
      memoryBytes: os.totalmem(),
      nodeVersion: process.versions.node,
      databasePath: this.#lab.databasePath,
      workloads: await this.#lab.workloads(),
      experiments: await this.#lab.experiments(),
      defaultPlan: await this.#lab.checkPlan({}),
      samplePlans: readSamplePlans(plansFolder),
    }
  }
}

/** A name under which a run's file is found again. */
export function exportFileName({ of, form }: Pick<ExportRequest, 'of' | 'form'>): string {
  const name =
    'run' in of
      ? `run-${of.run}`
      : `comparison-${[...new Set(of.sides.map(({ run }) => run))].join('-')}`
  return `corescope-${name}-${form}`
}

/** A name under which a copy of the database is found again. */
export function backupFileName(now: Date): string {
  return `corescope-backup-${now.toISOString().slice(0, 10)}.db`
}

function readSamplePlans(folder: string): SamplePlan[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => {
      const plan = jsonIn(join(folder, name))
      return plan === undefined ? [] : [{ name: basename(name, '.json'), plan }]
    })
}

/** Undefined where it is none: one bad sample is no reason not to open. */
function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
