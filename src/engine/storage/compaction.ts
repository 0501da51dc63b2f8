import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { LabError } from '../../shared/model/problem.ts'
import { isLocked, type OpenedDatabase } from './database.ts'

/** What its thread tells at the end: why it could not be done; null where it was. */
export type CompactionOutcome = Pick<LabError, 'code' | 'message'> | null

/**
 * Compacts a database in a thread beside the app, which goes on answering.
 *
 * @param program path of the built program
 * @throws LabError `busy` where another app uses it, `database-full`
 */
export async function compactBeside(program: string, path: string): Promise<void> {
  const thread = new Worker(program, { workerData: path })
  const [outcome] = (await once(thread, 'message')) as [CompactionOutcome]
  if (outcome !== null) throw new LabError(outcome.code, outcome.message)
}

/**
 * Writes a database anew without what was deleted from it, and gives the rest back to the system.
 *
 * @param opened a connection of its own
 * @throws LabError `busy` where another app uses it
 */
export function compact({ database, path }: OpenedDatabase): void {
  try {
    database.exec('VACUUM')
  } catch (error) {
    if (!isLocked(error)) throw error
    throw new LabError(
      'busy',
      `${path} is in use by another program; compact it when that has ended`,
    )
  }
  // What was written is in the journal; the file becomes smaller when it has been taken over.
  const [state] = database.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[]
  if (state?.busy !== 1) return
  throw new LabError(
    'busy',
    `${path} is being read; it becomes smaller when that has ended and it is compacted again`,
  )
}
