import type { Database } from 'better-sqlite3'
import { keptEnvironment, type Warning } from '../../shared/model/environment.ts'
import type { Model, Runtime } from '../../shared/model/execution-model.ts'
import {
  type MetricKey,
  metricKeys,
  metrics,
  type TrialMetrics,
} from '../../shared/model/metric.ts'
import { LabError } from '../../shared/model/problem.ts'
import type {
  Configuration,
  Phase,
  Run,
  RunSummary,
  Trial,
  WorkerRecord,
} from '../../shared/model/run.ts'
import type { Sample, SampleStream } from '../../shared/model/sample.ts'
import type { ParameterValues } from '../../shared/model/workload.ts'
import type { TimedRow } from '../../shared/sample-row.ts'
import type { TimelineData } from '../../shared/timeline.ts'
import { interpreterIn } from './interpreter-column.ts'
import { unpackOverview } from './overview-codec.ts'
import { asSummary, type RunRow, selectRuns } from './run-rows.ts'
import { unpackRows, unpackSamples } from './sample-codec.ts'
import { Statements } from './statements.ts'

/** Reads the runs that a database keeps. */
export class RunLibrary {
  readonly #statements: Statements

  constructor(database: Database) {
    this.#statements = new Statements(database)
  }

  /** All runs, the newest first. */
  list(): RunSummary[] {
    return this.#statements
      .rows<RunRow>(
        `${selectRuns} WHERE deleted_at IS NULL ORDER BY runs.started_at DESC, runs.id DESC`,
      )
      .flatMap((row) => asSummary(row) ?? [])
  }

