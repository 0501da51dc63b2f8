import type { Database } from 'better-sqlite3'
import type { Environment, Warning } from '../../shared/model/environment.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { Configuration, RunStatus, Trial } from '../../shared/model/run.ts'
import type { RecordedSamples, TaskSpans } from '../../shared/recorded.ts'
import type { TimedRow } from '../../shared/sample-row.ts'
import type { TimelineData } from '../../shared/timeline.ts'
import { packOverview } from './overview-codec.ts'
import type { RunRecording } from './run-recording.ts'
import { keptTime, packSamples } from './sample-codec.ts'
import { Statements } from './statements.ts'
import { packTaskSpans } from './task-span-codec.ts'

/** A run that comes from elsewhere, whole; what was recorded of its trials has been spooled. */
export interface ForeignRun {
  readonly uid: string
  readonly label: string
  readonly notes: string
  readonly status: Exclude<RunStatus, 'running'>
  readonly reason: string | null
  readonly plan: Plan
  /** ms since the epoch, as are all instants here. */
  readonly startedAt: number
  readonly endedAt: number | null
  readonly importedAt: number
  readonly thinnedAt: number | null
  readonly isKept: boolean
  readonly tags: readonly string[]
  readonly trialsPlanned: number
  readonly environment: Environment | null
  readonly environmentAfter: Environment | null
  readonly warnings: readonly Warning[]
  readonly configurations: readonly Omit<Configuration, 'id'>[]
  /** In the order of execution; `configuration` is a place in the list above. */
  readonly trials: readonly ForeignTrial[]
}

export interface ForeignTrial
  extends Omit<Trial, 'id' | 'configuration_id' | 'started_at' | 'metrics' | 'status'> {
  readonly configuration: number
  readonly startedAt: number
  readonly status: Exclude<Trial['status'], 'running'>
  readonly metrics: Partial<Trial['metrics']>
}

/**
 * Takes in a run from elsewhere. What was recorded of its trials is much and comes first: it waits in
 * temporary tables, which lock nobody out and are gone with the connection. Then all of the run is
 * written in one transaction, so that nothing is left of one that broke off.
 */
export class RunIntake {
  readonly #statements: Statements
  readonly #recording: RunRecording
  readonly #chunks = new Map<number, number>()

  /** @param database a connection of its own, to be closed afterwards */
  constructor(database: Database, recording: RunRecording) {
    this.#recording = recording
    database.exec(`
      CREATE TEMP TABLE IF NOT EXISTS spooled_chunks AS SELECT * FROM main.sample_chunks WHERE 0;
      CREATE TEMP TABLE IF NOT EXISTS spooled_spans AS SELECT * FROM main.task_spans WHERE 0;
      CREATE TEMP TABLE IF NOT EXISTS spooled_overviews AS SELECT * FROM main.overviews WHERE 0;
      CREATE TEMP TABLE IF NOT EXISTS spooled_trials (ordinal INTEGER PRIMARY KEY, id INTEGER NOT NULL);
    `)
    this.#statements = new Statements(database)
  }

