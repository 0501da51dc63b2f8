import { existsSync, statSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import BetterSqlite3, { type Database } from 'better-sqlite3'
import { LabError } from '../../../shared/model/problem.ts'
import type { RepairOutcome, SalvagedDatabase } from '../../../shared/model/repair.ts'
import { explain } from '../database.ts'
import { applicationId, migrations, versionOf } from '../migrations.ts'
import { restoreFirstPage } from './first-page.ts'
import { wholeCheck } from './integrity.ts'
import { copyPrivately } from './private-copy.ts'
import { salvage } from './salvage.ts'

/**
 * Checks a database in full; where it is damaged, saves what can be read into a new one. The old one is
 * only ever read: all is done on a copy, for which there must be room beside the new one.
 *
 * @param out the new database; a name with the time beside the old one where it is left out
 * @throws LabError `bad-input` where `out` cannot be made; `database` where there is nothing to read, or
 *   it is none of ours, or a newer one; `busy` where it is written to; `database-full`
 */
export async function repairDatabase(
  path: string,
  out: string | undefined,
  now: Date,
): Promise<RepairOutcome> {
  const file = resolve(path)
  const bytes = sizeOf(file)
  const target = out === undefined ? freeName(file, now) : resolve(out)
  refuseTaken(target, out)
  try {
    const copy = await copyPrivately(file, dirname(target))
    try {
      const { problems, runs } = check(copy.path, file)
      if (problems.length === 0) return { state: 'sound', path: file, size_bytes: bytes, runs }
      const fresh = join(dirname(copy.path), 'new.db')
      const salvaged = salvageInto(copy.path, fresh, file)
      await takeName(fresh, target, out)
      return {
        state: 'salvaged',
        path: file,
        size_bytes: bytes,
        problems,
        out: target,
        ...salvaged,
      }
    } finally {
      await copy.remove()
    }
  } catch (error) {
    if (error instanceof LabError) throw error
    throw isOf(error, file) ? explain(error, file) : writingProblem(error, target)
  }
}

/** @throws LabError `database`, where there is no file with something in it */
function sizeOf(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined)
    throw new LabError('database', `there is no file ${file}; name one with --db`)
  if (found.isDirectory()) {
    throw new LabError('database', `${file} is a folder; the database must be a file`)
  }
  if (!found.isFile()) throw new LabError('database', `${file} is not a file`)
  if (found.size === 0) {
    throw new LabError(
      'database',
      `there is nothing in ${file} that could be saved: it is empty (0 bytes)`,
    )
  }
  return found.size
}

