import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import BetterSqlite3, { type Database } from 'better-sqlite3'
import { LabError } from '../../shared/model/problem.ts'
import { makeFolder } from '../folder.ts'
import { applicationId, migrate, migrations, versionOf } from './migrations.ts'

/** How long a writer waits for another app that writes to the same database. */
export const lockTimeoutMs = 5000

export interface OpenedDatabase {
  readonly database: Database
  readonly path: string
  readonly isReadOnly: boolean
  /** There was no file to read: what is open stands for an empty one. */
  readonly isMissing: boolean
}

/**
 * Opens the database at a path and brings it to the newest version. To write, it is made where there
 * is none; to read, nothing is made: a missing one is as good as an empty one, and one that can only
 * be read is opened for reading.
 *
 * @param waitMs how long it waits for another app that writes
 * @throws LabError `database`, where it is none, not ours, newer, locked, or cannot be opened
 */
export function openDatabase(
  path: string,
  need: 'read' | 'write',
  waitMs = lockTimeoutMs,
): OpenedDatabase {
  const file = resolve(path)
  let database: Database | undefined
  try {
    const found = statSync(file, { throwIfNoEntry: false })
    if (found?.isDirectory() === true) {
      throw new LabError('database', `${file} is a folder; the database must be a file`)
    }
    if (found === undefined && need === 'read') {
      database = new BetterSqlite3(':memory:')
      migrate(database)
      return { database, path: file, isReadOnly: true, isMissing: true }
    }
    makeFolder(dirname(file))
    database = new BetterSqlite3(file, { timeout: waitMs })
    prepare(database, file, need, waitMs)
    return { database, path: file, isReadOnly: false, isMissing: false }
  } catch (error) {
    database?.close()
    if (error instanceof LabError) throw error
    if (need === 'read' && isCode(error, 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'EROFS')) {
      const opened = openForReading(file, waitMs)
      if (opened !== null) return opened
    }
    throw explain(error, file)
  }
}

function openForReading(file: string, waitMs: number): OpenedDatabase | null {
  let database: Database | undefined
  try {
    database = new BetterSqlite3(file, { readonly: true, timeout: waitMs })
    distrust(database)
    if (checkIsOurs(database, file) !== migrations.length) {
      database.close()
      return null
    }
    return { database, path: file, isReadOnly: true, isMissing: false }
  } catch (error) {
    database?.close()
    if (error instanceof LabError) throw error
    return null
  }
}

function prepare(database: Database, file: string, need: 'read' | 'write', waitMs: number): void {
  const version = checkIsOurs(database, file)
  database.pragma('foreign_keys = ON')
  distrust(database)
  if (need === 'read' && version === migrations.length) return
  switchToWal(database, waitMs)
  // Safe against a killed app; a power cut may cost the last transactions, never the database.
  database.pragma('synchronous = NORMAL')
  migrate(database)
  // A write lock, taken and given back: told now, not when the first trial is to be kept.
  if (need === 'write') database.exec('BEGIN IMMEDIATE; ROLLBACK')
}

/** What a file of elsewhere has for triggers and views may compute, and do nothing else. */
function distrust(database: Database): void {
  database.pragma('trusted_schema = OFF')
}

/** SQLite does not wait for a lock by itself when it changes the journal. */
function switchToWal(database: Database, waitMs: number): void {
  const deadline = performance.now() + waitMs
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (;;) {
    try {
      database.pragma('journal_mode = WAL')
      return
    } catch (error) {
      if (!isLocked(error) || performance.now() > deadline) throw error
      Atomics.wait(pause, 0, 0, 20)
    }
  }
}

/** @returns the database's version; 0 for a file in which there is nothing yet */
function checkIsOurs(database: Database, file: string): number {
  // In one transaction, so that it is one state of the file that is judged.
  const read = database.transaction(() => ({
    version: versionOf(database),
    id: database.pragma('application_id', { simple: true }) as number,
    tables: database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number,
  }))
  const { version, id, tables } = read()
  if (id !== applicationId && (tables > 0 || version > 0)) {
    throw new LabError('database', `${file} is a database, but not one of Corescope`)
  }
  if (version > migrations.length) {
    throw new LabError(
      'database',
      `${file} is of a newer Corescope (database version ${version}, this one reads up to ${migrations.length}); update Corescope or choose another file with --db`,
    )
  }
  return version
}

/** From here on one state of the database is read, whatever other connections write; until it is closed. */
export function holdState(database: Database): void {
  database.exec('BEGIN')
  // A transaction has its state from the first read on.
  database.prepare('SELECT count(*) FROM sqlite_schema').get()
}

/** Whether another program has the database locked just now. */
export function isLocked(error: unknown): boolean {
  return isCode(error, 'SQLITE_BUSY', 'SQLITE_LOCKED')
}

/** Whether there is no room for what was to be written. */
export function isFull(error: unknown): boolean {
  // The last is the room for the index of the journal, without which nothing is even read.
  return isCode(error, 'SQLITE_FULL', 'ENOSPC', 'EDQUOT', 'SQLITE_IOERR_SHMSIZE')
}

/** A failure of SQLite or of the file system as one line that says what to do. */
export function explain(error: unknown, file: string): LabError {
  const message = error instanceof Error ? error.message : String(error)
  if (isCode(error, 'SQLITE_NOTADB')) {
    return new LabError(
      'database',
      `${file} is not a database; choose another file with --db, or, if it was one of Corescope, save what is left of it with ${repairing(file)}`,
    )
  }
  if (isLocked(error)) {
    return new LabError(
      'database',
      `${file} is locked by another program; close it or choose another file with --db`,
    )
  }
  if (isFull(error)) {
    return new LabError('database-full', `the disk is full: ${file} cannot grow`)
  }
  if (
    isCode(
      error,
      'SQLITE_READONLY',
      'SQLITE_CANTOPEN',
      'EACCES',
      'EPERM',
      'EROFS',
      'ENOTDIR',
      'EEXIST',
    )
  ) {
    return new LabError(
      'database',
      `${file} cannot be opened for writing (${message}); choose another file with --db`,
    )
  }
  if (isDamaged(error)) {
    return new LabError(
      'database',
      `${file} is damaged (${message}); save what can be read with ${repairing(file)}`,
    )
  }
  if (isCode(error, 'SQLITE_IOERR')) {
    return new LabError('database', `${file} cannot be read (${message})`)
  }
  return new LabError('database', `${file}: ${message}`)
}

/** What is kept is not as it was written: the file's pages, or what is packed in them. */
function isDamaged(error: unknown): boolean {
  return isCode(error, 'SQLITE_CORRUPT', 'Z_DATA_ERROR', 'Z_BUF_ERROR')
}

/** The command that repairs a database. */
function repairing(file: string): string {
  return `corescope doctor --repair --db ${/^[\w./\\:@+-]+$/.test(file) ? file : JSON.stringify(file)}`
}

/** Whether an error has one of the codes, or one of SQLite's finer codes below them. */
function isCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return (
    typeof code === 'string' && codes.some((each) => code === each || code.startsWith(`${each}_`))
  )
}
