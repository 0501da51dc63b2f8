import { existsSync } from 'node:fs'
import os from 'node:os'
import type { Readable } from 'node:stream'
import type {
  Estimate,
  ExportForm,
  RunsPage,
  RunsQuery,
  SavedTimeline,
} from '../shared/contract.ts'
import { type Comparison, nothingCompared } from '../shared/model/comparison.ts'
import type { Environment, SamplingState, Warning } from '../shared/model/environment.ts'
import type { ExperimentDescription } from '../shared/model/experiment.ts'
import type { Findings } from '../shared/model/findings.ts'
import type { Plan } from '../shared/model/plan.ts'
import { LabError, problemLine } from '../shared/model/problem.ts'
import type { RunEvent } from '../shared/model/progress.ts'
import type { Configuration, ConfigurationSummary, Run, RunSummary } from '../shared/model/run.ts'
import type { Sample } from '../shared/model/sample.ts'
import {
  type SelfTestOptions,
  type SelfTestReport,
  selfTestDefaults,
  selfTestProblems,
} from '../shared/model/self-test.ts'
import type { WorkloadDescription } from '../shared/model/workload.ts'
import type { Programs } from './execution/programs.ts'
import type { Machine } from './sampling/this-machine.ts'
import type { SelfTestListener } from './selftest/self-test.ts'
import type { Planning } from './session/planning.ts'
import type { FinishedRun } from './session/run-session.ts'
import type { Storage } from './storage/storage.ts'
import { describeWorkloads } from './workloads/catalogue.ts'

export { type Programs, programsIn } from './execution/programs.ts'
export { makeFolder } from './folder.ts'
export { writeWhole } from './reports/whole-file.ts'
export type { FinishedRun } from './session/run-session.ts'
export { defaultDatabasePath } from './storage/location.ts'

export interface LabOptions {
  readonly databasePath: string
  readonly programs: Programs
  readonly version: string
  /** The real one where it is left out, or what of it. */
  readonly machine?: Partial<Machine>
}

/** A run that has been started. */
export interface StartedRun {
  readonly id: number
  /** Ends it now and keeps what was measured. */
  stop(): void
  /** Never rejects: what goes wrong is in the run. */
  readonly finished: Promise<FinishedRun>
}

/** The machine as the lab sees it. */
export interface MachineState {
  readonly environment: Environment
  readonly warnings: readonly Warning[]
  readonly sampling: SamplingState
}

/** A self-test that has been started. */
export interface StartedSelfTest {
  /** Ends it now and keeps what was measured. */
  stop(): void
  /** Rejects with a `LabError` where nothing could be run. */
  readonly finished: Promise<SelfTestReport>
}

export interface DatabaseState {
  readonly path: string
  /** Null where there is no file yet. */
  readonly size_bytes: number | null
  readonly runs: number
  readonly read_only: boolean
}

/**
 * The lab, which every shell talks to. Its rooms are loaded when they are needed, so that asking for
 * the workloads opens no database.
 *
 * Every method throws `LabError` where the user can do something about it.
 */
export class Lab {
  readonly #options: LabOptions
  #storage: Promise<Storage> | undefined
  #openedFor: 'read' | 'write' = 'read'
  #planning: Promise<Planning> | undefined

  constructor(options: LabOptions) {
    this.#options = options
  }

  get databasePath(): string {
    return this.#options.databasePath
  }

  workloads(): Promise<readonly WorkloadDescription[]> {
    return describeWorkloads()
  }

  async experiments(): Promise<readonly ExperimentDescription[]> {
    const { describeExperiments } = await import('./experiments/catalogue.ts')
    return describeExperiments()
  }

