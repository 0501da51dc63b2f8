import type { Database } from 'better-sqlite3'
import type { Environment, Warning } from '../../shared/model/environment.ts'
import type { Observations } from '../../shared/model/experiment.ts'
import type { MetricKey, TrialMetrics } from '../../shared/model/metric.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type {
  Configuration,
  MemoryBasis,
  Phase,
  RunStatus,
  TrialStatus,
  WorkerRecord,
} from '../../shared/model/run.ts'
import type { SampleStream } from '../../shared/model/sample.ts'
import type { TaskSpans } from '../../shared/recorded.ts'
import type { TimedRow } from '../../shared/sample-row.ts'
import type { TimelineData } from '../../shared/timeline.ts'
import { packOverview } from './overview-codec.ts'
import { keptTime, packSamples } from './sample-codec.ts'
import { Statements } from './statements.ts'
import { packTaskSpans } from './task-span-codec.ts'

export interface NewRun {
  readonly uid: string
  readonly plan: Plan
  readonly label: string
  readonly configurations: readonly Omit<Configuration, 'id'>[]
  readonly trialsPlanned: number
  readonly startedAt: number
  readonly owner: Owner
}

/** The app that executes a run: another finds out by it whether the run is still going. */
export interface Owner {
  readonly processId: number
  /** Tells the process from a later one of the same number; null where the platform gives nothing. */
  readonly birth: string | null
  readonly hostname: string
}

export interface NewTrial {
  readonly configurationId: number
  readonly ordinal: number
  readonly index: number
  readonly warmUp: boolean
  readonly startedAt: number
}

/** What is known of a trial at its end. */
export interface EndedTrial {
  readonly status: TrialStatus
  readonly reason: string | null
  readonly releasedMs: number | null
  readonly tasksDone: number
  /** What `memory_per_worker_bytes` was found from; null where it was not. */
  readonly memoryBasis: MemoryBasis | null
  readonly metrics: Partial<TrialMetrics>
  /** What a probe saw, or the stack of an error in the user's own code. */
  readonly observations?: Observations
  readonly phases: readonly Phase[]
  readonly workers: readonly WorkerRecord[]
  /** When the tasks of each worker began and ended; left out where that is not known. */
  readonly taskSpans?: readonly TaskSpans[]
}

export interface EndOfRun {
  readonly status: RunStatus
  readonly reason: string | null
  readonly endedAt: number
  /** Known at the end alone of a run that is repeated until it is precise. */
  readonly trialsPlanned: number
}

/** Samples of one stream, their times in ms from the start of the trial. */
export interface SampleBatch {
  readonly ordinal: number
  readonly stream: SampleStream
  readonly samples: readonly TimedRow[]
}

/** Writes runs into a database while they go on. */
export class RunRecording {
  readonly #statements: Statements

  constructor(database: Database) {
    this.#statements = new Statements(database)
  }

