import os from 'node:os'
import { executorName } from '../../shared/executor-names.ts'
import type { Environment, Warning } from '../../shared/model/environment.ts'
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
import { baselineKey } from '../analysis/executor.ts'
import { efficiency } from '../analysis/trial-metrics.ts'
import { SteadyTime } from '../clock.ts'
import type { Slot } from '../execution/order.ts'
import { experimentOf } from '../experiments/catalogue.ts'
import { findingsOf } from '../experiments/findings.ts'
import { thisOwner } from '../storage/liveness.ts'
import type { EndedTrial, RunRecording } from '../storage/run-recording.ts'
import { Keeper } from './keeper.ts'
import type { TrialRecorder } from './recorder.ts'

/** What a run is kept by. */
export interface RecordParts {
  readonly plan: Plan
  readonly configurations: readonly PlannedConfiguration[]
  /** What the user's own module is; null where a workload is none. */
  contentOf(workload: string): string | null
  readonly recording: RunRecording
  readonly databasePath: string
  readonly wallClock?: () => number
  announce(event: RunEvent): void
  /** Called once, where the database cannot be written. */
  giveUp(failure: LabError): void
}

/** A trial that has been started. */
export interface StartedTrial {
  readonly id: number
  readonly ordinal: number
  readonly slot: Slot<Configuration>
  readonly startedAt: number
}

/** What is known of a run while it goes on: kept in the database and told as it comes. */
export class RunRecord {
  readonly id: number
  readonly #parts: RecordParts
  readonly #trials: Trial[] = []
  /** By which the run is dated: a clock that is set does not end it before it began. */
  readonly #time: SteadyTime
  readonly #keeper: Keeper
  #run: Run

  /** @throws Error of the database, where the run cannot be kept */
  constructor(parts: RecordParts) {
    const { plan, recording } = parts
    this.#parts = parts
    this.#keeper = new Keeper(parts.databasePath, (failure) => parts.giveUp(failure))
    const wanted = parts.configurations.map((each) => ({
      ...each,
      content: parts.contentOf(each.workload),
    }))
    this.#time = new SteadyTime(parts.wallClock)
    const startedAt = this.#time.start
    const summary = {
      uid: crypto.randomUUID(),
      label: plan.label === '' ? usualLabel(plan, wanted) : plan.label,
      trialsPlanned: wanted.length * (mostRepetitions(plan) + plan.warmup),
    }
    const owner = thisOwner()
    const created = recording.create({ ...summary, plan, configurations: wanted, startedAt, owner })
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
  }

  get run(): Run {
    return this.#run
  }

  /** Why the database could not be written; null where it could. */
  get failure(): LabError | null {
    return this.#keeper.failure
  }

  async keepEnvironment(moment: 'before' | 'after', environment: Environment): Promise<void> {
    const field = moment === 'before' ? 'environment' : 'environment_after'
    this.#run = { ...this.#run, [field]: environment }
    const { recording } = this.#parts
    await this.#keeper.keep(() => recording.keepEnvironment(this.id, moment, environment))
  }

