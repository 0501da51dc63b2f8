import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import BetterSqlite3, { type Database } from 'better-sqlite3'
import { LabError } from '../../shared/model/problem.ts'
import { makeFolder } from '../folder.ts'
import { migrate, migrations, versionOf } from './migrations.ts'

/** "Core" in ASCII: marks a SQLite file as ours. */
const applicationId = 0x436f7265

/** How long a writer waits for another app that writes to the same database. */
const lockTimeoutMs = 5000

export interface OpenedDatabase {
  readonly database: Database
  readonly path: string
  readonly isReadOnly: boolean
}

/**
 * Opens the database at a path, made where there is none, and brings it to the newest version. Where
 * it can only be read, and reading is enough, it is opened for reading.
 *
 * @throws LabError `database`, where it is none, not ours, newer, locked, or cannot be opened
 */
export function openDatabase(path: string, need: 'read' | 'write'): OpenedDatabase {
  const file = resolve(path)
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new LabError('database', `${file} is a folder; the database must be a file`)
  }
  let database: Database | undefined
  try {
    makeFolder(dirname(file))
    database = new BetterSqlite3(file, { timeout: lockTimeoutMs })
    prepare(database, file)
    return { database, path: file, isReadOnly: false }
  } catch (error) {
    database?.close()
    if (error instanceof LabError) throw error
    if (need === 'read' && isCode(error, 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'EROFS')) {
      const opened = openForReading(file)
      if (opened !== null) return opened
    }
    throw explain(error, file)
  }
}

function openForReading(file: string): OpenedDatabase | null {
  try {
    const database = new BetterSqlite3(file, { readonly: true, timeout: lockTimeoutMs })
    checkIsOurs(database, file)
    if (versionOf(database) !== migrations.length) return null
    return { database, path: file, isReadOnly: true }
  } catch (error) {
    if (error instanceof LabError) throw error
    return null
  }
}

function prepare(database: Database, file: string): void {
  checkIsOurs(database, file)
  database.pragma('journal_mode = WAL')
  // Safe against a killed app; a power cut may cost the last transactions, never the database.
  database.pragma('synchronous = NORMAL')
  database.pragma('foreign_keys = ON')
  if (versionOf(database) === migrations.length) {
    // A write lock, taken and given back: told now, not when the first trial is to be kept.
    database.exec('BEGIN IMMEDIATE; ROLLBACK')
    return
  }
  migrate(database)
  database.pragma(`application_id = ${applicationId}`)
}

function checkIsOurs(database: Database, file: string): void {
  const version = versionOf(database)
  const id = database.pragma('application_id', { simple: true }) as number
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number }
  if (id !== applicationId && (tables.n > 0 || version > 0)) {
    throw new LabError('database', `${file} is a database, but not one of Corescope`)
  }
  if (version > migrations.length) {
    throw new LabError(
      'database',
      `${file} is of a newer Corescope (database version ${version}, this one reads up to ${migrations.length}); update Corescope or choose another file with --db`,
    )
  }
}

/** A failure of SQLite or of the file system as one line that says what to do. */
export function explain(error: unknown, file: string): LabError {
  const message = error instanceof Error ? error.message : String(error)
  if (isCode(error, 'SQLITE_NOTADB')) {
    return new LabError('database', `${file} is not a database; choose another file with --db`)
  }
  if (isCode(error, 'SQLITE_BUSY', 'SQLITE_LOCKED')) {
    return new LabError(
      'database',
      `${file} is locked by another program (waited ${lockTimeoutMs / 1000} s); close it or choose another file with --db`,
    )
  }
  if (isCode(error, 'SQLITE_FULL', 'ENOSPC')) {
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
  if (isCode(error, 'SQLITE_CORRUPT', 'SQLITE_IOERR')) {
    return new LabError('database', `${file} cannot be read (${message})`)
  }
  return new LabError('database', `${file}: ${message}`)
}

/** Whether an error has one of the codes, or one of SQLite's finer codes below them. */
function isCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return (
    typeof code === 'string' && codes.some((each) => code === each || code.startsWith(`${each}_`))
  )
}
