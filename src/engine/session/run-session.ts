import os from 'node:os'
import type { Environment, Warning } from '../../shared/model/environment.ts'
import { modelTraits } from '../../shared/model/execution-model.ts'
import type { Interpreter } from '../../shared/model/interpreter.ts'
import type { Plan } from '../../shared/model/plan.ts'
import { mostRepetitions } from '../../shared/model/plan-limits.ts'
import type { LabError } from '../../shared/model/problem.ts'
import type { RunEvent } from '../../shared/model/progress.ts'
import type { Configuration, PlannedConfiguration, Run } from '../../shared/model/run.ts'
import type { Timeline } from '../../shared/timeline.ts'
import { fewestTrials } from '../analysis/difference.ts'
import { isPreciseEnough, precisionOf, precisionWarnings } from '../analysis/precision.ts'
import { type Slot, trialRounds } from '../execution/order.ts'
import type { Programs } from '../execution/programs.ts'
import { providerFor } from '../sampling/choice.ts'
import { changeWarnings, environmentWarnings, readEnvironment } from '../sampling/environment.ts'
import { lockTimeoutMs } from '../storage/database.ts'
import type { EndedTrial, RunRecording } from '../storage/run-recording.ts'
import type { Workload } from '../workloads/workload.ts'
import { configurationsOf } from './configurations.ts'
import { type Equipment, equip } from './equipment.ts'
import { executorsOf } from './executors.ts'
import { hostLaunch } from './host-launch.ts'
import { changedModules } from './own-modules.ts'
import { makePrivateFolder, needsFolder, type PrivateFolder } from './private-folder.ts'
import { RunRecord, type StartedTrial } from './run-record.ts'
import { disturbanceWarnings, shortWindowWarnings, spreadWarnings } from './run-warnings.ts'
import { memoryBound } from './trial-bounds.ts'
import { failedTrial } from './trial-result.ts'
import { watchTrial } from './trial-session.ts'
import { trialSpec } from './trial-spec.ts'
import { unlessAborted } from './unless-aborted.ts'
import { warmUpRecording } from './warm-up.ts'

export interface SessionParts {
  readonly plan: Plan
  /** What to run of the plan's workload, where it is not what the plan spells out: one may be there twice. */
  readonly configurations?: readonly PlannedConfiguration[]
  /** What the configurations do, by its name; empty where the experiment brings its own work. */
  readonly workloads: ReadonlyMap<string, Workload>
  /** The Pythons of the plan. */
  readonly interpreters: readonly Interpreter[]
  readonly recording: RunRecording
  readonly databasePath: string
  readonly programs: Programs
  readonly corescopeVersion: string
  /** Memory that can be had without swapping, in bytes. */
  availableMemoryBytes(): Promise<number>
  /** How long the machine is watched for its load, in ms; as long as usual where it is left out. */
  readonly loadWindowMs?: number
  /** Describes the machine before and after; the real one where it is left out. */
  readonly readEnvironment?: typeof readEnvironment
  /** The time of day, which may be set while the run goes on; the real one where it is left out. */
  readonly wallClock?: () => number
  announce(event: RunEvent): void
}

/** A run that has ended, as it was seen; where the database failed, with more than that keeps. */
export interface FinishedRun {
  readonly run: Run
  readonly storageFailure: LabError | null
}

/** Logical cores of the machine, of which each is sampled. */
const cores = os.cpus().length

/** One run, from its first row in the database to its last. */
export class RunSession {
  readonly id: number
  readonly finished: Promise<FinishedRun>

  readonly #parts: SessionParts
  readonly #stopping = new AbortController()
  readonly #record: RunRecord

