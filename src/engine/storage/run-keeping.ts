import type { Database } from 'better-sqlite3'
import type { RunEdit } from '../../shared/model/library.ts'
import { areWordsDue, foldDueWords, teachFolding } from './search-words.ts'
import { Statements } from './statements.ts'

/** The run that others of a workload are held against. */
export interface Baseline {
  readonly workload: string
  readonly run: number
}

/** What is done with runs after they were made: named, marked, put away. */
export class RunKeeping {
  readonly #database: Database
  readonly #statements: Statements

  constructor(database: Database) {
    teachFolding(database)
    this.#database = database
    this.#statements = new Statements(database)
  }

  /** Changes what a user writes of a run; what is left out stays as it is. */
  edit(id: number, { label, notes, tags, isKept }: RunEdit): void {
    this.#statements.write(() => {
      if (!this.#isThere(id)) return
      const set = (column: string, value: unknown) =>
        this.#statements.get(`UPDATE runs SET ${column} = ? WHERE id = ?`).run(value, id)
      if (label !== undefined) set('label', label)
      if (notes !== undefined) set('notes', notes)
      if (isKept !== undefined) set('is_kept', isKept ? 1 : 0)
      if (tags !== undefined) {
        this.#statements.get('DELETE FROM tags WHERE run_id = ?').run(id)
        for (const tag of new Set(tags)) this.#statements.insert('tags', { run_id: id, tag })
      }
      foldDueWords(this.#database)
    })
  }

  /** Makes a run the baseline of its workload, in place of another, or no longer. */
  setBaseline(id: number, isBaseline: boolean): void {
    this.#statements.write(() => {
      this.#statements.get('DELETE FROM baselines WHERE run_id = ?').run(id)
      if (!isBaseline) return
      this.#statements
        .get(
          `INSERT OR REPLACE INTO baselines (workload, run_id)
           SELECT workload, run_id FROM catalogue WHERE run_id = ? AND is_away = 0`,
        )
        .run(id)
    })
  }

  /** Whether a run was put away, and can still be brought back. */
  isAway(id: number): boolean {
    const sql = 'SELECT 1 FROM runs WHERE id = ? AND deleted_at IS NOT NULL'
    return this.#statements.rows(sql, id).length > 0
  }

  /** Those of the runs that are not put away. */
  baselines(): Baseline[] {
    return this.#statements.rows(
      `SELECT baselines.workload, baselines.run_id AS run
       FROM baselines JOIN catalogue USING (run_id) WHERE is_away = 0 ORDER BY baselines.workload`,
    )
  }

  /**
   * Puts a run away.
   *
   * @param at ms since the epoch
   */
  putAway(id: number, at: number): void {
    this.#statements.write(() =>
      this.#statements.get('UPDATE runs SET deleted_at = ? WHERE id = ?').run(at, id),
    )
  }

  /**
   * @param since in ms since the epoch: what was put away before is gone, deleted or not yet
   * @returns whether there is such a run
   */
  bringBack(id: number, since: number): boolean {
    return this.#statements.write(
      () =>
        this.#statements
          .get('UPDATE runs SET deleted_at = NULL WHERE id = ? AND coalesce(deleted_at, ?) >= ?')
          .run(id, since, since).changes > 0,
    )
  }

  /** @returns whether there was such a run */
  delete(id: number): boolean {
    return this.#statements.write(
      () => this.#statements.get('DELETE FROM runs WHERE id = ?').run(id).changes > 0,
    )
  }

  /** Whether there is a run that was put away before an instant, in ms since the epoch. */
  hasExpired(before: number): boolean {
    return this.#statements.get(anExpired).get(before) !== undefined
  }

  /**
   * Deletes one of them, in one step: what is brought back meanwhile stays.
   *
   * @returns whether there was one
   */
  deleteExpired(before: number): boolean {
    return this.#statements.write(
      () =>
        this.#statements.get(`DELETE FROM runs WHERE id = (${anExpired})`).run(before).changes > 0,
    )
  }

  /** A run that is going on, in whatever app; null where there is none. */
  running(): number | null {
    const [row] = this.#statements.rows<{ id: number }>(
      `SELECT id FROM runs WHERE status = 'running' LIMIT 1`,
    )
    return row?.id ?? null
  }

  /** Makes ready what changed runs are searched by. */
  foldDueWords(): void {
    if (areWordsDue(this.#database)) {
      this.#statements.write(() => foldDueWords(this.#database))
    }
  }

  #isThere(id: number): boolean {
    const found = 'SELECT 1 FROM runs WHERE id = ? AND deleted_at IS NULL'
    return this.#statements.get(found).get(id) !== undefined
  }
}

const anExpired = 'SELECT id FROM runs WHERE deleted_at < ? LIMIT 1'
