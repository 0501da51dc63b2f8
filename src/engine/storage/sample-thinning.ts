import type { Database } from 'better-sqlite3'
import { type KeepingPolicy, keepEverything } from '../../shared/model/library.ts'
import type { TimelineData } from '../../shared/timeline.ts'
import { packOverview } from './overview-codec.ts'
import { Statements } from './statements.ts'

/** What samples take, and how old ones are taken away; results, overviews and task spans stay. */
export class SampleThinning {
  readonly #database: Database
  readonly #statements: Statements

  constructor(database: Database) {
    this.#database = database
    this.#statements = new Statements(database)
  }

  get policy(): KeepingPolicy {
    const [row] = this.#statements.rows<{ days: unknown }>(
      `SELECT CASE WHEN json_valid(value) THEN value ->> 'thin_after_days' END AS days
       FROM settings WHERE name = 'keeping'`,
    )
    const days = row?.days
    return typeof days === 'number' && days >= 1 ? { thin_after_days: days } : keepEverything
  }

  setPolicy(policy: KeepingPolicy): void {
    this.#statements.write(() =>
      this.#statements
        .get(`INSERT OR REPLACE INTO settings (name, value) VALUES ('keeping', ?)`)
        .run(JSON.stringify(policy)),
    )
  }

  /** Of all samples, in bytes, as they are packed. */
  sampleBytes(): number {
    const [{ bytes }] = this.#statements.rows<{ bytes: number }>(
      'SELECT coalesce(sum(sample_bytes), 0) AS bytes FROM catalogue',
    ) as [{ bytes: number }]
    return bytes
  }

  /** Pages of the file in which nothing is, in bytes. */
  reclaimableBytes(): number {
    const read = (name: string) => this.#database.pragma(name, { simple: true }) as number
    return read('freelist_count') * read('page_size')
  }

  /**
   * Runs whose samples may go, the oldest first.
   *
   * @param before in ms since the epoch: those that were made, or came here, earlier
   */
  thinnable(before: number): { readonly id: number; readonly sample_bytes: number }[] {
    return this.#statements.rows(
      `SELECT runs.id, runs.sample_bytes FROM runs JOIN catalogue ON run_id = runs.id
       WHERE ${mayGo} AND catalogue.sample_bytes > 0 ORDER BY runs.started_at, runs.id`,
      before,
      before,
    )
  }

  /** Trials of a run that have samples, and no overview that would stay in their place. */
  withoutOverview(runId: number): number[] {
    return this.#statements
      .get(
        `SELECT id FROM trials
         WHERE run_id = ? AND NOT EXISTS (SELECT 1 FROM overviews WHERE trial_id = trials.id)
           AND EXISTS (SELECT 1 FROM sample_chunks WHERE trial_id = trials.id)`,
      )
      .pluck()
      .all(runId) as number[]
  }

  keepOverview(trialId: number, overview: TimelineData): void {
    const data = packOverview(overview)
    this.#statements.write(() =>
      this.#statements
        .get('INSERT OR REPLACE INTO overviews (trial_id, data) VALUES (?, ?)')
        .run(trialId, data),
    )
  }

  /**
   * Takes some of a run's samples away, where they still may go and every trial has its overview: the
   * run says so from the first on.
   *
   * @returns whether there may be more
   */
  thinSome(runId: number, before: number, now: number): boolean {
    return this.#statements.write(() => {
      const stillMayGo = this.#statements
        .get(`SELECT 1 FROM runs WHERE ${mayGo} AND runs.id = ?`)
        .get(before, before, runId)
      if (stillMayGo === undefined || this.withoutOverview(runId).length > 0) return false
      const { changes } = this.#statements
        .get(
          `DELETE FROM sample_chunks WHERE rowid IN (
             SELECT sample_chunks.rowid FROM trials JOIN sample_chunks ON trial_id = trials.id
             WHERE run_id = ? LIMIT ?)`,
        )
        .run(runId, chunksAtOnce)
      this.#statements
        .get('UPDATE runs SET thinned_at = coalesce(thinned_at, ?) WHERE id = ?')
        .run(now, runId)
      if (changes === chunksAtOnce) return true
      this.#statements.get('UPDATE runs SET sample_bytes = 0 WHERE id = ?').run(runId)
      return false
    })
  }
}

/** Deleted in some milliseconds: another app that records does not wait for long. */
const chunksAtOnce = 500

/** Neither going on, nor marked, nor young, nor put away, where it would come back other than it went. */
const mayGo = `runs.status <> 'running' AND runs.deleted_at IS NULL AND is_kept = 0
  AND runs.started_at < ? AND coalesce(imported_at < ?, 1)
  AND NOT EXISTS (SELECT 1 FROM baselines WHERE baselines.run_id = runs.id)`