  /**
   * A plan, checked, with its defaults filled in.
   *
   * @throws LabError `bad-input`, its details one for each thing that is wrong
   */
  async checkPlan(document: unknown): Promise<Plan> {
    return (await this.#plans()).check(document)
  }

  /**
   * Starts a run.
   *
   * @param options.force runs workers that are not thought to fit the machine all the same
   * @param options.configurations what to run of the plan's workload, where it is not what the plan
   *   spells out
   */
  async start(
    plan: Plan,
    options: {
      readonly force: boolean
      readonly announce: (event: RunEvent) => void
      readonly configurations?: readonly Omit<Configuration, 'id'>[]
    },
  ): Promise<StartedRun> {
    const planning = await this.#plans()
    const work = await planning.work(plan)
    const why = options.force ? null : await planning.whyItDoesNotFit(plan, work)
    if (why !== null) throw new LabError('does-not-fit', why)
    const [{ RunSession }, storage] = await Promise.all([
      import('./session/run-session.ts'),
      this.#open('write'),
    ])
    return storage.within(
      ({ recording, opened }) =>
        new RunSession({
          ...options,
          plan,
          workload: work.workload,
          availableMemoryBytes: () => planning.machine.availableMemoryBytes(),
          recording,
          databasePath: opened.path,
          programs: this.#options.programs,
          corescopeVersion: this.#options.version,
        }),
    )
  }

  /**
   * Starts the self-test, whose runs are kept like any other.
   *
   * @throws LabError `bad-input`, its details one for each option that is wrong
   */
  async selfTest(
    given: Readonly<Partial<Record<keyof SelfTestOptions, unknown>>>,
    listener: SelfTestListener,
  ): Promise<StartedSelfTest> {
    const problems = selfTestProblems(given)
    if (problems.length > 0) throw new LabError('bad-input', problemLine(problems), problems)
    const options = { ...selfTestDefaults, ...(given as Partial<SelfTestOptions>) }
    const { SelfTest } = await import('./selftest/self-test.ts')
    return new SelfTest({
      ...listener,
      options,
      start: async ({ document, configurations }, announce) =>
        this.start(await this.checkPlan(document), { force: false, announce, configurations }),
    })
  }

  /** What a plan will take, and whether it fits; for a plan that is wrong, what is wrong. */
  async estimate(document: unknown): Promise<Estimate> {
    return (await this.#plans()).estimate(document, async ({ workload, parameters }, work) =>
      (await this.#open('read')).within(({ library }) =>
        library.knownTrials(workload, parameters, work.workload?.own?.fingerprint ?? null),
      ),
    )
  }

  /** All runs, the newest first. */
  async runs(): Promise<RunSummary[]> {
    return (await this.#open('read')).within(({ library }) => library.list())
  }

  /** Some of the runs: those in which every word of the search is found. */
  async runsPage({ search, ...page }: RunsQuery): Promise<RunsPage> {
    const words = [...new Set(search.toLowerCase().split(/\s+/))].filter((word) => word !== '')
    return (await this.#open('read')).within(({ library }) =>
      library.page({ ...page, words: words.slice(0, mostWords) }),
    )
  }

  /** @param id a run's number, or `last` */
  async run(id: number | 'last'): Promise<Run> {
    return (await this.#open('read')).within(({ library, opened }) => {
      const number = id === 'last' ? library.list()[0]?.id : id
      const run = number === undefined ? null : library.read(number)
      if (run === null) throw noSuchRun(id, opened.path)
      return run
    })
  }

  /** Samples of a trial, `t_ms` from the release of the barrier. */
  async samples(trialId: number): Promise<Sample[]> {
    return (await this.#open('read')).within(({ library }) => [...library.samples(trialId)])
  }

  /**
   * A trial over time: as a screen can show it, or within bounds as finely as it was sampled.
   *
   * @param bounds in ms from the release of the barrier, or from the start of the trial where that was
   *   not reached
   */
  async timeline(
    trialId: number,
    bounds: { readonly from_ms?: number | undefined; readonly to_ms?: number | undefined } = {},
  ): Promise<SavedTimeline> {
    const { timelineOf } = await import('./analysis/timeline.ts')
    return (await this.#open('read')).within(({ library, opened }) => {
      const trial = library.trial(trialId)
      if (trial === null) throw noSuchTrial(trialId, opened.path)
      const releasedMs = trial.released_ms
      const isWhole = bounds.from_ms === undefined && bounds.to_ms === undefined
      const overview = isWhole ? library.overview(trialId) : null
      if (overview !== null) return { timeline: overview, releasedMs }
      const origin = releasedMs ?? 0
      const samples = library.samplesBetween(
        trialId,
        // Some before it, so that what was told last before the span is known in it.
        (bounds.from_ms ?? -Infinity) + origin - leadMs,
        (bounds.to_ms ?? Infinity) + origin,
      )
      const shape = { ...trial, cores: trial.cores ?? os.cpus().length }
      return { timeline: timelineOf(samples, shape, detailSlots).toData(), releasedMs }
    })
  }

  /** @throws LabError `not-found` */
  async rename(id: number, label: string): Promise<RunSummary> {
    return (await this.#open('write')).within(({ library, opened }) => {
      library.rename(id, label)
      const run = library.find(id)
      if (run === null) throw noSuchRun(id, opened.path)
      return run
    })
  }

