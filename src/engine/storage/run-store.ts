import type { Database, Statement } from 'better-sqlite3'
import type { Environment, Warning } from '../../shared/model/environment.ts'
import {
  type MetricKey,
  metricKeys,
  metrics,
  type TrialMetrics,
} from '../../shared/model/metric.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type {
  Configuration,
  Phase,
  Run,
  RunStatus,
  RunSummary,
  Trial,
  TrialStatus,
  WorkerRecord,
} from '../../shared/model/run.ts'
import type { Sample, SampleStream } from '../../shared/model/sample.ts'
import { packSamples, unpackSamples } from './sample-codec.ts'

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
  readonly metrics: Partial<TrialMetrics>
  readonly phases: readonly Phase[]
  readonly workers: readonly WorkerRecord[]
}

/** Samples of one stream, their times in ms from the start of the trial. */
export interface SampleBatch {
  readonly trialId: number
  readonly ordinal: number
  readonly stream: SampleStream
  readonly samples: readonly Sample[]
}

/** The runs kept in a database. */
export class RunStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** @returns the run's number and those of its configurations, in their order */
  create(run: NewRun): { readonly id: number; readonly configurationIds: readonly number[] } {
    const { uid, plan, label, configurations, trialsPlanned, startedAt, owner } = run
    return this.#write(() => {
      const id = this.#insert('runs', {
        uid,
        label,
        notes: plan.notes,
        status: 'running',
        plan: JSON.stringify(plan),
        trials_planned: trialsPlanned,
        started_at: startedAt,
        owner_process: owner.processId,
        owner_host: owner.hostname,
        heartbeat_at: startedAt,
      })
      const configurationIds = configurations.map(({ parameters, ...rest }) =>
        this.#insert('configurations', {
          run_id: id,
          ...rest,
          parameters: JSON.stringify(parameters),
        }),
      )
      return { id, configurationIds }
    })
  }

  keepEnvironment(runId: number, moment: 'before' | 'after', environment: Environment): void {
    this.#write(() => {
      this.#insert('environments', {
        run_id: runId,
        moment,
        document: JSON.stringify(environment),
      })
    })
  }

  keepWarnings(runId: number, warnings: readonly Warning[]): void {
    this.#write(() => {
      for (const warning of warnings) this.#insert('warnings', { run_id: runId, ...warning })
    })
  }

  startTrial(runId: number, trial: NewTrial): number {
    return this.#write(() =>
      this.#insert('trials', {
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

  /** A sign of life of the run, and what has been seen of the trial since the last. */
  keepProgress(
    runId: number,
    now: number,
    batches: readonly SampleBatch[],
    trial: { readonly id: number; readonly releasedMs: number | null; readonly tasksDone: number },
  ): void {
    this.#write(() => {
      this.#statement('UPDATE runs SET heartbeat_at = ? WHERE id = ?').run(now, runId)
      this.#statement('UPDATE trials SET released_ms = ?, tasks_done = ? WHERE id = ?').run(
        trial.releasedMs,
        trial.tasksDone,
        trial.id,
      )
      for (const { trialId, ordinal, stream, samples } of batches) {
        this.#insert('sample_chunks', {
          trial_id: trialId,
          ordinal,
          stream,
          samples: samples.length,
          data: packSamples(samples),
        })
      }
    })
  }

  endTrial(trialId: number, ended: EndedTrial): void {
    this.#write(() => {
      this.#statement(
        'UPDATE trials SET status = ?, reason = ?, released_ms = ?, tasks_done = ? WHERE id = ?',
      ).run(ended.status, ended.reason, ended.releasedMs, ended.tasksDone, trialId)
      for (const [key, value] of Object.entries(ended.metrics)) {
        if (value !== null)
          this.#insert('metrics', { trial_id: trialId, key, value: Number(value) })
      }
      for (const phase of ended.phases) this.#insert('phases', { trial_id: trialId, ...phase })
      for (const { index, ...worker } of ended.workers) {
        this.#insert('workers', { trial_id: trialId, ordinal: index, ...worker })
      }
    })
  }

  /** A figure that needs other trials as well, as the efficiency does. */
  keepMetric(trialId: number, key: MetricKey, value: number): void {
    this.#write(() => {
      this.#statement('INSERT OR REPLACE INTO metrics (trial_id, key, value) VALUES (?, ?, ?)').run(
        trialId,
        key,
        value,
      )
    })
  }

  endRun(runId: number, status: RunStatus, reason: string | null, endedAt: number): void {
    this.#write(() => {
      this.#statement('UPDATE runs SET status = ?, reason = ?, ended_at = ? WHERE id = ?').run(
        status,
        reason,
        endedAt,
        runId,
      )
    })
  }

  /** Marks runs whose app is gone as interrupted, together with the trial each was in. */
  markAbandoned(isAlive: (owner: Owner, heartbeatAt: number) => boolean): void {
    const running = this.#statement(
      `SELECT id, owner_process, owner_host, heartbeat_at FROM runs WHERE status = 'running'`,
    ).all() as {
      id: number
      owner_process: number
      owner_host: string
      heartbeat_at: number
    }[]
    const abandoned = running.filter(
      (run) =>
        !isAlive({ processId: run.owner_process, hostname: run.owner_host }, run.heartbeat_at),
    )
    if (abandoned.length === 0) return
    const reason = 'the app ended in the middle of the run'
    this.#write(() => {
      for (const { id, heartbeat_at } of abandoned) {
        this.#statement(
          `UPDATE runs SET status = 'interrupted', reason = ?, ended_at = ? WHERE id = ? AND status = 'running'`,
        ).run(reason, heartbeat_at, id)
        this.#statement(
          `UPDATE trials SET status = 'interrupted', reason = ? WHERE run_id = ? AND status = 'running'`,
        ).run(reason, id)
      }
    })
  }

  /** All runs, the newest first. */
  list(): RunSummary[] {
    const rows = this.#statement(`${selectRuns} ORDER BY runs.started_at DESC, runs.id DESC`).all()
    return (rows as RunRow[]).map(asSummary)
  }

  find(id: number): RunSummary | null {
    const row = this.#statement(`${selectRuns} WHERE runs.id = ?`).get(id) as RunRow | undefined
    return row === undefined ? null : asSummary(row)
  }

  /** A run with everything but its samples. */
  read(id: number): Run | null {
    const summary = this.find(id)
    if (summary === null) return null
    const environments = this.#rows<{ moment: string; document: string }>(
      'SELECT moment, document FROM environments WHERE run_id = ?',
      id,
    )
    const environment = (moment: string) => {
      const row = environments.find((each) => each.moment === moment)
      return row === undefined ? null : (JSON.parse(row.document) as Environment)
    }
    return {
      ...summary,
      environment: environment('before'),
      environment_after: environment('after'),
      warnings: this.#rows<Warning>(
        'SELECT code, message FROM warnings WHERE run_id = ? ORDER BY id',
        id,
      ),
      configurations: this.#rows<Configuration & { parameters: string }>(
        `SELECT id, workload, parameters, runtime, model, workers, scheduling
         FROM configurations WHERE run_id = ? ORDER BY id`,
        id,
      ).map((row) => ({ ...row, parameters: JSON.parse(row.parameters) })),
      trials: this.#trials(id),
    }
  }

  /**
   * Samples of a trial, in the order of time within each stream, `t_ms` from the release of the
   * barrier, or from the start of the trial where that was not reached.
   */
  *samples(trialId: number): Generator<Sample> {
    const trial = this.#statement('SELECT released_ms FROM trials WHERE id = ?').get(trialId) as
      | { released_ms: number | null }
      | undefined
    const released = trial?.released_ms ?? 0
    const chunks = this.#statement(
      'SELECT stream, data FROM sample_chunks WHERE trial_id = ? ORDER BY ordinal',
    ).iterate(trialId) as Iterable<{ stream: SampleStream; data: Buffer }>
    for (const { stream, data } of chunks) {
      for (const sample of unpackSamples(data)) {
        yield { ...sample, stream, t_ms: sample.t_ms - released }
      }
    }
  }

  /** @returns whether there was such a run */
  delete(id: number): boolean {
    return this.#write(() => this.#statement('DELETE FROM runs WHERE id = ?').run(id).changes > 0)
  }

  #trials(runId: number): Trial[] {
    const values = Map.groupBy(
      this.#rows<{ trial_id: number; key: MetricKey; value: number }>(
        'SELECT trial_id, key, value FROM metrics JOIN trials ON trials.id = trial_id WHERE run_id = ?',
        runId,
      ),
      ({ trial_id }) => trial_id,
    )
    const phases = Map.groupBy(
      this.#rows<Phase & { trial_id: number }>(
        `SELECT trial_id, worker, name, start_ms, end_ms
         FROM phases JOIN trials ON trials.id = trial_id WHERE run_id = ? ORDER BY phases.id`,
        runId,
      ),
      ({ trial_id }) => trial_id,
    )
    const workers = Map.groupBy(
      this.#rows<WorkerRecord & { trial_id: number }>(
        `SELECT trial_id, workers.ordinal AS "index", process_id, thread_id, tasks, busy_ms, cpu_ms,
                spawn_ms, teardown_ms, rss_bytes, heap_used_bytes
         FROM workers JOIN trials ON trials.id = trial_id WHERE run_id = ? ORDER BY workers.ordinal`,
        runId,
      ),
      ({ trial_id }) => trial_id,
    )
    return this.#rows<TrialRow>(
      `SELECT id, configuration_id, ordinal, repetition, warm_up, status, reason, started_at,
              released_ms, tasks_done
       FROM trials WHERE run_id = ? ORDER BY ordinal`,
      runId,
    ).map(({ repetition, ...row }) => ({
      ...row,
      index: repetition,
      warm_up: row.warm_up === 1,
      started_at: new Date(row.started_at).toISOString(),
      metrics: asMetrics(values.get(row.id) ?? []),
      phases: (phases.get(row.id) ?? []).map(({ trial_id: _, ...phase }) => phase),
      workers: (workers.get(row.id) ?? []).map(({ trial_id: _, ...worker }) => worker),
    }))
  }

  #write<T>(work: () => T): T {
    return this.#database.transaction(work).immediate()
  }

  #rows<T>(sql: string, ...parameters: readonly unknown[]): T[] {
    return this.#statement(sql).all(...parameters) as T[]
  }

  readonly #statements = new Map<string, Statement<unknown[]>>()

  #statement(sql: string): Statement<unknown[]> {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare<unknown[]>(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  /** Table and columns come from this file alone. */
  #insert(table: string, row: Readonly<Record<string, unknown>>): number {
    const columns = Object.keys(row)
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
    return Number(this.#statement(sql).run(...Object.values(row)).lastInsertRowid)
  }
}

