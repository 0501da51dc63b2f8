import { LabError } from '../../shared/model/problem.ts'
import { explain, isLocked, type OpenedDatabase, openDatabase } from './database.ts'
import { isOwnerAlive } from './liveness.ts'
import { RecordedTrials } from './recorded-trials.ts'
import { RunFinder } from './run-finder.ts'
import { RunHistory } from './run-history.ts'
import { RunIntake } from './run-intake.ts'
import { RunKeeping } from './run-keeping.ts'
import { RunLibrary } from './run-library.ts'
import { RunRecording } from './run-recording.ts'
import { SampleThinning } from './sample-thinning.ts'

/** An open database, and what is done with it. */
export class Storage {
  readonly opened: OpenedDatabase
  /** Reads one run. */
  readonly library: RunLibrary
  /** Finds runs among all. */
  readonly finder: RunFinder
  /** Names, marks, puts away. */
  readonly keeping: RunKeeping
  readonly thinning: SampleThinning
  readonly recording: RunRecording
  readonly recorded: RecordedTrials
  readonly history: RunHistory

  /**
   * Opens a database: runs whose app is gone are marked, and what has changed since is made ready to be
   * searched.
   *
   * @throws LabError `database`
   */
  constructor(path: string, need: 'read' | 'write') {
    this.opened = openDatabase(path, need)
    const { database, isReadOnly } = this.opened
    this.library = new RunLibrary(database)
    this.finder = new RunFinder(database)
    this.keeping = new RunKeeping(database)
    this.thinning = new SampleThinning(database)
    this.recording = new RunRecording(database)
    this.recorded = new RecordedTrials(database)
    this.history = new RunHistory(database)
    if (isReadOnly) return
    this.within(() => {
      this.recording.markAbandoned((owner, at) => isOwnerAlive(owner, at, Date.now()))
      this.#foldDueWords()
    })
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

  /** Takes in a run from elsewhere; on a connection of its own. */
  intake(): RunIntake {
    return new RunIntake(this.opened.database, this.recording)
  }

  close(): void {
    this.opened.database.close()
  }

  /** Another time will do: what is not kept is made when it is searched. */
  #foldDueWords(): void {
    try {
      this.keeping.foldDueWords()
    } catch (error) {
      if (!isLocked(error)) throw error
    }
  }
}