  /**
   * Number of the run that was made last, whatever the clock said; of one from elsewhere where none was
   * made here. Null where there is none.
   */
  newest(): number | null {
    const last = (of: string) =>
      this.#statements.rows<{ id: number }>(
        `SELECT id FROM runs WHERE deleted_at IS NULL ${of} ORDER BY id DESC LIMIT 1`,
      )[0]
    return (last('AND imported_at IS NULL') ?? last(''))?.id ?? null
  }

  find(id: number): RunSummary | null {
    const row = this.#statements
      .get(`${selectRuns} WHERE runs.id = ? AND deleted_at IS NULL`)
      .get(id) as RunRow | undefined
    if (row === undefined) return null
    const summary = asSummary(row)
    if (summary === null) {
      throw new LabError('database', `run ${id} is not as Corescope writes it; it can be deleted`)
    }
    return summary
  }

  /** Whether a run is still going on; null where there is none. */
  isRunning(id: number): boolean | null {
    const [row] = this.#statements.rows<{ status: string }>(
      'SELECT status FROM runs WHERE id = ? AND deleted_at IS NULL',
      id,
    )
    return row === undefined ? null : row.status === 'running'
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
      return row === undefined ? null : keptEnvironment(row.document)
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
        .rows<
          Omit<Configuration, 'interpreter'> & { parameters: string; interpreter: string | null }
        >(
          `SELECT id, workload, parameters, runtime, interpreter, model, workers,
                  scheduling, variant, content
         FROM configurations WHERE run_id = ? ORDER BY id`,
          id,
        )
        .map((row) => ({
          ...row,
          parameters: JSON.parse(row.parameters),
          interpreter: interpreterIn(row.interpreter),
        })),
      trials: this.#trials(id),
    }
  }

  /**
   * Samples of a trial, in the order of time within each stream, `t_ms` from the release of the
   * barrier, or from the start of the trial where that was not reached.
   */
  *samples(trialId: number): Generator<Sample> {
    const released = this.trial(trialId)?.released_ms ?? 0
    for (const sample of this.samplesBetween(trialId, -Infinity, Infinity)) {
      yield { ...sample, t_ms: sample.t_ms - released }
    }
  }

  /** Samples of a trial within a span of time; all times are from the start of the trial, in ms. */
  *samplesBetween(trialId: number, from: number, to: number): Generator<Sample> {
    for (const { stream, data } of this.#chunks(trialId, from, to)) {
      for (const sample of unpackSamples(data)) {
        if (sample.t_ms >= from && sample.t_ms <= to) yield { ...sample, stream }
      }
    }
  }

  /** The same as rows, as they came in: several times as fast. */
  *rowsBetween(
    trialId: number,
    from: number,
    to: number,
  ): Generator<TimedRow & { readonly stream: SampleStream }> {
    for (const { stream, data } of this.#chunks(trialId, from, to)) {
      for (const row of unpackRows(data)) {
        if (row.t_ms >= from && row.t_ms <= to) yield { ...row, stream }
      }
    }
  }

  #chunks(
    trialId: number,
    from: number,
    to: number,
  ): Iterable<{ readonly stream: SampleStream; readonly data: Buffer }> {
    return this.#statements
      .get(
        `SELECT stream, data FROM sample_chunks
         WHERE trial_id = ? AND coalesce(from_ms <= ? AND to_ms >= ?, 1) ORDER BY ordinal`,
      )
      .iterate(trialId, to, from) as Iterable<{ stream: SampleStream; data: Buffer }>
  }

  /** What a trial's samples are read with; null where there is no such trial. */
  trial(trialId: number): SampledTrial | null {
    const row = this.#statements
      .get(
        `SELECT released_ms, model, configurations.workers, thinned_at,
                (SELECT document ->> 'logical_cores' FROM environments
                 WHERE run_id = trials.run_id AND moment = 'before') AS cores
         FROM trials
         JOIN configurations ON configurations.id = configuration_id
         JOIN runs ON runs.id = trials.run_id
         WHERE trials.id = ? AND deleted_at IS NULL`,
      )
      .get(trialId) as SampledTrial | undefined
    return row ?? null
  }

  /** The trial over time as it was kept at its end; null where it was not. */
  overview(trialId: number): TimelineData | null {
    const row = this.#statements
      .get('SELECT data FROM overviews WHERE trial_id = ?')
      .get(trialId) as { data: Buffer } | undefined
    return row === undefined ? null : unpackOverview(row.data)
  }

  /** The newest trial of the same work that was measured before, in each runtime. */
  knownTrials(
    workload: string,
    parameters: ParameterValues,
    content: string | null = null,
  ): {
    readonly runtime: Runtime
    readonly workers: number
    readonly throughput_per_s: number
  }[] {
    return this.#statements.rows(
      // Of the group, SQLite gives the row that has the maximum.
      `SELECT runtime, configurations.workers, value AS throughput_per_s, max(trials.id)
       FROM configurations
       JOIN trials ON configuration_id = configurations.id
       JOIN metrics ON trial_id = trials.id AND key = 'throughput_per_s'
       JOIN runs ON runs.id = configurations.run_id AND deleted_at IS NULL
       WHERE workload = ? AND parameters = ? AND content IS ? AND trials.status = 'done'
       GROUP BY runtime`,
      workload,
      JSON.stringify(parameters),
      content,
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
        `SELECT trial_id, workers.ordinal AS "index", process_id, thread_id, os_thread_id, tasks, busy_ms,
                cpu_ms, spawn_ms, teardown_ms, rss_bytes, pss_bytes, uss_bytes, heap_used_bytes,
                voluntary_switches, involuntary_switches, migrations
         FROM workers JOIN trials ON trials.id = trial_id WHERE run_id = ? ORDER BY workers.ordinal`,
        runId,
      ),
      ({ trial_id }) => trial_id,
    )
    return this.#statements
      .rows<TrialRow>(
        `SELECT id, configuration_id, ordinal, repetition, warm_up, status, reason, started_at,
              released_ms, tasks_done, memory_basis, observations
       FROM trials WHERE run_id = ? ORDER BY ordinal`,
        runId,
      )
      .map(({ repetition, ...row }) => ({
        ...row,
        index: repetition,
        warm_up: row.warm_up === 1,
        started_at: new Date(row.started_at).toISOString(),
        metrics: asMetrics(values.get(row.id) ?? []),
        observations: row.observations === null ? null : JSON.parse(row.observations),
        phases: (phases.get(row.id) ?? []).map(({ trial_id: _, ...phase }) => phase),
        workers: (workers.get(row.id) ?? []).map(({ trial_id: _, ...worker }) => worker),
      }))
  }
}

export interface SampledTrial {
  readonly released_ms: number | null
  readonly model: Model
  readonly workers: number
  /** When the samples of its run were thinned to the overview; null while they are whole. */
  readonly thinned_at: number | null
  /** Logical cores of the machine it was run on; null where its environment was not read. */
  readonly cores: number | null
}

type TrialRow = Omit<
  Trial,
  'index' | 'warm_up' | 'started_at' | 'metrics' | 'phases' | 'workers' | 'observations'
> & {
  readonly observations: string | null
  readonly repetition: number
  readonly warm_up: number
  readonly started_at: number
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