  /**
   * Puts a run away: it can be brought back within an hour, and is deleted for good later.
   *
   * @throws LabError `busy` where the run is still going
   */
  async putAway(id: number): Promise<void> {
    return (await this.#open('write')).within((storage) => {
      const { library, opened } = storage
      refuseRunning(id, library.isRunning(id), opened.path)
      library.putAway(id, Date.now())
      storage.purge()
    })
  }

  /** @throws LabError `not-found`, where it is gone for good */
  async bringBack(id: number): Promise<void> {
    return (await this.#open('write')).within(({ library, opened }) => {
      if (!library.putAway(id, null)) throw noSuchRun(id, opened.path)
    })
  }

  /** @throws LabError `busy` where the run is still going */
  async delete(id: number | 'last'): Promise<number> {
    return (await this.#open('write')).within(({ library, opened }) => {
      const number = typeof id === 'number' ? id : library.list()[0]?.id
      if (number === undefined) throw noSuchRun(id, opened.path)
      refuseRunning(number, library.isRunning(number), opened.path)
      library.delete(number)
      return number
    })
  }

  /** Median and spread of every figure, by configuration. */
  async summarize(run: Run): Promise<ConfigurationSummary[]> {
    const { summarizeRun } = await import('./analysis/statistics.ts')
    return summarizeRun(run)
  }

  /** The models of a run beside each other, in figures and in words. */
  async compare(run: Run): Promise<Comparison> {
    const { compareModels } = await import('./analysis/comparison.ts')
    return compareModels(run)
  }

  /** What an experiment has shown; null of any other run. */
  async findings(run: Run): Promise<Findings | null> {
    const { findingsOf } = await import('./experiments/findings.ts')
    return findingsOf(run)
  }

  /** A run in one of its forms, as a stream of text; the database is held open until it has ended. */
  async export(id: number, form: ExportForm): Promise<Readable> {
    const [run, { exportStream }] = await Promise.all([
      this.run(id),
      import('./reports/run-export.ts'),
    ])
    const isDocument = form === 'run.json'
    const summaries = isDocument ? await this.summarize(run) : []
    const comparison = isDocument ? await this.compare(run) : nothingCompared
    const findings = isDocument ? await this.findings(run) : null
    const storage = await this.#openStorage('read')
    const { library } = storage
    const stream = exportStream(
      run,
      summaries,
      comparison,
      findings,
      (trialId) => library.samples(trialId),
      form,
    )
    return stream.once('close', () => storage.close())
  }

  /** A run as one JSON document. */
  async document(run: Run): Promise<object> {
    const { runDocument } = await import('./reports/run-document.ts')
    return runDocument(
      run,
      await this.summarize(run),
      await this.compare(run),
      await this.findings(run),
    )
  }

  /**
   * Writes a run's tables into a folder.
   *
   * @returns the paths of the files
   */
  async exportCsv(run: Run, folder: string): Promise<string[]> {
    const { csvTables, writeCsv } = await import('./reports/csv.ts')
    // A connection of its own: samples are read while the files are written, and a run may go on.
    const storage = await this.#openStorage('read')
    const { library } = storage
    try {
      return await writeCsv(
        csvTables(run, (trialId) => library.samples(trialId)),
        folder,
      )
    } finally {
      storage.close()
    }
  }

  /** The machine as it is now, what makes its figures less sure, and what can be sampled on it. */
  async environment(): Promise<MachineState> {
    const [
      { environmentWarnings, readEnvironment },
      { givenBy, hiddenProcesses, readCapabilities },
    ] = await Promise.all([
      import('./sampling/environment.ts'),
      import('./sampling/capabilities.ts'),
    ])
    const { providerFor } = await import('./sampling/choice.ts')
    const provider = providerFor('auto')
    const environment = await readEnvironment(this.#options.version, provider)
    return {
      environment,
      warnings: environmentWarnings(environment, 0),
      sampling: {
        provider,
        capabilities: givenBy(provider, readCapabilities()),
        hidepid: hiddenProcesses(),
      },
    }
  }

  async databaseState(): Promise<DatabaseState> {
    const { statSync } = await import('node:fs')
    return (await this.#open('read')).within(({ opened, library }) => {
      const file = statSync(opened.path, { throwIfNoEntry: false })
      return {
        path: opened.path,
        size_bytes: file?.size ?? null,
        runs: library.list().length,
        // What is not there yet can be made.
        read_only: opened.isReadOnly && file !== undefined,
      }
    })
  }

  /** Closes the database. A run must have ended before. */
  async close(): Promise<void> {
    const storage = await this.#storage?.catch(() => undefined)
    this.#storage = undefined
    storage?.close()
  }

  /** Loaded with the first plan: who lists runs needs none of it. */
  #plans(): Promise<Planning> {
    this.#planning ??= Promise.all([
      import('./session/planning.ts'),
      import('./sampling/this-machine.ts'),
    ]).then(([{ Planning }, { thisMachine }]) => {
      const machine = { ...thisMachine, ...this.#options.machine }
      return new Planning(machine, this.#options.programs)
    })
    return this.#planning
  }

  async #open(need: 'read' | 'write'): Promise<Storage> {
    if (need === 'write' && this.#openedFor === 'read') this.#letGo()
    if (this.#storage === undefined) {
      this.#openedFor = need
      const opening = this.#openStorage(need)
      this.#storage = opening
      // What has failed is tried again the next time: a lock may be gone by then.
      opening.catch(() => {
        if (this.#storage === opening) this.#storage = undefined
      })
    }
    const opening = this.#storage
    const storage = await opening
    // Made by another app since.
    if (storage.opened.isMissing && existsSync(storage.opened.path)) {
      if (this.#storage === opening) this.#letGo()
      return this.#open(need)
    }
    return storage
  }

  /** Closes what is open, once those who have been given it just now have used it. */
  #letGo(): void {
    const letGo = this.#storage
    this.#storage = undefined
    letGo?.then(
      (storage) => setImmediate(() => storage.close()),
      () => {},
    )
  }

  async #openStorage(need: 'read' | 'write'): Promise<Storage> {
    const { Storage } = await import('./storage/storage.ts')
    return new Storage(this.#options.databasePath, need)
  }
}

/** Words of a search that are looked for. */
const mostWords = 10

/** How long before a span its first values may have been told, in ms. */
const leadMs = 1000

/** Slots of a timeline that is made on demand: some for each pixel of a wide screen. */
const detailSlots = 4096

/** @param isRunning null where there is no such run */
function refuseRunning(id: number, isRunning: boolean | null, path: string): void {
  if (isRunning === null) throw noSuchRun(id, path)
  if (isRunning) throw new LabError('busy', `run ${id} is still running; stop it first`)
}

function noSuchTrial(id: number, path: string): LabError {
  return new LabError('not-found', `there is no trial ${id} in ${path}; its run may be deleted`)
}

function noSuchRun(id: number | 'last', path: string): LabError {
  const message =
    id === 'last'
      ? `no run is kept yet in ${path}; "corescope run" makes the first`
      : `there is no run ${id} in ${path}; "corescope runs" lists them`
  return new LabError('not-found', message)
}