/** Beside the old one, with the time in its name. */
function freeName(file: string, now: Date): string {
  const extension = extname(file) === '.db' ? '.db' : ''
  const name = basename(file, extension)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`
  for (let more = 1; ; more++) {
    const suffix = more === 1 ? '' : `-${more}`
    const path = join(dirname(file), `${name}.repaired-${day}-${time}${suffix}.db`)
    if (!existsSync(path)) return path
  }
}

/** @param out as it was given */
function refuseTaken(target: string, out: string | undefined): void {
  if (existsSync(target)) {
    throw new LabError('bad-input', `--out: ${out} is there already; allowed: a name that is free`)
  }
  // SQLite would take what is left of another database for a part of this one.
  const rest = ['-wal', '-journal'].map((part) => target + part).find((each) => existsSync(each))
  if (rest !== undefined) {
    throw new LabError('bad-input', `--out: ${rest} is there already; allowed: a name that is free`)
  }
}

/** Opens the copy, even with a list of tables that is damaged, or a file that is shorter than it says. */
function openLeniently(path: string): Database {
  const database = new BetterSqlite3(path)
  database.unsafeMode(true)
  database.pragma('writable_schema = ON')
  return database
}

/**
 * @param file how the database is called
 * @returns what is wrong with it, where it is one of ours
 */
function check(path: string, file: string): { readonly problems: string[]; readonly runs: number } {
  let database: Database | undefined
  try {
    database = new BetterSqlite3(path)
    const id = database.pragma('application_id', { simple: true })
    const version = versionOf(database)
    if (id !== applicationId && !hasOurTables(database)) {
      throw new LabError('database', `${file} is a database, but not one of Corescope`)
    }
    if (id === applicationId && version > migrations.length && isSound(database)) {
      throw new LabError(
        'database',
        `${file} is of a newer Corescope (database version ${version}, this one reads up to ${migrations.length}); update Corescope to repair it`,
      )
    }
    const problems = wholeCheck(database)
    if (id !== applicationId) problems.unshift('its header is damaged')
    if (problems.length > 0) return { problems, runs: 0 }
    const runs = database.prepare('SELECT count(*) FROM runs').pluck().get() as number
    return { problems, runs }
  } catch (error) {
    if (error instanceof LabError) throw error
    return { problems: [(error as Error).message], runs: 0 }
  } finally {
    database?.close()
  }
}

function isSound(database: Database): boolean {
  return wholeCheck(database).length === 0
}

function hasOurTables(database: Database): boolean {
  const ours = ['runs', 'trials', 'configurations', 'metrics', 'sample_chunks']
  const found = database
    .prepare(
      `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN (${ours.map(() => '?').join(', ')})`,
    )
    .pluck()
    .get(...ours)
  return found === ours.length
}

type Saved = Omit<SalvagedDatabase, 'state' | 'path' | 'size_bytes' | 'problems' | 'out'>

function salvageInto(copy: string, fresh: string, file: string): Saved {
  const isReadable = () => {
    const database = openLeniently(copy)
    try {
      return hasOurTables(database)
    } catch {
      return false
    } finally {
      database.close()
    }
  }
  if (!isReadable() && !restoreFirstPage(copy, isReadable)) {
    throw new LabError(
      'database',
      `nothing in ${file} can be read: it is no database of Corescope, or the list of its tables is lost`,
    )
  }
  const source = openLeniently(copy)
  const target = new BetterSqlite3(fresh)
  try {
    // Nobody sees it before it is whole.
    target.pragma('journal_mode = OFF')
    target.pragma('synchronous = OFF')
    const losses = salvage(source, target)
    const wrong = wholeCheck(target)
    if (wrong.length > 0) throw new LabError('internal', `what was saved is not sound: ${wrong[0]}`)
    const [runs, trials, chunks] = ['runs', 'trials', 'sample_chunks'].map((name) =>
      losses.tally(name),
    ) as [Saved['runs'], Saved['trials'], Saved['chunks']]
    const others = losses.tallyBeside('runs', 'trials', 'sample_chunks')
    const isWhole = [runs, trials, chunks, others].every(({ lost }) => lost === 0)
    if (runs.saved === 0 && (!isWhole || losses.unknown > 0)) {
      throw new LabError('database', `no run in ${file} can be read any more; nothing was saved`)
    }
    return {
      ...{ runs, trials, chunks, others },
      incomplete_trials: losses.incompleteTrials.size,
      unknown: losses.unknown,
      is_whole: isWhole && losses.unknown === 0,
    }
  } finally {
    source.close()
    target.close()
  }
}

/** Gives the new database its name, which nobody else may have taken meanwhile. */
async function takeName(fresh: string, target: string, out: string | undefined): Promise<void> {
  const written = await open(fresh, 'r+')
  await written.sync().finally(() => written.close())
  try {
    await (await open(target, 'wx')).close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') refuseTaken(target, out)
    throw error
  }
  await rename(fresh, target).catch(async (error: unknown) => {
    // The name alone was taken.
    if ((await stat(target)).size === 0) await rm(target, { force: true })
    throw error
  })
}

function isOf(error: unknown, file: string): boolean {
  const { path, code } = error as { path?: unknown; code?: unknown }
  return typeof path === 'string' && path.startsWith(file) && code !== 'ENOSPC'
}

function writingProblem(error: unknown, target: string): LabError {
  const code = String((error as { code?: unknown }).code)
  const folder = dirname(target)
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)/.test(code)) {
    return new LabError(
      'database-full',
      `the disk is full: a repair needs room for two copies of the database in ${folder}; choose another place with --out`,
    )
  }
  return new LabError(
    'bad-input',
    `nothing can be written in ${folder} (${(error as Error).message}); choose another place with --out`,
  )
}