  /** @param trial its ordinal, as in all that is spooled */
  keepSamples(trial: number, { stream, t_ms, dt_ms, series, values }: RecordedSamples): void {
    const ordinal = this.#chunks.get(trial) ?? 0
    this.#chunks.set(trial, ordinal + 1)
    const rows = Array.from(
      t_ms,
      (t, at): TimedRow => ({
        t_ms: t,
        dt_ms: dt_ms[at] as number,
        series,
        values: Float64Array.from(values, (column) => column[at] as number),
      }),
    )
    this.#statements.insert('temp.spooled_chunks', {
      trial_id: trial,
      ordinal,
      stream,
      samples: rows.length,
      from_ms: keptTime(rows[0]?.t_ms),
      to_ms: keptTime(rows.at(-1)?.t_ms),
      data: packSamples(rows, true),
    })
  }

  keepTaskSpans(trial: number, { worker, tasks, starts_ms, ends_ms }: TaskSpans): void {
    const data = packTaskSpans(starts_ms, ends_ms)
    this.#statements.insert('temp.spooled_spans', { trial_id: trial, worker, tasks, data })
  }

  keepOverview(trial: number, timeline: TimelineData): void {
    const data = packOverview(timeline)
    this.#statements.insert('temp.spooled_overviews', { trial_id: trial, data })
  }

  /**
   * Writes the run, unless it is here already; then that one is brought back where it was put away, and
   * not changed.
   */
  commit(run: ForeignRun): { readonly id: number; readonly isNew: boolean } {
    return this.#statements.write(() => {
      const [here] = this.#statements.rows<{ id: number }>(
        'SELECT id FROM runs WHERE uid = ?',
        run.uid,
      )
      if (here !== undefined) {
        this.#statements
          .get('UPDATE runs SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL')
          .run(here.id)
        return { id: here.id, isNew: false }
      }
      return { id: this.#write(run), isNew: true }
    })
  }

  #write(run: ForeignRun): number {
    const { id, configurationIds } = this.#recording.create({
      uid: run.uid,
      plan: run.plan,
      label: run.label,
      configurations: run.configurations,
      trialsPlanned: run.trialsPlanned,
      startedAt: run.startedAt,
      // Nobody's: it has ended before it came here.
      owner: { processId: 0, birth: null, hostname: '' },
    })
    if (run.environment !== null) this.#recording.keepEnvironment(id, 'before', run.environment)
    if (run.environmentAfter !== null)
      this.#recording.keepEnvironment(id, 'after', run.environmentAfter)
    this.#recording.keepWarnings(id, run.warnings)
    for (const trial of run.trials) {
      this.#writeTrial(id, configurationIds[trial.configuration] as number, trial)
    }
    this.#moveSpooled()
    this.#recording.endRun(id, {
      status: run.status,
      reason: run.reason,
      endedAt: run.endedAt ?? run.startedAt,
      trialsPlanned: run.trialsPlanned,
    })
    for (const tag of new Set(run.tags)) this.#statements.insert('tags', { run_id: id, tag })
    this.#statements
      .get(
        `UPDATE runs SET notes = ?, ended_at = ?, imported_at = ?, thinned_at = ?, is_kept = ?,
                sample_bytes = (SELECT coalesce(sum(length(data)), 0) FROM sample_chunks
                                JOIN trials ON trials.id = trial_id WHERE run_id = runs.id)
         WHERE id = ?`,
      )
      .run(run.notes, run.endedAt, run.importedAt, run.thinnedAt, run.isKept ? 1 : 0, id)
    return id
  }

  #writeTrial(runId: number, configurationId: number, trial: ForeignTrial): void {
    const { ordinal, index, startedAt, observations, released_ms, memory_basis } = trial
    const id = this.#recording.startTrial(runId, {
      ...{ configurationId, ordinal, index, startedAt },
      warmUp: trial.warm_up,
    })
    this.#recording.endTrial(id, {
      status: trial.status,
      reason: trial.reason,
      releasedMs: released_ms,
      tasksDone: trial.tasks_done,
      memoryBasis: memory_basis,
      metrics: trial.metrics,
      ...(observations === null ? {} : { observations }),
      phases: trial.phases,
      workers: trial.workers,
    })
    this.#statements.insert('temp.spooled_trials', { ordinal, id })
  }

  #moveSpooled(): void {
    for (const [table, from, columns] of [
      ['sample_chunks', 'spooled_chunks', 'ordinal, stream, samples, from_ms, to_ms, data'],
      ['task_spans', 'spooled_spans', 'worker, tasks, data'],
      ['overviews', 'spooled_overviews', 'data'],
    ] as const) {
      const read = columns.replaceAll(/\w+/g, (column) => `spooled.${column}`)
      this.#statements
        .get(
          `INSERT INTO main.${table} (trial_id, ${columns})
           SELECT moved.id, ${read} FROM temp.${from} AS spooled
           JOIN temp.spooled_trials AS moved ON moved.ordinal = spooled.trial_id`,
        )
        .run()
    }
  }
}