  /** @throws Error of the database, where the run cannot be kept; nothing has been started then */
  constructor(parts: SessionParts) {
    this.#parts = parts
    this.#record = new RunRecord({
      ...parts,
      configurations: parts.configurations ?? configurationsOf(parts.plan, parts.interpreters),
      contentOf: (workload) => parts.workloads.get(workload)?.own?.fingerprint ?? null,
      giveUp: (failure) => this.#stopping.abort(failure.message),
    })
    this.id = this.#record.id
    this.finished = this.#execute()
  }

  /** Ends the run now; what was measured is kept. */
  stop(): void {
    this.#stopping.abort(stoppedByUser)
  }

  async #execute(): Promise<FinishedRun> {
    const { announce, recording } = this.#parts
    const record = this.#record
    const { configurations, trials_planned: trialsPlanned } = record.run
    const { signal } = this.#stopping
    announce({
      type: 'run-started',
      runId: this.id,
      plan: this.#parts.plan,
      configurations,
      trialsPlanned,
      cores,
    })
    recording.waitForLock(shortWaitMs)
    let equipment: Equipment | null = null
    let failure: string | null = null
    try {
      announce({ type: 'preparing', what: 'reading the environment' })
      const environment = await this.#readEnvironment('before')
      const mostWorkers = Math.max(...configurations.map(({ workers }) => workers))
      await record.warn(environmentWarnings(environment, mostWorkers))
      const prepare = (what: string) => announce({ type: 'preparing', what })
      prepare('finding the expected results')
      equipment = await equip(this.#parts, configurations, signal, prepare)
      await record.warn(missingKernelWarnings(configurations, equipment))
      warmUpRecording(mostWorkers, cores)
      await this.#runTrials(equipment)
      await record.keepEfficiency()
      await record.warn([
        ...shortWindowWarnings(record.run),
        ...disturbanceWarnings(record.run),
        ...spreadWarnings(record.run),
        ...(signal.aborted ? [] : precisionWarnings(record.run)),
      ])
      if (equipment.sampler.isGone) await record.warn([samplerLost])
      await record.warn(await changedModules(this.#parts.workloads))
      if (!signal.aborted) {
        const after = await this.#readEnvironment('after')
        await record.warn(changeWarnings(environment, after, mostWorkers))
      }
    } catch (error) {
      if (!signal.aborted) failure = error instanceof Error ? error.message : String(error)
    } finally {
      await equipment?.close()
    }
    // That something cannot be compiled here is no fault of the run.
    const missing = new Set(
      configurations.filter((each) => isMissing(each, equipment)).map(({ id }) => id),
    )
    const unsound = record.run.trials.find(
      ({ status, configuration_id }) =>
        (status === 'failed' && !missing.has(configuration_id)) || status === 'void',
    )
    failure = record.failure?.message ?? failure ?? unsound?.reason ?? null
    if (signal.reason === stoppedByUser) await record.end('interrupted', stoppedByUser)
    else await record.end(failure === null ? 'done' : 'failed', failure)
    recording.waitForLock(lockTimeoutMs)
    record.tellResults()
    const { trials: _, ...endedRun } = record.run
    announce({ type: 'run-ended', run: endedRun })
    return { run: record.run, storageFailure: record.failure }
  }

  /** Round after round, as many as the plan says, or until the figures are precise enough. */
  async #runTrials(equipment: Equipment): Promise<void> {
    const { plan } = this.#parts
    const { signal } = this.#stopping
    const repeat = mostRepetitions(plan)
    let ordinal = 0
    for (const round of trialRounds(this.#record.run.configurations, { ...plan, repeat })) {
      for (const slot of round) {
        if (signal.aborted) return
        await this.#runTrial(ordinal++, slot, equipment)
      }
      if (signal.aborted) return
      if (plan.repeat === 'auto' && this.#isPrecise(round)) break
    }
    this.#record.settlePlanned(ordinal)
  }

  #isPrecise([slot]: readonly Slot<Configuration>[]): boolean {
    if (slot === undefined || slot.warmUp || slot.index + 1 < fewestTrials) return false
    return isPreciseEnough(precisionOf(this.#record.run))
  }

  async #runTrial(ordinal: number, slot: Slot<Configuration>, equipment: Equipment): Promise<void> {
    const trial = await this.#record.startTrial(ordinal, slot)
    if (trial === null) return
    const { ended, overview } = await this.#watch(trial, slot.configuration, equipment)
    await this.#record.endTrial(trial, ended, overview)
  }

  /** Runs a trial with a private folder, where its workload or its runtime needs one. */
  async #watch(
    trial: StartedTrial,
    configuration: Configuration,
    { reaper, sampler, server, expectedFor, kernelFor }: Equipment,
  ): Promise<{ readonly ended: EndedTrial; readonly overview: Timeline | null }> {
    const { plan, programs, workloads, announce } = this.#parts
    const record = this.#record
    const workload = workloads.get(configuration.workload) ?? null
    const kernel = kernelFor(configuration)
    if (kernel !== null && 'missing' in kernel) {
      return { ended: failedTrial(kernel.missing), overview: null }
    }
    let folder: PrivateFolder | null = null
    try {
      if (needsFolder(configuration, workload)) folder = await makePrivateFolder(reaper)
    } catch (error) {
      return { ended: failedTrial((error as Error).message), overview: null }
    }
    const spec = trialSpec(plan, configuration, workload, {
      expected: expectedFor(configuration),
      folder: folder?.path ?? null,
      serverPort: server?.port ?? null,
      kernels: kernel?.folder ?? null,
    })
    const available = await this.#parts.availableMemoryBytes()
    const watched = await watchTrial({
      spec,
      launch: hostLaunch(configuration, programs),
      reaper,
      sampler,
      signal: this.#stopping.signal,
      bounds: {
        durationMs: spec.durationMs ?? 0,
        timeoutMs: plan.timeout_s * 1000,
        memory: memoryBound(plan.memory_mib, available),
      },
      cores,
      usableCores: os.availableParallelism(),
      largestTree: Math.max(...record.run.configurations.map(processesOf)),
      phase: (name, t_ms) => announce({ type: 'phase', name, t_ms }),
      live: (live) => announce({ type: 'live', live }),
      flush: (recorder, releasedMs) => record.keepSoon(trial, recorder, releasedMs),
      flushAll: (recorder, releasedMs) => record.keepAll(trial, recorder, releasedMs),
    })
    await folder?.remove()
    return watched
  }

  async #readEnvironment(moment: 'before' | 'after'): Promise<Environment> {
    const { corescopeVersion, plan, loadWindowMs } = this.#parts
    const read = this.#parts.readEnvironment ?? readEnvironment
    const reading = read(corescopeVersion, providerFor(plan.sampler), loadWindowMs)
    const described = await unlessAborted(reading, this.#stopping.signal)
    const { configurations } = this.#record.run
    const interpreter = executorsOf(configurations, described.interpreter)
    const environment = { ...described, interpreter }
    await this.#record.keepEnvironment(moment, environment)
    return environment
  }
}

const stoppedByUser = 'stopped by the user'

/** A write that has to wait for another app's asks again, rather than make everything here wait. */
const shortWaitMs = 20

const samplerLost: Warning = {
  code: 'sampler-lost',
  message: 'the sampler ended in the middle of the run: samples are missing',
}

/** Whether what a configuration runs could not be compiled here. */
function isMissing(configuration: Configuration, equipment: Equipment | null): boolean {
  const kernel = equipment?.kernelFor(configuration) ?? null
  return kernel !== null && 'missing' in kernel
}

function missingKernelWarnings(
  configurations: readonly Configuration[],
  { kernelFor }: Equipment,
): Warning[] {
  const reasons = configurations.flatMap((each) => {
    const kernel = kernelFor(each)
    return kernel !== null && 'missing' in kernel ? [kernel.missing] : []
  })
  return [...new Set(reasons)].map((message) => ({ code: 'kernel-missing', message }))
}

/** Processes of a trial, its host included. */
function processesOf({ model, workers }: Configuration): number {
  return 1 + (modelTraits[model].separateProcesses ? workers : 0)
}
