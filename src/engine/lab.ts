import os from 'node:os'
import type { Environment, Warning } from '../shared/model/environment.ts'
import { type Plan, parsePlan } from '../shared/model/plan.ts'
import { LabError } from '../shared/model/problem.ts'
import type { RunEvent } from '../shared/model/progress.ts'
import type { ConfigurationSummary, Run, RunSummary } from '../shared/model/run.ts'
import type { Sample } from '../shared/model/sample.ts'
import type { WorkloadDescription } from '../shared/model/workload.ts'
import type { Programs } from './execution/programs.ts'
import type { FinishedRun } from './session/run-session.ts'
import type { OpenedDatabase } from './storage/database.ts'
import type { RunLibrary } from './storage/run-library.ts'
import type { RunRecording } from './storage/run-recording.ts'
import { describeWorkloads, loadWorkload } from './workloads/catalogue.ts'

export type { Programs } from './execution/programs.ts'
export { makeFolder } from './folder.ts'
export type { FinishedRun } from './session/run-session.ts'
export { defaultDatabasePath } from './storage/location.ts'

export interface LabOptions {
  readonly databasePath: string
  readonly programs: Programs
  readonly version: string
  /** Cores of the machine, for the default plan; memory that can still be had, in bytes. */
  readonly machine?: { cores(): number; availableMemoryBytes(): Promise<number> }
}

/** A run that has been started. */
export interface StartedRun {
  readonly id: number
  /** Ends it now and keeps what was measured. */
  stop(): void
  /** Never rejects: what goes wrong is in the run. */
  readonly finished: Promise<FinishedRun>
}

export interface DatabaseState {
  readonly path: string
  /** Null where there is no file yet. */
  readonly size_bytes: number | null
  readonly runs: number
  readonly read_only: boolean
}

interface Storage {
  readonly opened: OpenedDatabase
  readonly library: RunLibrary
  readonly recording: RunRecording
  explain(error: unknown, path: string): LabError
}

/**
 * The lab, which every shell talks to. Its rooms are loaded when they are needed, so that asking for
 * the workloads opens no database.
 *
 * Every method throws `LabError` where the user can do something about it.
 */
export class Lab {
  readonly #options: LabOptions
  readonly #machine: NonNullable<LabOptions['machine']>
  #storage: Promise<Storage> | undefined
  #openedFor: 'read' | 'write' = 'read'

