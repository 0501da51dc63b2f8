import type { Database, Statement } from 'better-sqlite3'

/** A database's statements, each prepared once. */
export class Statements {
  readonly #database: Database
  readonly #prepared = new Map<string, Statement<unknown[]>>()

  constructor(database: Database) {
    this.#database = database
  }

  /** All of it or nothing, and nobody else writes meanwhile. */
  write<T>(work: () => T): T {
    return this.#database.transaction(work).immediate()
  }

  /** @param ms how long a write waits for another's to end */
  waitForLock(ms: number): void {
    this.#database.pragma(`busy_timeout = ${ms}`)
  }

  get(sql: string): Statement<unknown[]> {
    let statement = this.#prepared.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare<unknown[]>(sql)
      this.#prepared.set(sql, statement)
    }
    return statement
  }

  rows<T>(sql: string, ...parameters: readonly unknown[]): T[] {
    return this.get(sql).all(...parameters) as T[]
  }

  /**
   * @param table and the names of the columns: from our own sources, never from outside
   * @returns the number of the new row
   */
  insert(table: string, row: Readonly<Record<string, unknown>>): number {
    const columns = Object.keys(row)
    const places = columns.map(() => '?').join(', ')
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`
    return Number(this.get(sql).run(...Object.values(row)).lastInsertRowid)
  }
}
