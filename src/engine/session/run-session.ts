import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment, Warning } from '../../shared/model/environment.ts'
import type { TrialMetrics } from '../../shared/model/metric.ts'
import { metricKeys } from '../../shared/model/metric.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { LabError } from '../../shared/model/problem.ts'
import type { RunEvent } from '../../shared/model/progress.ts'
import type { Configuration, Run, RunStatus, Trial } from '../../shared/model/run.ts'
import { efficiency } from '../analysis/trial-metrics.ts'
import { type Slot, trialOrder } from '../execution/order.ts'
import type { Programs } from '../execution/programs.ts'
import { environmentWarnings, readEnvironment } from '../sampling/environment.ts'
import { explain } from '../storage/database.ts'
import type { EndedTrial, RunRecording } from '../storage/run-recording.ts'
import type { Workload } from '../workloads/workload.ts'
import { configurationsOf } from './configurations.ts'
import { type Equipment, equip } from './equipment.ts'
import { spreadWarnings } from './run-warnings.ts'
import { watchTrial } from './trial-session.ts'

export interface SessionParts {
  readonly plan: Plan
  readonly workload: Workload
  readonly recording: RunRecording
  readonly databasePath: string
  readonly programs: Programs
  readonly corescopeVersion: string
  announce(event: RunEvent): void
}

/** A run that has ended, as it was seen; where the database failed, with more than that keeps. */
export interface FinishedRun {
  readonly run: Run
  readonly storageFailure: LabError | null
}

/** The host alone, before its workers: long enough for its memory to settle. */
const baselineMs = 100

/** One run, from its first row in the database to its last. */
export class RunSession {
  readonly id: number
  readonly finished: Promise<FinishedRun>

  readonly #parts: SessionParts
  readonly #stopping = new AbortController()
  readonly #slots: readonly Slot<Configuration>[]
  readonly #trials: Trial[] = []
  #run: Run
  #storageFailure: LabError | null = null

  /** @throws Error of the database, where the run cannot be kept; nothing has been started then */
  constructor(parts: SessionParts) {
    const { plan, recording } = parts
    this.#parts = parts
    const wanted = configurationsOf(plan)
    const startedAt = Date.now()
    const summary = {
      uid: crypto.randomUUID(),
      label: plan.label === '' ? `${plan.workload}: ${plan.models.join(', ')}` : plan.label,
      trialsPlanned: wanted.length * (plan.repeat + plan.warmup),
    }
    const created = recording.create({
      ...summary,
      plan,
      configurations: wanted,
      startedAt,
      owner: { processId: process.pid, hostname: hostname() },
    })
    const configurations = wanted.map((configuration, index) => ({
      ...configuration,
      id: created.configurationIds[index] as number,
    }))
    this.id = created.id
    this.#slots = trialOrder(configurations, plan)
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
    this.#stopping.abort('user')
  }

