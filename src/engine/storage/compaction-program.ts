import { parentPort, workerData } from 'node:worker_threads'
import { LabError } from '../../shared/model/problem.ts'
import { type CompactionOutcome, compact } from './compaction.ts'
import { explain, openDatabase } from './database.ts'

/** Compacts the database at a path in a thread of its own: its app goes on answering meanwhile. */
function outcome(path: string): CompactionOutcome {
  try {
    const opened = openDatabase(path, 'write')
    try {
      compact(opened)
      return null
    } finally {
      opened.database.close()
    }
  } catch (error) {
    const { code, message } = error instanceof LabError ? error : explain(error, path)
    return { code, message }
  }
}

parentPort?.postMessage(outcome(workerData as string))
