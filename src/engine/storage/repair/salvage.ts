import type { Database } from 'better-sqlite3'
import { migrate, migrations, versionOf } from '../migrations.ts'
import { isContentReadable } from './content.ts'
import { listedRows, rowsOf } from './damaged-table.ts'
import { Losses } from './losses.ts'
import type { Row } from './readable-rows.ts'
import { type TableShape, tableShapes } from './table-shape.ts'

/**
 * Copies what can be read of a damaged database into an empty one and brings that to the newest
 * version. A row whose run, configuration or trial is lost goes with it: nothing would say what it
 * belongs to. Runs of which something is lost are marked.
 */
export function salvage(source: Database, target: Database): Losses {
  const losses = new Losses()
  target.pragma('foreign_keys = ON')
  migrate(target, migrations.slice(0, versionOfTables(source)))
  for (const shape of tableShapes(target)) copyTable(source, target, shape, losses)
  keepNumbers(source, target)
  migrate(target)
  target.transaction(() => {
    endRuns(target)
    markRuns(target, losses)
  })()
  return losses
}

/** The version whose tables a database has: its own word for it may be what is damaged. */
function versionOfTables(database: Database): number {
  const version = versionOf(database)
  if (version >= 1 && version < migrations.length) return version
  const has = (table: string, column: string) => columnsOf(database, table).includes(column)
  if (has('runs', 'is_kept')) return migrations.length
  if (has('trials', 'observations')) return 4
  if (has('workers', 'os_thread_id')) return 3
  return has('runs', 'deleted_at') ? 2 : 1
}

function columnsOf(database: Database, table: string): string[] {
  return database.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]
}

function copyTable(source: Database, target: Database, shape: TableShape, losses: Losses): void {
  const { name } = shape
  const there = columnsOf(source, name)
  const columns = shape.columns.filter((column) => there.includes(column))
  const rows = rowsOf(source, shape, columns, parentsOf(target, shape))
  const refused: number[] = []
  const gaps = target.transaction(() => {
    const insert =
      columns.length === 0
        ? null
        : target.prepare<unknown[]>(
            `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
          )
    for (;;) {
      const { done, value } = rows.next()
      if (done === true) return value
      const isTaken =
        isContentReadable(name, value) &&
        isInserted(() => insert?.run(...columns.map((column) => value[column])))
      if (!isTaken) refused.push(ownerOf(shape, value))
    }
  })()
  losses.add(shape, savedRows(target, shape), listedRows(source, shape), refused, gaps)
}

/** A row that comes twice is in; one that is not as the tables want it is refused. */
function isInserted(insert: () => void): boolean {
  try {
    insert()
    return true
  } catch (error) {
    const code = String((error as { code?: unknown }).code)
    if (/^SQLITE_CONSTRAINT_(PRIMARYKEY|ROWID)$/.test(code)) return true
    if (/^SQLITE_(CONSTRAINT|MISMATCH)/.test(code)) return false
    throw error
  }
}

function ownerOf({ parent }: TableShape, row: Row): number {
  return parent === null ? 0 : Number(row[parent.column])
}

function parentsOf(target: Database, { parent }: TableShape) {
  const ends = target
    .prepare<[], { first: number | null; last: number | null }>(
      `SELECT min(id) AS first, max(id) AS last FROM ${parent?.table ?? 'runs'}`,
    )
    .get()
  return { first: ends?.first ?? 1, last: ends?.last ?? 0 }
}

function savedRows(target: Database, { name, parent }: TableShape): Map<number, number> {
  const counts = target
    .prepare<[], [number, number]>(
      `SELECT ${parent?.column ?? '0'}, count(*) FROM ${name} GROUP BY 1`,
    )
    .raw()
    .all()
  return new Map(counts)
}

/** The number of a run that was deleted is given to no other. */
function keepNumbers(source: Database, target: Database): void {
  let last: unknown
  try {
    last = source.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'runs'`).pluck().get()
  } catch {
    // What was saved says what is known.
  }
  if (typeof last !== 'number' || !Number.isSafeInteger(last)) return
  const { changes } = target
    .prepare(`UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'runs'`)
    .run(last)
  if (changes === 0)
    target.prepare(`INSERT INTO sqlite_sequence (name, seq) VALUES ('runs', ?)`).run(last)
}

/** No run goes on in a new database. */
function endRuns(target: Database): void {
  const reason = 'the database was repaired in the middle of the run'
  target
    .prepare(
      `UPDATE runs SET status = 'interrupted', reason = ?, ended_at = max(started_at, heartbeat_at)
       WHERE status = 'running'`,
    )
    .run(reason)
  target
    .prepare(`UPDATE trials SET status = 'interrupted', reason = ? WHERE status = 'running'`)
    .run(reason)
  target.exec(`UPDATE runs SET sample_bytes = (
    SELECT coalesce(sum(length(data)), 0)
    FROM trials JOIN sample_chunks ON trial_id = trials.id WHERE trials.run_id = runs.id)`)
}

/** Whoever reads the run is to know that it is not whole. */
function markRuns(target: Database, losses: Losses): void {
  const runOf = new Map(
    target.prepare<[], [number, number]>('SELECT id, run_id FROM trials').raw().all(),
  )
  // Of what is not there at all, nothing can be incomplete.
  for (const trial of losses.incompleteTrials) {
    if (!runOf.has(trial)) losses.incompleteTrials.delete(trial)
  }
  const incomplete = Map.groupBy(losses.incompleteTrials, (trial) => runOf.get(trial) as number)
  const runs = target.prepare('SELECT id FROM runs').pluck().all() as number[]
  const warn = target.prepare(
    `INSERT INTO warnings (run_id, code, message) VALUES (?, 'salvaged', ?)`,
  )
  for (const run of runs) {
    const trials = losses.trialsOfRun.get(run) ?? 0
    const parts = incomplete.get(run)?.length ?? 0
    const isIncomplete = losses.incompleteRuns.has(run)
    if (trials === 0 && parts === 0 && !isIncomplete) continue
    const lost = [
      ...(trials > 0 ? [`${trials} of its trials`] : []),
      ...(parts > 0 ? [`parts of ${parts} of its trials`] : []),
      ...(trials === 0 && parts === 0 ? ['a part of what was known of it'] : []),
    ]
    warn.run(run, `saved from a damaged database, in which ${lost.join(' and ')} could not be read`)
  }
}
