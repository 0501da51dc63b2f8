import type { Database } from 'better-sqlite3'
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
  RunSummary,
  Trial,
  WorkerRecord,
} from '../../shared/model/run.ts'
import type { Sample, SampleStream } from '../../shared/model/sample.ts'
import { unpackSamples } from './sample-codec.ts'
import { Statements } from './statements.ts'

/** The runs that a database keeps. */
export class RunLibrary {
  readonly #statements: Statements

  constructor(database: Database) {
    this.#statements = new Statements(database)
  }

  /** All runs, the newest first. */
  list(): RunSummary[] {
    const rows = this.#statements
      .get(`${selectRuns} ORDER BY runs.started_at DESC, runs.id DESC`)
      .all()
    return (rows as RunRow[]).map(asSummary)
  }

  find(id: number): RunSummary | null {
    const row = this.#statements.get(`${selectRuns} WHERE runs.id = ?`).get(id) as
      | RunRow
      | undefined
    return row === undefined ? null : asSummary(row)
  }

  /** A run with everything but its samples. */
  read(id: number): Run | null {
    const summary = this.find(id)
    if (summary === null) return null
    const environments = this.#statements.rows<{ moment: string; document: string }>(
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
      warnings: this.#statements.rows<Warning>(
        'SELECT code, message FROM warnings WHERE run_id = ? ORDER BY id',
        id,
      ),
      configurations: this.#statements
        .rows<Configuration & { parameters: string }>(
          `SELECT id, workload, parameters, runtime, model, workers, scheduling
         FROM configurations WHERE run_id = ? ORDER BY id`,
          id,
        )
        .map((row) => ({ ...row, parameters: JSON.parse(row.parameters) })),
      trials: this.#trials(id),
    }
  }

  /**
   * Samples of a trial, in the order of time within each stream, `t_ms` from the release of the
   * barrier, or from the start of the trial where that was not reached.
   */
  *samples(trialId: number): Generator<Sample> {
    const trial = this.#statements
      .get('SELECT released_ms FROM trials WHERE id = ?')
      .get(trialId) as { released_ms: number | null } | undefined
    const released = trial?.released_ms ?? 0
    const chunks = this.#statements
      .get('SELECT stream, data FROM sample_chunks WHERE trial_id = ? ORDER BY ordinal')
      .iterate(trialId) as Iterable<{ stream: SampleStream; data: Buffer }>
    for (const { stream, data } of chunks) {
      for (const sample of unpackSamples(data)) {
        yield { ...sample, stream, t_ms: sample.t_ms - released }
      }
    }
  }

  /** @returns whether there was such a run */
  delete(id: number): boolean {
    return this.#statements.write(
      () => this.#statements.get('DELETE FROM runs WHERE id = ?').run(id).changes > 0,
    )
  }

  #trials(runId: number): Trial[] {
    const values = Map.groupBy(
      this.#statements.rows<{ trial_id: number; key: MetricKey; value: number }>(
        'SELECT trial_id, key, value FROM metrics JOIN trials ON trials.id = trial_id WHERE run_id = ?',
        runId,
      ),
      ({ trial_id }) => trial_id,
    )
    const phases = Map.groupBy(
      this.#statements.rows<Phase & { trial_id: number }>(
        `SELECT trial_id, worker, name, start_ms, end_ms
         FROM phases JOIN trials ON trials.id = trial_id WHERE run_id = ? ORDER BY phases.id`,
        runId,
      ),
      ({ trial_id }) => trial_id,
    )
    const workers = Map.groupBy(
      this.#statements.rows<WorkerRecord & { trial_id: number }>(
        `SELECT trial_id, workers.ordinal AS "index", process_id, thread_id, tasks, busy_ms, cpu_ms,
                spawn_ms, teardown_ms, rss_bytes, heap_used_bytes
         FROM workers JOIN trials ON trials.id = trial_id WHERE run_id = ? ORDER BY workers.ordinal`,
        runId,
      ),
      ({ trial_id }) => trial_id,
    )
    return this.#statements
      .rows<TrialRow>(
        `SELECT id, configuration_id, ordinal, repetition, warm_up, status, reason, started_at,
              released_ms, tasks_done, memory_basis
       FROM trials WHERE run_id = ? ORDER BY ordinal`,
        runId,
      )
      .map(({ repetition, ...row }) => ({
        ...row,
        index: repetition,
        warm_up: row.warm_up === 1,
        started_at: new Date(row.started_at).toISOString(),
        metrics: asMetrics(values.get(row.id) ?? []),
        phases: (phases.get(row.id) ?? []).map(({ trial_id: _, ...phase }) => phase),
        workers: (workers.get(row.id) ?? []).map(({ trial_id: _, ...worker }) => worker),
      }))
  }
}

type RunRow = Omit<RunSummary, 'plan' | 'started_at' | 'ended_at'> & {
  readonly plan: string
  readonly started_at: number
  readonly ended_at: number | null
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
