import { randomBytes } from 'node:crypto'
import { existsSync, type Stats, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Database } from 'better-sqlite3'
import { LabError } from '../../shared/model/problem.ts'
import { holdState } from './database.ts'

/** What a backup is told of while it is written. */
export interface BackupListener {
  readonly signal?: AbortSignal
  /** @param share 0–1 */
  readonly progress?: (share: number) => void
}

/** Pages that are copied at once: some milliseconds, in which nothing else is done. */
const pagesAtOnce = 500

/**
 * Copies a database into a file while it may be in use: one state of it, that of the beginning. The
 * file takes its name when it is whole; nothing is left behind of one that has failed.
 *
 * @param source a connection of its own, which does nothing else meanwhile
 * @throws LabError `bad-input` where the file must not be replaced, `output` where it cannot be written
 */
export async function backUp(
  source: Database,
  path: string,
  { signal, progress }: BackupListener = {},
): Promise<void> {
  const target = resolve(path)
  refuseTarget(target, source.name)
  const partial = `${target}.${randomBytes(4).toString('hex')}.partial`
  try {
    // The copy is of this one state, and is not begun anew with every write of another app.
    holdState(source)
    await source.backup(partial, {
      progress({ totalPages, remainingPages }) {
        signal?.throwIfAborted()
        progress?.(totalPages === 0 ? 0 : 1 - remainingPages / totalPages)
        return pagesAtOnce
      },
    })
    await rename(partial, target)
    progress?.(1)
  } catch (error) {
    for (const end of ['', '-journal', '-wal', '-shm']) {
      await rm(`${partial}${end}`, { force: true }).catch(() => {})
    }
    if (signal?.aborted) throw error
    throw whyNot(error, target)
  } finally {
    if (source.open && source.inTransaction) source.exec('ROLLBACK')
  }
}

/** What stands at the path must be a file that may be replaced, and no database that is in use. */
function refuseTarget(target: string, database: string): void {
  const refuse = (why: string) => {
    const allowed = 'the path of a new file, or of an old backup'
    throw new LabError('bad-input', `cannot back up to ${target}: ${why}; allowed: ${allowed}`)
  }
  const found = statAt(target)
  const ends = ['', '-wal', '-shm', '-journal']
  if (ends.some((end) => `${database}${end}` === target || isSame(found, `${database}${end}`))) {
    refuse('it is the database itself')
  }
  if (found?.isDirectory()) refuse('it is a folder')
  if (found !== null && !found.isFile()) refuse('it is no ordinary file')
  // A journal that was left beside it would be taken for the copy's, and spoil it.
  for (const end of ['-wal', '-journal']) {
    if (existsSync(`${target}${end}`)) {
      refuse(`it is a database that is in use, ${target}${end} belongs to it`)
    }
  }
  if (statAt(dirname(target))?.isDirectory() !== true) {
    refuse(`${dirname(target)} is no folder`)
  }
}

function statAt(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch {
    return null
  }
}

function isSame(found: Stats | null, path: string): boolean {
  const other = statAt(path)
  return found !== null && other !== null && found.ino === other.ino && found.dev === other.dev
}

function whyNot(error: unknown, target: string): LabError {
  const { code = '', message } = error as NodeJS.ErrnoException
  const why =
    code === 'SQLITE_FULL' || code === 'ENOSPC'
      ? 'the disk is full'
      : code === 'ENOENT' || /READONLY_DBMOVED|directory does not exist/.test(`${code} ${message}`)
        ? 'its folder is gone'
        : /SQLITE_(CANTOPEN|READONLY)|EACCES|EPERM|EROFS/.test(code)
          ? 'it may not be written to'
          : message
  return new LabError('output', `cannot back up to ${target}: ${why}`)
}
