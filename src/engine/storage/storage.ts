import { LabError } from '../../shared/model/problem.ts'
import { SteadyTime } from '../clock.ts'
import { explain, isFull, isLocked, type OpenedDatabase, openDatabase } from './database.ts'
import { isOwnerAlive } from './liveness.ts'
import { RunLibrary } from './run-library.ts'
import { RunRecording } from './run-recording.ts'

/** How long a run that was put away can be brought back, in ms. */
const keptAwayMs = 3_600_000

/** Since this app was started: a clock that is set meanwhile deletes nothing. */
const appTime = new SteadyTime()

/** An open database, and what is done with it. */
export class Storage {
  readonly opened: OpenedDatabase
  readonly library: RunLibrary
  readonly recording: RunRecording
  readonly #time: SteadyTime

  /**
   * Opens a database and tidies it: runs whose app is gone are marked, and what was put away long ago
   * is deleted.
   *
   * @param time by which that is long ago
   * @throws LabError `database`
   */
  constructor(path: string, need: 'read' | 'write', time: SteadyTime = appTime) {
    this.#time = time
    this.opened = openDatabase(path, need)
    const { database, isReadOnly } = this.opened
    this.library = new RunLibrary(database)
    this.recording = new RunRecording(database)
    if (isReadOnly) return
    this.within(() => this.#tidy(need))
  }

  #tidy(need: 'read' | 'write'): void {
    try {
      this.recording.markAbandoned((owner, at) => isOwnerAlive(owner, at, this.#time.earliest()))
      this.purge()
    } catch (error) {
      // What is there can be read all the same; who writes next tidies.
      if (need === 'write' || !(isFull(error) || isLocked(error))) throw error
    }
  }

  /** Does something with the database; its failures are told as ours. */
  within<T>(work: (storage: Storage) => T): T {
    try {
      return work(this)
    } catch (error) {
      if (error instanceof LabError) throw error
      throw explain(error, this.opened.path)
    }
  }

  /** Deletes for good what can no longer be brought back. */
  purge(): void {
    this.library.purge(this.#time.earliest() - keptAwayMs)
  }

  close(): void {
    this.opened.database.close()
  }
}
