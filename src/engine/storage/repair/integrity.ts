import type { Database } from 'better-sqlite3'
import type { IntegrityLook } from '../../../shared/model/repair.ts'

/** Up to here a whole file is looked through in some tenths of a second. */
const quicklyReadBytes = 64 * 1024 * 1024

/** Of a big file, what is small and read first. */
const firstTables = ['runs', 'configurations', 'trials']

/**
 * Looks for damage as far as that takes no time one would wait for: the form of every page, or of a big
 * file of those that list the runs; not whether indexes and tables agree.
 *
 * @param bytes size of the file
 */
export function quickLook(database: Database, bytes: number): IntegrityLook {
  const isSmall = bytes <= quicklyReadBytes
  const checks = isSmall ? ['quick_check(1)'] : firstTables.map((table) => `quick_check(${table})`)
  const problem = checks.map((check) => problemsOf(database, check)[0]).find(Boolean)
  return { looked_at: isSmall ? 'whole' : 'runs', problem: problem ?? null }
}

/** Everything that SQLite can find wrong, the first hundred of it. */
export function wholeCheck(database: Database): string[] {
  const problems = problemsOf(database, 'integrity_check(100)')
  if (problems.length > 0) return problems
  const dangling = database.pragma('foreign_key_check') as { table: string; parent: string }[]
  return [...new Set(dangling.map(({ table, parent }) => `${table} without their ${parent}`))]
}

function problemsOf(database: Database, check: string): string[] {
  try {
    const lines = database.prepare(`PRAGMA ${check}`).pluck().all() as string[]
    return lines
      .flatMap((line) => line.split('\n'))
      .filter((line) => line !== 'ok' && !/^\*\*\*/.test(line))
  } catch (error) {
    return [(error as Error).message]
  }
}