  /** @returns the run's number and those of its configurations, in their order */
  create(run: NewRun): { readonly id: number; readonly configurationIds: readonly number[] } {
    const { uid, plan, label, configurations, trialsPlanned, startedAt, owner } = run
    return this.#statements.write(() => {
      const id = this.#statements.insert('runs', {
        uid,
        label,
        notes: plan.notes,
        status: 'running',
        plan: JSON.stringify(plan),
        trials_planned: trialsPlanned,
        started_at: startedAt,
        owner_process: owner.processId,
        owner_birth: owner.birth,
        owner_host: owner.hostname,
        heartbeat_at: startedAt,
      })
      const configurationIds = configurations.map(({ parameters, interpreter, ...rest }) =>
        this.#statements.insert('configurations', {
          run_id: id,
          ...rest,
          parameters: JSON.stringify(parameters),
          interpreter: interpreter === null ? null : JSON.stringify(interpreter),
        }),
      )
      return { id, configurationIds }
    })
  }

  keepEnvironment(runId: number, moment: 'before' | 'after', environment: Environment): void {
    this.#statements.write(() => {
      this.#statements.insert('environments', {
        run_id: runId,
        moment,
        document: JSON.stringify(environment),
      })
    })
  }

  keepWarnings(runId: number, warnings: readonly Warning[]): void {
    this.#statements.write(() => {
      for (const warning of warnings)
        this.#statements.insert('warnings', { run_id: runId, ...warning })
    })
  }

  startTrial(runId: number, trial: NewTrial): number {
    return this.#statements.write(() =>
      this.#statements.insert('trials', {
        run_id: runId,
        configuration_id: trial.configurationId,
        ordinal: trial.ordinal,
        repetition: trial.index,
        warm_up: trial.warmUp ? 1 : 0,
        status: 'running',
        started_at: trial.startedAt,
      }),
    )
  }

  /**
   * A sign of life of the run, and what has been seen of the trial since the last.
   *
   * @returns the bytes that the samples take
   */
  keepProgress(
    runId: number,
    now: number,
    batches: readonly SampleBatch[],
    trial: { readonly id: number; readonly releasedMs: number | null; readonly tasksDone: number },
  ): number {
    const chunks = batches.map(({ samples, ...batch }) => ({
      ...batch,
      samples: samples.length,
      from_ms: keptTime(samples[0]?.t_ms),
      to_ms: keptTime(samples.at(-1)?.t_ms),
      data: packSamples(samples),
    }))
    const bytes = chunks.reduce((sum, { data }) => sum + data.length, 0)
    this.#statements.write(() => {
      this.#statements
        .get('UPDATE runs SET heartbeat_at = ?, sample_bytes = sample_bytes + ? WHERE id = ?')
        .run(now, bytes, runId)
      this.#statements
        .get('UPDATE trials SET released_ms = ?, tasks_done = ? WHERE id = ?')
        .run(trial.releasedMs, trial.tasksDone, trial.id)
      for (const chunk of chunks) {
        this.#statements.insert('sample_chunks', { trial_id: trial.id, ...chunk })
      }
    })
    return bytes
  }

  /** @param overview the trial over time, for the screen */
  endTrial(trialId: number, ended: EndedTrial, overview: TimelineData | null = null): void {
    this.#statements.write(() => {
      this.#statements
        .get(
          `UPDATE trials SET status = ?, reason = ?, released_ms = ?, tasks_done = ?, memory_basis = ?,
                  observations = ?
           WHERE id = ?`,
        )
        .run(
          ended.status,
          ended.reason,
          ended.releasedMs,
          ended.tasksDone,
          ended.memoryBasis,
          ended.observations === undefined ? null : JSON.stringify(ended.observations),
          trialId,
        )
      for (const [key, value] of Object.entries(ended.metrics)) {
        if (value !== null)
          this.#statements.insert('metrics', { trial_id: trialId, key, value: Number(value) })
      }
      for (const phase of ended.phases)
        this.#statements.insert('phases', { trial_id: trialId, ...phase })
      for (const { index, ...worker } of ended.workers) {
        this.#statements.insert('workers', { trial_id: trialId, ordinal: index, ...worker })
      }
      for (const { worker, tasks, starts_ms, ends_ms } of ended.taskSpans ?? []) {
        const data = packTaskSpans(starts_ms, ends_ms)
        this.#statements.insert('task_spans', { trial_id: trialId, worker, tasks, data })
      }
      if (overview !== null) {
        this.#statements.insert('overviews', { trial_id: trialId, data: packOverview(overview) })
      }
    })
  }

  /** A figure that needs other trials as well, as the efficiency does, by trial. */
  keepMetric(key: MetricKey, values: ReadonlyMap<number, number>): void {
    this.#statements.write(() => {
      for (const [trial_id, value] of values) {
        this.#statements.insert('metrics', { trial_id, key, value })
      }
    })
  }

  /**
   * Ends a run, and with it a trial whose end could not be kept.
   *
   * @returns what its samples take, in bytes
   */
  endRun(runId: number, { status, reason, endedAt, trialsPlanned }: EndOfRun): number {
    return this.#statements.write(() => {
      this.#statements
        .get(
          'UPDATE runs SET status = ?, reason = ?, ended_at = ?, trials_planned = ? WHERE id = ?',
        )
        .run(status, reason, endedAt, trialsPlanned, runId)
      this.#interruptTrials(runId, reason ?? 'its end could not be kept')
      const bytes = this.#statements.get('SELECT sample_bytes FROM runs WHERE id = ?').pluck()
      return (bytes.get(runId) as number | undefined) ?? 0
    })
  }

  /** Marks runs whose app is gone as interrupted, together with the trial each was in. */
  markAbandoned(isAlive: (owner: Owner, heartbeatAt: number) => boolean): void {
    const running = this.#statements.rows<Owner & { id: number; heartbeat_at: number }>(
      `SELECT id, owner_process AS processId, owner_birth AS birth, owner_host AS hostname,
              heartbeat_at
       FROM runs WHERE status = 'running'`,
    )
    const abandoned = running.filter((run) => !isAlive(run, run.heartbeat_at))
    if (abandoned.length === 0) return
    const reason = 'the app ended in the middle of the run'
    this.#statements.write(() => {
      for (const { id, heartbeat_at } of abandoned) {
        this.#statements
          .get(
            `UPDATE runs SET status = 'interrupted', reason = ?, ended_at = max(started_at, ?)
             WHERE id = ? AND status = 'running'`,
          )
          .run(reason, heartbeat_at, id)
        this.#interruptTrials(id, reason)
      }
    })
  }

  /** @param ms how long a write waits for another app's, without doing anything else */
  waitForLock(ms: number): void {
    this.#statements.waitForLock(ms)
  }

  #interruptTrials(runId: number, reason: string): void {
    this.#statements
      .get(
        `UPDATE trials SET status = 'interrupted', reason = ? WHERE run_id = ? AND status = 'running'`,
      )
      .run(reason, runId)
  }
}