  async warn(warnings: readonly Warning[]): Promise<void> {
    if (warnings.length === 0) return
    const all = [...this.#run.warnings, ...warnings]
    this.#run = { ...this.#run, warnings: all }
    this.#parts.announce({ type: 'warned', warnings: all })
    await this.#keeper.keep(() => this.#parts.recording.keepWarnings(this.id, warnings))
  }

  /** @returns null where it cannot be kept */
  async startTrial(ordinal: number, slot: Slot<Configuration>): Promise<StartedTrial | null> {
    const { recording, announce } = this.#parts
    const { configuration, index, warmUp } = slot
    const startedAt = this.#time.now()
    const started = { configurationId: configuration.id, ordinal, index, warmUp, startedAt }
    const id = await this.#keeper.keep(() => recording.startTrial(this.id, started))
    if (id === undefined) return null
    announce({ type: 'trial-started', ordinal, index, warmUp, configuration })
    return { id, ordinal, slot, startedAt }
  }

  /** Keeps what was seen of a trial since the last time, or leaves it for the next. */
  keepSoon(trial: StartedTrial, recorder: TrialRecorder, releasedMs: number | null): void {
    this.#keeper.keepSoon(() => this.#keepProgress(trial, recorder, releasedMs))
  }

  /** Keeps it as soon as the database lets it. */
  async keepAll(
    trial: StartedTrial,
    recorder: TrialRecorder,
    releasedMs: number | null,
  ): Promise<void> {
    await this.#keeper.keep(() => this.#keepProgress(trial, recorder, releasedMs))
  }

  #keepProgress({ id }: StartedTrial, recorder: TrialRecorder, releasedMs: number | null): void {
    const { recording } = this.#parts
    recorder.keep((batches) => {
      const progress = { id, releasedMs, tasksDone: recorder.tasksDone }
      const bytes = recording.keepProgress(this.id, this.#time.latest(), batches, progress)
      this.#run = { ...this.#run, sample_bytes: this.#run.sample_bytes + bytes }
    })
  }

  async endTrial(
    { id, ordinal, slot, startedAt }: StartedTrial,
    ended: EndedTrial,
    overview: Timeline | null,
  ): Promise<void> {
    const { recording, announce } = this.#parts
    const { configuration, index, warmUp } = slot
    await this.#keeper.keep(() => recording.endTrial(id, ended, overview?.toData() ?? null))
    // Single tasks are kept, and not held: of a long run they are many.
    const { taskSpans: _, ...held } = ended
    const { releasedMs, tasksDone, memoryBasis, metrics, observations, ...rest } = held
    const trial: Trial = {
      ...rest,
      id,
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
    if (!warmUp) this.tellResults()
  }

  /** What the trials that have ended say. */
  tellResults(): void {
    const { announce } = this.#parts
    announce({ type: 'compared', comparison: compareModels(this.#run) })
    const findings = findingsOf(this.#run)
    if (findings !== null) announce({ type: 'found', findings })
  }

  /** A figure of each trial that needs the inline trials too, so that it can only be found at the end. */
  async keepEfficiency(): Promise<void> {
    const byId = new Map(this.#run.configurations.map((each) => [each.id, each]))
    const inline = new Map<string, number[]>()
    for (const trial of this.#trials) {
      const configuration = byId.get(trial.configuration_id)
      if (configuration?.model !== 'inline' || !isCounted(trial)) continue
      const key = baselineKey(configuration)
      const throughput = trial.metrics.throughput_per_s as number
      inline.set(key, [...(inline.get(key) ?? []), throughput])
    }
    const values = new Map<number, number>()
    this.#trials.forEach((trial, at) => {
      const throughput = trial.metrics.throughput_per_s
      const configuration = byId.get(trial.configuration_id)
      if (typeof throughput !== 'number' || configuration === undefined) return
      const own = inline.get(baselineKey(configuration)) ?? []
      const value = efficiency(throughput, configuration.workers, own)
      if (value === null) return
      values.set(trial.id, value)
      this.#trials[at] = { ...trial, metrics: { ...trial.metrics, efficiency: value } }
    })
    await this.#keeper.keep(() => this.#parts.recording.keepMetric('efficiency', values))
  }

  /** How many trials it comes to is known at the end alone, where it is repeated until it is precise. */
  settlePlanned(trials: number): void {
    this.#run = { ...this.#run, trials_planned: trials }
  }

  async end(status: RunStatus, reason: string | null): Promise<void> {
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

const noMetrics = Object.fromEntries(metricKeys.map((key) => [key, null])) as TrialMetrics

/** The name of a run that its user gave none. */
/** Executors that a label names; of more there is their number. */
const mostNamed = 3

function usualLabel(plan: Plan, configurations: readonly PlannedConfiguration[]): string {
  const experiment = experimentOf(plan)
  if (experiment === null) {
    const models = `${workloadName(plan.workload)}: ${plan.models.join(', ')}`
    if (configurations.every(({ runtime }) => runtime === 'node')) return models
    const names = [...new Set(configurations.map(executorName))]
    const more = names.length - mostNamed
    return `${models} · ${names.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  }
  return experiment.probe === null
    ? `${experiment.title}: ${workloadName(plan.workload)}`
    : experiment.title
}

function isCounted(trial: Trial): boolean {
  return trial.status === 'done' && !trial.warm_up
}