  constructor(options: LabOptions) {
    this.#options = options
    this.#machine = options.machine ?? {
      cores: () => os.availableParallelism(),
      availableMemoryBytes,
    }
  }

  get databasePath(): string {
    return this.#options.databasePath
  }

  workloads(): Promise<readonly WorkloadDescription[]> {
    return describeWorkloads()
  }

  /**
   * A plan, checked, with its defaults filled in.
   *
   * @throws LabError `bad-input`, its details one for each thing that is wrong
   */
  async checkPlan(document: unknown): Promise<Plan> {
    const result = parsePlan(document, await describeWorkloads(), this.#machine.cores())
    if ('plan' in result) return result.plan
    const text = result.problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
    throw new LabError('bad-input', text, result.problems)
  }

  /**
   * Starts a run.
   *
   * @param options.force runs workers that are not thought to fit in memory all the same
   */
  async start(
    plan: Plan,
    options: { readonly force: boolean; readonly announce: (event: RunEvent) => void },
  ): Promise<StartedRun> {
    const workload = await loadWorkload(plan.workload)
    if (!options.force) {
      const { refuseWhatDoesNotFit } = await import('./session/guard.ts')
      const available = await this.#machine.availableMemoryBytes()
      refuseWhatDoesNotFit(plan, workload.memoryBytes(plan.parameters), available)
    }
    const [{ RunSession }, storage] = await Promise.all([
      import('./session/run-session.ts'),
      this.#open('write'),
    ])
    return within(
      storage,
      ({ recording, opened }) =>
        new RunSession({
          plan,
          workload,
          recording,
          databasePath: opened.path,
          programs: this.#options.programs,
          corescopeVersion: this.#options.version,
          announce: options.announce,
        }),
    )
  }

  /** All runs, the newest first. */
  async runs(): Promise<RunSummary[]> {
    return within(await this.#open('read'), ({ library }) => library.list())
  }

  /** @param id a run's number, or `last` */
  async run(id: number | 'last'): Promise<Run> {
    return within(await this.#open('read'), ({ library, opened }) => {
      const number = id === 'last' ? library.list()[0]?.id : id
      const run = number === undefined ? null : library.read(number)
      if (run === null) throw noSuchRun(id, opened.path)
      return run
    })
  }

  /** Samples of a trial, `t_ms` from the release of the barrier. */
  async samples(trialId: number): Promise<Sample[]> {
    return within(await this.#open('read'), ({ library }) => [...library.samples(trialId)])
  }

  /** @throws LabError `busy` where the run is still going */
  async delete(id: number | 'last'): Promise<number> {
    return within(await this.#open('write'), ({ library, opened }) => {
      const run = typeof id === 'number' ? library.find(id) : library.list()[0]
      if (run === null || run === undefined) throw noSuchRun(id, opened.path)
      if (run.status === 'running') {
        throw new LabError('busy', `run ${run.id} is still running; stop it first`)
      }
      library.delete(run.id)
      return run.id
    })
  }

  /** Median and spread of every figure, by configuration. */
  async summarize(run: Run): Promise<ConfigurationSummary[]> {
    const { summarizeRun } = await import('./analysis/statistics.ts')
    return summarizeRun(run)
  }

  /** A run as one JSON document. */
  async document(run: Run): Promise<object> {
    const { runDocument } = await import('./reports/run-document.ts')
    return runDocument(run, await this.summarize(run))
  }

  /**
   * Writes a run's tables into a folder.
   *
   * @returns the paths of the files
   */
  async exportCsv(run: Run, folder: string): Promise<string[]> {
    const { csvTables, writeCsv } = await import('./reports/csv.ts')
    // A connection of its own: samples are read while the files are written, and a run may go on.
    const { opened, library } = await this.#openStorage('read')
    try {
      return await writeCsv(
        csvTables(run, (trialId) => library.samples(trialId)),
        folder,
      )
    } finally {
      opened.database.close()
    }
  }

  /** The machine as it is now, and what makes its figures less sure. */
  async environment(): Promise<{ environment: Environment; warnings: Warning[] }> {
    const { environmentWarnings, readEnvironment } = await import('./sampling/environment.ts')
    const { providerName } = await import('./sampling/provider.ts')
    const environment = await readEnvironment(this.#options.version, providerName())
    return { environment, warnings: environmentWarnings(environment, 0) }
  }

  async databaseState(): Promise<DatabaseState> {
    const { statSync } = await import('node:fs')
    return within(await this.#open('read'), ({ opened, library }) => {
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
    storage?.opened.database.close()
  }

  async #open(need: 'read' | 'write'): Promise<Storage> {
    if (need === 'write' && this.#openedFor === 'read') await this.close()
    if (this.#storage === undefined) {
      this.#openedFor = need
      this.#storage = this.#openStorage(need)
    }
    return this.#storage
  }

  async #openStorage(need: 'read' | 'write'): Promise<Storage> {
    const [{ openDatabase, explain }, { RunLibrary }, { RunRecording }, { isOwnerAlive }] =
      await Promise.all([
        import('./storage/database.ts'),
        import('./storage/run-library.ts'),
        import('./storage/run-recording.ts'),
        import('./storage/liveness.ts'),
      ])
    const opened = openDatabase(this.#options.databasePath, need)
    const { database } = opened
    const storage = {
      opened,
      library: new RunLibrary(database),
      recording: new RunRecording(database),
      explain,
    }
    if (!opened.isReadOnly) {
      within(storage, ({ recording }) =>
        recording.markAbandoned((owner, at) => isOwnerAlive(owner, at, Date.now())),
      )
    }
    return storage
  }
}

function noSuchRun(id: number | 'last', path: string): LabError {
  const message =
    id === 'last'
      ? `no run is kept yet in ${path}; "corescope run" makes the first`
      : `there is no run ${id} in ${path}; "corescope runs" lists them`
  return new LabError('not-found', message)
}

/** Memory that can still be had without swapping, in bytes. */
async function availableMemoryBytes(): Promise<number> {
  if (process.platform !== 'darwin') return Math.min(os.freemem(), process.availableMemory())
  // Free pages alone, as Node tells them, are few on a healthy Mac.
  const { mem } = await import('systeminformation')
  return (await mem()).available
}

/** Does something with the database; its failures are told as ours. */
function within<T>(storage: Storage, work: (storage: Storage) => T): T {
  try {
    return work(storage)
  } catch (error) {
    if (error instanceof LabError) throw error
    throw storage.explain(error, storage.opened.path)
  }
}
