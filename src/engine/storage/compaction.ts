import { LabError } from '../../shared/model/problem.ts'
import { isLocked, type OpenedDatabase } from './database.ts'

/**
 * Writes a database anew without what was deleted from it, and gives the rest back to the system.
 *
 * @param opened a connection of its own
 * @throws LabError `busy` where another app uses it
 */
export function compact({ database, path }: OpenedDatabase): void {
  const inUse = () =>
    new LabError('busy', `${path} is in use by another program; compact it when that has ended`)
  try {
    database.exec('VACUUM')
    // What was written is in the journal; the file becomes smaller when it has been taken over.
    const [state] = database.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[]
    if (state?.busy === 1) throw inUse()
  } catch (error) {
    throw isLocked(error) ? inUse() : error
  }
}
