import { LabError } from '../../shared/model/problem.ts'
import { SteadyTime } from '../clock.ts'
import { AddedInterpreters } from './added-interpreters.ts'
import {
  explain,
  holdState,
  isFull,
  isLocked,
  type OpenedDatabase,
  openDatabase,
} from './database.ts'
import { isOwnerAlive } from './liveness.ts'
import { RecordedTrials } from './recorded-trials.ts'
import { RunFinder } from './run-finder.ts'
import { RunHistory } from './run-history.ts'
import { RunIntake } from './run-intake.ts'
import { RunKeeping } from './run-keeping.ts'
import { RunLibrary } from './run-library.ts'
import { RunRecording } from './run-recording.ts'
import { SampleThinning } from './sample-thinning.ts'

/** Since this app was started: a clock that is set meanwhile deletes nothing. */
const appTime = new SteadyTime()

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
  readonly interpreters: AddedInterpreters
  readonly time: SteadyTime

  /**
   * Opens a database: runs whose app is gone are marked, and what has changed since is made ready to be
   * searched.
   *
   * @param time by which that is long ago
   * @param waitMs how long it waits for another app that writes; as long as usual where it is left out
   * @throws LabError `database`
   */
  constructor(path: string, need: 'read' | 'write', time: SteadyTime = appTime, waitMs?: number) {
    this.time = time
    this.opened = openDatabase(path, need, waitMs)
    const { database, isReadOnly } = this.opened
    this.library = new RunLibrary(database)
    this.finder = new RunFinder(database)
    this.keeping = new RunKeeping(database)
    this.thinning = new SampleThinning(database)
    this.recording = new RunRecording(database)
    this.recorded = new RecordedTrials(database)
    this.history = new RunHistory(database)
    this.interpreters = new AddedInterpreters(database)
    if (isReadOnly) return
    this.within(() => this.#tidy(need))
  }

  #tidy(need: 'read' | 'write'): void {
    try {
      this.markAbandoned()
      this.#foldDueWords()
    } catch (error) {
      // What is there can be read all the same; who writes next tidies.
      if (need === 'write' || !(isFull(error) || isLocked(error))) throw error
    }
  }

  /** Runs whose app is gone are no longer running. */
  markAbandoned(): void {
    this.recording.markAbandoned((owner, at) => isOwnerAlive(owner, at, this.time.earliest()))
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

  /** Reads one state of it from here on: for what is read little by little, while others delete and thin. */
  hold(): void {
    this.within(({ opened }) => holdState(opened.database))
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