interface RunRow {
  readonly id: number
  readonly uid: string
  readonly label: string
  readonly notes: string
  readonly status: RunStatus
  readonly reason: string | null
  readonly plan: string
  readonly started_at: number
  readonly ended_at: number | null
  readonly trials_planned: number
  readonly trials_done: number
}

type TrialRow = Omit<
  Trial,
  'index' | 'warm_up' | 'started_at' | 'metrics' | 'phases' | 'workers'
> & {
  readonly repetition: number
  readonly warm_up: number
  readonly started_at: number
}

const selectRuns = `
  SELECT id, uid, label, notes, status, reason, plan, started_at, ended_at, trials_planned,
         (SELECT count(*) FROM trials WHERE run_id = runs.id AND trials.status = 'done') AS trials_done
  FROM runs`

function asSummary(row: RunRow): RunSummary {
  return {
    ...row,
    plan: JSON.parse(row.plan) as Plan,
    started_at: new Date(row.started_at).toISOString(),
    ended_at: row.ended_at === null ? null : new Date(row.ended_at).toISOString(),
  }
}

function asMetrics(rows: readonly { key: MetricKey; value: number }[]): TrialMetrics {
  const found = new Map(rows.map(({ key, value }) => [key, value]))
  return Object.fromEntries(
    metricKeys.map((key) => {
      const value = found.get(key)
      if (value === undefined) return [key, null]
      return [key, metrics[key].unit === 'bool' ? value === 1 : value]
    }),
  ) as TrialMetrics
}
