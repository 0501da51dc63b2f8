import type { Database } from 'better-sqlite3'
import { Statements } from './statements.ts'

/** Paths of interpreters that the user has added, in that order. */
export class AddedInterpreters {
  readonly #statements: Statements

  constructor(database: Database) {
    this.#statements = new Statements(database)
  }

  list(): string[] {
    return this.#statements
      .rows<{ path: unknown }>(
        `SELECT each.value AS path FROM settings, json_each(
           CASE WHEN json_valid(settings.value) THEN settings.value ELSE '[]' END) AS each
         WHERE name = 'interpreters' ORDER BY each.key`,
      )
      .flatMap(({ path }) => (typeof path === 'string' ? path : []))
  }

  add(path: string): void {
    this.#change((paths) => [...paths.filter((each) => each !== path), path])
  }

  /** @returns whether it was there */
  remove(path: string): boolean {
    return this.#change((paths) => paths.filter((each) => each !== path))
  }

  #change(change: (paths: readonly string[]) => readonly string[]): boolean {
    return this.#statements.write(() => {
      const before = this.list()
      const after = change(before)
      this.#statements
        .get(`INSERT OR REPLACE INTO settings (name, value) VALUES ('interpreters', ?)`)
        .run(JSON.stringify(after))
      return after.length !== before.length
    })
  }
}