  async #execute(): Promise<FinishedRun> {
    const { announce } = this.#parts
    const { configurations, trials_planned: trialsPlanned } = this.#run
    announce({ type: 'run-started', runId: this.id, configurations, trialsPlanned })
    let equipment: Equipment | null = null
    let failure: string | null = null
    try {
      announce({ type: 'preparing', what: 'reading the environment' })
      const environment = await this.#readEnvironment('before')
      const mostWorkers = Math.max(...configurations.map(({ workers }) => workers))
      this.#warn(environmentWarnings(environment, mostWorkers))
      announce({ type: 'preparing', what: 'finding the expected results' })
      equipment = await equip(this.#parts, this.#stopping.signal)
      for (const [ordinal, slot] of this.#slots.entries()) {
        if (this.#stopping.signal.aborted) break
        await this.#runTrial(ordinal, slot, equipment)
      }
      this.#keepEfficiency()
      this.#warn(spreadWarnings(this.#run))
      if (!this.#stopping.signal.aborted) await this.#readEnvironment('after')
    } catch (error) {
      if (!this.#stopping.signal.aborted) failure = messageOf(error)
    } finally {
      await equipment?.close()
    }
    const unsound = this.#trials.find(({ status }) => status === 'failed' || status === 'void')
    failure ??= this.#storageFailure?.message ?? unsound?.reason ?? null
    const isStopped = this.#stopping.signal.reason === 'user'
    this.#end(
      isStopped ? 'interrupted' : failure === null ? 'done' : 'failed',
      isStopped ? 'stopped by the user' : failure,
    )
    announce({ type: 'run-ended', run: this.#run })
    return { run: this.#run, storageFailure: this.#storageFailure }
  }

  async #runTrial(
    ordinal: number,
    slot: Slot<Configuration>,
    { reaper, sampler, server, expected }: Equipment,
  ): Promise<void> {
    const { plan, programs, workload, recording, announce } = this.#parts
    const { configuration, index, warmUp } = slot
    const startedAt = Date.now()
    const trialId = this.#keep(() =>
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

    const folder = workload.needs === 'folder' ? await mkdtemp(join(tmpdir(), 'corescope-')) : null
    const forget = folder === null ? () => {} : reaper.watchFolder(folder)
    let ended: EndedTrial
    try {
      ended = await watchTrial({
        trialId,
        spec: {
          workload: plan.workload,
          parameters: plan.parameters,
          seed: plan.seed,
          model: configuration.model,
          workers: configuration.workers,
          scheduling: plan.scheduling,
          tasks: plan.tasks,
          durationMs: plan.duration_s === null ? null : plan.duration_s * 1000,
          intervalMs: plan.interval_ms,
          baselineMs,
          expected,
          folder,
          serverPort: server?.port ?? null,
        },
        hostProgram: programs.host,
        reaper,
        sampler,
        signal: this.#stopping.signal,
        phase: (name) => announce({ type: 'phase', name }),
        live: (live) => announce({ type: 'live', live }),
        flush: (batches, releasedMs, tasksDone) =>
          this.#keep(() =>
            recording.keepProgress(this.id, Date.now(), batches, {
              id: trialId,
              releasedMs,
              tasksDone,
            }),
          ),
      })
    } finally {
      if (folder !== null) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
      forget()
    }
    this.#keep(() => recording.endTrial(trialId, ended))
    const { releasedMs, tasksDone, metrics, ...rest } = ended
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
      metrics: { ...noMetrics, ...metrics },
    }
    this.#trials.push(trial)
    announce({ type: 'trial-ended', trial, configuration })
  }

  /** A figure of each trial that needs the inline trials too, so that it can only be found at the end. */
  #keepEfficiency(): void {
    const { recording } = this.#parts
    const byId = new Map(this.#run.configurations.map((each) => [each.id, each]))
    const inline = this.#trials.flatMap((trial) =>
      byId.get(trial.configuration_id)?.model === 'inline' && isCounted(trial)
        ? [trial.metrics.throughput_per_s as number]
        : [],
    )
    this.#trials.forEach((trial, at) => {
      const throughput = trial.metrics.throughput_per_s
      const workers = byId.get(trial.configuration_id)?.workers
      if (typeof throughput !== 'number' || workers === undefined) return
      const value = efficiency(throughput, workers, inline)
      if (value === null) return
      this.#trials[at] = { ...trial, metrics: { ...trial.metrics, efficiency: value } }
      this.#keep(() => recording.keepMetric(trial.id, 'efficiency', value))
    })
  }

  async #readEnvironment(moment: 'before' | 'after'): Promise<Environment> {
    const { corescopeVersion, recording } = this.#parts
    const environment = await readEnvironment(corescopeVersion, 'systeminformation')
    const field = moment === 'before' ? 'environment' : 'environment_after'
    this.#run = { ...this.#run, [field]: environment }
    this.#keep(() => recording.keepEnvironment(this.id, moment, environment))
    return environment
  }

  #warn(warnings: readonly Warning[]): void {
    if (warnings.length === 0) return
    this.#run = { ...this.#run, warnings: [...this.#run.warnings, ...warnings] }
    this.#keep(() => this.#parts.recording.keepWarnings(this.id, warnings))
  }

  #end(status: RunStatus, reason: string | null): void {
    const endedAt = Date.now()
    const trialsDone = this.#trials.filter((trial) => trial.status === 'done').length
    this.#run = {
      ...this.#run,
      status,
      reason,
      ended_at: new Date(endedAt).toISOString(),
      trials_done: trialsDone,
    }
    try {
      this.#parts.recording.endRun(this.id, status, reason, endedAt)
    } catch (error) {
      this.#storageFailure ??= explain(error, this.#parts.databasePath)
    }
  }

  /**
   * Writes to the database. Where that fails, what has been committed is safe, and the run ends: what
   * cannot be kept is not worth measuring.
   */
  #keep<T>(write: () => T): T | undefined {
    if (this.#storageFailure !== null) return undefined
    try {
      return write()
    } catch (error) {
      this.#storageFailure = explain(error, this.#parts.databasePath)
      this.#stopping.abort('storage')
      return undefined
    }
  }
}

const noMetrics = Object.fromEntries(metricKeys.map((key) => [key, null])) as TrialMetrics

function isCounted(trial: Trial): boolean {
  return trial.status === 'done' && !trial.warm_up
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
