import os from 'node:os'
import type { Environment, Warning } from '../../shared/model/environment.ts'
import { modelTraits } from '../../shared/model/execution-model.ts'
import { metricKeys, type TrialMetrics } from '../../shared/model/metric.ts'
import type { Plan } from '../../shared/model/plan.ts'
import { mostRepetitions } from '../../shared/model/plan-limits.ts'
import type { LabError } from '../../shared/model/problem.ts'
import type { RunEvent } from '../../shared/model/progress.ts'
import {
  type Configuration,
  type PlannedConfiguration,
  type Run,
  type RunStatus,
  type Trial,
  untouched,
} from '../../shared/model/run.ts'
import { workloadName } from '../../shared/model/workload.ts'
import type { Timeline } from '../../shared/timeline.ts'
import { compareModels } from '../analysis/comparison.ts'
import { fewestTrials } from '../analysis/difference.ts'
import { isPreciseEnough, precisionOf, precisionWarnings } from '../analysis/precision.ts'
import { efficiency } from '../analysis/trial-metrics.ts'
import { SteadyTime } from '../clock.ts'
import { type Slot, trialRounds } from '../execution/order.ts'
import type { Programs } from '../execution/programs.ts'
import { experimentOf } from '../experiments/catalogue.ts'
import { findingsOf } from '../experiments/findings.ts'
import { providerFor } from '../sampling/choice.ts'
import { changeWarnings, environmentWarnings, readEnvironment } from '../sampling/environment.ts'
import { lockTimeoutMs } from '../storage/database.ts'
import { thisOwner } from '../storage/liveness.ts'
import type { EndedTrial, RunRecording } from '../storage/run-recording.ts'
import type { Workload } from '../workloads/workload.ts'
import { configurationsOf } from './configurations.ts'
import { type Equipment, equip } from './equipment.ts'
import { Keeper } from './keeper.ts'
import { changedModule } from './own-modules.ts'
import { makePrivateFolder, type PrivateFolder } from './private-folder.ts'
import type { TrialRecorder } from './recorder.ts'
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
  /** Null where the experiment brings its own work. */
  readonly workload: Workload | null
  readonly recording: RunRecording
  readonly databasePath: string
  readonly programs: Programs
  readonly corescopeVersion: string
  /** Memory that can be had without swapping, in bytes. */
  availableMemoryBytes(): Promise<number>
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
  readonly #trials: Trial[] = []
  /** By which the run is dated: a clock that is set does not end it before it began. */
  readonly #time: SteadyTime
  #run: Run
  readonly #keeper: Keeper

  /** @throws Error of the database, where the run cannot be kept; nothing has been started then */
  constructor(parts: SessionParts) {
    const { plan, recording } = parts
    this.#parts = parts
    this.#keeper = new Keeper(parts.databasePath, (failure) =>
      this.#stopping.abort(failure.message),
    )
    const content = parts.workload?.own?.fingerprint ?? null
    const wanted = (parts.configurations ?? configurationsOf(plan)).map((each) => ({
      ...each,
      content,
    }))
    this.#time = new SteadyTime(parts.wallClock)
    const startedAt = this.#time.start
    const summary = {
      uid: crypto.randomUUID(),
      label: plan.label === '' ? usualLabel(plan) : plan.label,
      trialsPlanned: wanted.length * (mostRepetitions(plan) + plan.warmup),
    }
    const created = recording.create({
      ...summary,
      plan,
      configurations: wanted,
      startedAt,
      owner: thisOwner(),
    })
    const configurations = wanted.map((configuration, index) => ({
      ...configuration,
      id: created.configurationIds[index] as number,
    }))
    this.id = created.id
    this.#run = {
      id: created.id,
      uid: summary.uid,
      label: summary.label,
      notes: plan.notes,
      status: 'running',
      reason: null,
      plan,
      started_at: new Date(startedAt).toISOString(),
      ended_at: null,
      trials_done: 0,
      trials_planned: summary.trialsPlanned,
      ...untouched,
      machine: os.hostname(),
      configurations,
      trials: this.#trials,
      environment: null,
      environment_after: null,
      warnings: [],
    }
    this.finished = this.#execute()
  }

  /** Ends the run now; what was measured is kept. */
  stop(): void {
    this.#stopping.abort(stoppedByUser)
  }

  async #execute(): Promise<FinishedRun> {
    const { announce, recording } = this.#parts
    const { configurations, trials_planned: trialsPlanned } = this.#run
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
      await this.#warn(environmentWarnings(environment, mostWorkers))
      announce({ type: 'preparing', what: 'finding the expected results' })
      const parameterSets = configurations.map(({ parameters }) => parameters)
      equipment = await equip(this.#parts, parameterSets, signal)
      warmUpRecording(mostWorkers, cores)
      await this.#runTrials(equipment)
      await this.#keepEfficiency()
      await this.#warn([
        ...shortWindowWarnings(this.#run),
        ...disturbanceWarnings(this.#run),
        ...spreadWarnings(this.#run),
        ...(signal.aborted ? [] : precisionWarnings(this.#run)),
      ])
      if (equipment.sampler.isGone) await this.#warn([samplerLost])
      await this.#warn(await changedModule(this.#parts.plan.workload, this.#parts.workload))
      if (!signal.aborted) {
        const after = await this.#readEnvironment('after')
        await this.#warn(changeWarnings(environment, after, mostWorkers))
      }
    } catch (error) {
      if (!signal.aborted) failure = error instanceof Error ? error.message : String(error)
    } finally {
      await equipment?.close()
    }
    const unsound = this.#trials.find(({ status }) => status === 'failed' || status === 'void')
    failure = this.#keeper.failure?.message ?? failure ?? unsound?.reason ?? null
    if (signal.reason === stoppedByUser) await this.#end('interrupted', stoppedByUser)
    else await this.#end(failure === null ? 'done' : 'failed', failure)
    recording.waitForLock(lockTimeoutMs)
    this.#tellResults()
    const { trials: _, ...endedRun } = this.#run
    announce({ type: 'run-ended', run: endedRun })
    return { run: this.#run, storageFailure: this.#keeper.failure }
  }

  /** Round after round, as many as the plan says, or until the figures are precise enough. */
  async #runTrials(equipment: Equipment): Promise<void> {
    const { plan } = this.#parts
    const { signal } = this.#stopping
    const repeat = mostRepetitions(plan)
    let ordinal = 0
    for (const round of trialRounds(this.#run.configurations, { ...plan, repeat })) {
      for (const slot of round) {
        if (signal.aborted) return
        await this.#runTrial(ordinal++, slot, equipment)
      }
      if (signal.aborted) return
      if (plan.repeat === 'auto' && this.#isPrecise(round)) break
    }
    this.#run = { ...this.#run, trials_planned: ordinal }
  }

  #isPrecise([slot]: readonly Slot<Configuration>[]): boolean {
    if (slot === undefined || slot.warmUp || slot.index + 1 < fewestTrials) return false
    return isPreciseEnough(precisionOf(this.#run))
  }

  async #runTrial(ordinal: number, slot: Slot<Configuration>, equipment: Equipment): Promise<void> {
    const { recording, announce } = this.#parts
    const { configuration, index, warmUp } = slot
    const startedAt = this.#time.now()
    const trialId = await this.#keeper.keep(() =>
      recording.startTrial(this.id, {
        configurationId: configuration.id,
        ordinal,
        index,
        warmUp,
        startedAt,
      }),
    )
    if (trialId === undefined) return
    announce({ type: 'trial-started', ordinal, index, warmUp, configuration })
    const { ended, overview } = await this.#watch(trialId, configuration, equipment)
    await this.#keeper.keep(() => recording.endTrial(trialId, ended, overview?.toData() ?? null))
    const { releasedMs, tasksDone, memoryBasis, metrics, observations, ...rest } = ended
    const trial: Trial = {
      ...rest,
      id: trialId,
      configuration_id: configuration.id,
      ordinal,
      index,
      warm_up: warmUp,
      started_at: new Date(startedAt).toISOString(),
      released_ms: releasedMs,
      tasks_done: tasksDone,
      memory_basis: memoryBasis,
      metrics: { ...noMetrics, ...metrics },
      observations: observations ?? null,
    }
    this.#trials.push(trial)
    announce({ type: 'trial-ended', trial, configuration })
    if (!warmUp) this.#tellResults()
  }

  /** What the trials that have ended say. */
  #tellResults(): void {
    const { announce } = this.#parts
    announce({ type: 'compared', comparison: compareModels(this.#run) })
    const findings = findingsOf(this.#run)
    if (findings !== null) announce({ type: 'found', findings })
  }

  /** Runs a trial in a private folder, where its workload needs one. */
  async #watch(
    trialId: number,
    configuration: Configuration,
    { reaper, sampler, server, expectedFor }: Equipment,
  ): Promise<{ readonly ended: EndedTrial; readonly overview: Timeline | null }> {
    const { plan, programs, workload, recording, announce } = this.#parts
    const needsFolder = workload === null || workload.needs === 'folder'
    let folder: PrivateFolder | null = null
    try {
      if (needsFolder) folder = await makePrivateFolder(reaper)
    } catch (error) {
      return { ended: failedTrial((error as Error).message), overview: null }
    }
    const keepProgress = (recorder: TrialRecorder, releasedMs: number | null) =>
      recorder.keep((batches) => {
        const bytes = recording.keepProgress(this.id, this.#time.latest(), batches, {
          id: trialId,
          releasedMs,
          tasksDone: recorder.tasksDone,
        })
        this.#run = { ...this.#run, sample_bytes: this.#run.sample_bytes + bytes }
      })
    const spec = trialSpec(plan, configuration, workload, {
      expected: expectedFor(configuration.parameters),
      folder: folder?.path ?? null,
      serverPort: server?.port ?? null,
    })
    const available = await this.#parts.availableMemoryBytes()
    const watched = await watchTrial({
      spec,
      hostProgram: programs.host,
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
      largestTree: Math.max(...this.#run.configurations.map(processesOf)),
      phase: (name, t_ms) => announce({ type: 'phase', name, t_ms }),
      live: (live) => announce({ type: 'live', live }),
      flush: (recorder, releasedMs) =>
        this.#keeper.keepSoon(() => keepProgress(recorder, releasedMs)),
      flushAll: (recorder, releasedMs) =>
        this.#keeper.keep(() => keepProgress(recorder, releasedMs)),
    })
    await folder?.remove()
    return watched
  }

  /** A figure of each trial that needs the inline trials too, so that it can only be found at the end. */
  async #keepEfficiency(): Promise<void> {
    const byId = new Map(this.#run.configurations.map((each) => [each.id, each]))
    const inline = this.#trials.flatMap((trial) =>
      byId.get(trial.configuration_id)?.model === 'inline' && isCounted(trial)
        ? [trial.metrics.throughput_per_s as number]
        : [],
    )
    const values = new Map<number, number>()
    this.#trials.forEach((trial, at) => {
      const throughput = trial.metrics.throughput_per_s
      const workers = byId.get(trial.configuration_id)?.workers
      if (typeof throughput !== 'number' || workers === undefined) return
      const value = efficiency(throughput, workers, inline)
      if (value === null) return
      values.set(trial.id, value)
      this.#trials[at] = { ...trial, metrics: { ...trial.metrics, efficiency: value } }
    })
    await this.#keeper.keep(() => this.#parts.recording.keepMetric('efficiency', values))
  }

  async #readEnvironment(moment: 'before' | 'after'): Promise<Environment> {
    const { corescopeVersion, recording, plan } = this.#parts
    const read = this.#parts.readEnvironment ?? readEnvironment
    const reading = read(corescopeVersion, providerFor(plan.sampler))
    const environment = await unlessAborted(reading, this.#stopping.signal)
    const field = moment === 'before' ? 'environment' : 'environment_after'
    this.#run = { ...this.#run, [field]: environment }
    await this.#keeper.keep(() => recording.keepEnvironment(this.id, moment, environment))
    return environment
  }

  async #warn(warnings: readonly Warning[]): Promise<void> {
    if (warnings.length === 0) return
    const all = [...this.#run.warnings, ...warnings]
    this.#run = { ...this.#run, warnings: all }
    this.#parts.announce({ type: 'warned', warnings: all })
    await this.#keeper.keep(() => this.#parts.recording.keepWarnings(this.id, warnings))
  }

  async #end(status: RunStatus, reason: string | null): Promise<void> {
    const endedAt = this.#time.now()
    this.#run = {
      ...this.#run,
      status,
      reason,
      ended_at: new Date(endedAt).toISOString(),
      trials_done: this.#trials.filter((trial) => trial.status === 'done').length,
    }
    let sampleBytes = this.#run.sample_bytes
    await this.#keeper.keepAtLast(() => {
      sampleBytes = this.#parts.recording.endRun(this.id, {
        status,
        reason,
        endedAt,
        trialsPlanned: this.#run.trials_planned,
      })
    })
    this.#run = { ...this.#run, sample_bytes: sampleBytes }
  }
}

const stoppedByUser = 'stopped by the user'

/** A write that has to wait for another app's asks again, rather than make everything here wait. */
const shortWaitMs = 20

const samplerLost: Warning = {
  code: 'sampler-lost',
  message: 'the sampler ended in the middle of the run: samples are missing',
}

const noMetrics = Object.fromEntries(metricKeys.map((key) => [key, null])) as TrialMetrics

/** The name of a run that its user gave none. */
function usualLabel(plan: Plan): string {
  const experiment = experimentOf(plan)
  if (experiment === null) return `${workloadName(plan.workload)}: ${plan.models.join(', ')}`
  return experiment.probe === null
    ? `${experiment.title}: ${workloadName(plan.workload)}`
    : experiment.title
}

/** Processes of a trial, its host included. */
function processesOf({ model, workers }: Configuration): number {
  return 1 + (modelTraits[model].separateProcesses ? workers : 0)
}

function isCounted(trial: Trial): boolean {
  return trial.status === 'done' && !trial.warm_up
}
