import type { Estimate } from '../shared/contract.ts'
import type { Environment, SamplingState, Warning } from '../shared/model/environment.ts'
import type { ExperimentDescription } from '../shared/model/experiment.ts'
import type { Plan } from '../shared/model/plan.ts'
import { LabError, problemLine } from '../shared/model/problem.ts'
import type { RunEvent } from '../shared/model/progress.ts'
import type { PlannedConfiguration } from '../shared/model/run.ts'
import {
  type SelfTestOptions,
  type SelfTestReport,
  selfTestDefaults,
  selfTestProblems,
} from '../shared/model/self-test.ts'
import type { WorkloadDescription } from '../shared/model/workload.ts'
import type { Programs } from './execution/programs.ts'
import { Comparisons } from './lab/comparisons.ts'
import { DatabaseConnection } from './lab/database-connection.ts'
import { Exchange } from './lab/exchange.ts'
import { KnownInterpreters } from './lab/known-interpreters.ts'
import { Library } from './lab/library.ts'
import { Repair } from './lab/repair.ts'
import { Reports } from './lab/reports.ts'
import { SavedRuns } from './lab/saved-runs.ts'
import type { Machine } from './sampling/this-machine.ts'
import type { SelfTestListener } from './selftest/self-test.ts'
import type { Planning } from './session/planning.ts'
import type { FinishedRun } from './session/run-session.ts'
import { describeWorkloads } from './workloads/catalogue.ts'

export { type Programs, programsIn } from './execution/programs.ts'
export { makeFolder } from './folder.ts'
export type { Usual } from './interpreters/interpreters.ts'
export type { ExportListener } from './lab/exchange.ts'
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

/**
 * The lab, which every shell talks to. Its rooms are loaded when they are needed, so that asking for
 * the workloads opens no database.
 *
 * Every method throws `LabError` where the user can do something about it.
 */
export class Lab {
  /** One saved run, and what follows from its trials. */
  readonly saved: SavedRuns
  /** The saved runs as a whole. */
  readonly library: Library
  readonly comparisons: Comparisons
  /** Exports and imports. */
  readonly exchange: Exchange
  /** The database itself: whether it is sound, and what can be saved where it is not. */
  readonly repair: Repair
  /** The Pythons of this machine. */
  readonly interpreters: KnownInterpreters
  readonly #options: LabOptions
  readonly #connection: DatabaseConnection
  #planning: Promise<Planning> | undefined

  constructor(options: LabOptions) {
    this.#options = options
    this.#connection = new DatabaseConnection(options.databasePath)
    this.saved = new SavedRuns(this.#connection)
    this.library = new Library(this.#connection, options.programs.compaction)
    this.comparisons = new Comparisons(this.#connection, this.saved)
    const reports = new Reports(this.saved, this.comparisons, options.programs.pictures)
    this.exchange = new Exchange(this.#connection, this.saved, this.comparisons, reports)
    this.repair = new Repair(this.#connection)
    this.interpreters = new KnownInterpreters(this.#connection, options.programs.python, async () =>
      (await import('./execution/reaper.ts')).Reaper.start(options.programs.reaper),
    )
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
      readonly configurations?: readonly PlannedConfiguration[]
    },
  ): Promise<StartedRun> {
    const planning = await this.#plans()
    const work = await planning.work(plan)
    const why = options.force ? null : await planning.whyItDoesNotFit(plan, work)
    if (why !== null) throw new LabError('does-not-fit', why)
    const [{ RunSession }, storage] = await Promise.all([
      import('./session/run-session.ts'),
      this.#connection.open('write'),
    ])
    return storage.within(
      ({ recording, opened }) =>
        new RunSession({
          ...options,
          plan,
          workloads: work.workloads,
          interpreters: work.interpreters,
          availableMemoryBytes: () => planning.machine.availableMemoryBytes(),
          loadWindowMs: planning.machine.loadWindowMs,
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
      this.#connection.read(({ library }) =>
        library.knownTrials(
          workload,
          parameters,
          work.workloads.get(workload)?.own?.fingerprint ?? null,
        ),
      ),
    )
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

  /** Closes the database. A run must have ended before. */
  async close(): Promise<void> {
    await this.#connection.close()
  }

  /** Loaded with the first plan: who lists runs needs none of it. */
  #plans(): Promise<Planning> {
    this.#planning ??= Promise.all([
      import('./session/planning.ts'),
      import('./sampling/this-machine.ts'),
    ]).then(([{ Planning }, { thisMachine }]) => {
      const machine = { ...thisMachine, ...this.#options.machine }
      return new Planning(machine, this.#options.programs, (plan) =>
        this.interpreters.resolve(plan),
      )
    })
    return this.#planning
  }
}
