import { statSync } from 'node:fs'
import type { RunsPage, RunsQuery } from '../../shared/contract.ts'
import {
  dayMs,
  type KeepingPolicy,
  keptAwayDays,
  type LibraryState,
  type RunEdit,
  type RunFacets,
  type Thinned,
} from '../../shared/model/library.ts'
import { LabError } from '../../shared/model/problem.ts'
import type { RunSummary } from '../../shared/model/run.ts'
import type { BackupListener } from '../storage/backup.ts'
import type { WantedRuns } from '../storage/run-finder.ts'
import type { Baseline } from '../storage/run-keeping.ts'
import type { Storage } from '../storage/storage.ts'
import type { DatabaseConnection } from './database-connection.ts'
import { noSuchRun } from './missing.ts'

/** Runs as they are asked for where nothing is said. */
const everyRun: WantedRuns = { search: '', order: 'started_at', descending: true }

/** The saved runs as a whole: found, named, put away, kept small. */
export class Library {
  readonly #connection: DatabaseConnection
  readonly #compaction: string

  /** @param compaction path of the built program that compacts */
  constructor(connection: DatabaseConnection, compaction: string) {
    this.#connection = connection
    this.#compaction = compaction
  }

  /** All runs that are wanted, with their notes; the newest first where nothing else is said. */
  all(wanted: Partial<WantedRuns> = {}): Promise<RunSummary[]> {
    return this.#connection.read(({ finder }) => finder.all({ ...everyRun, ...wanted }))
  }

  /** Some of the runs, without their notes: those in which every word of the search is found. */
  page({ offset, limit, ...wanted }: RunsQuery & Pick<WantedRuns, 'isAway'>): Promise<RunsPage> {
    return this.#connection.read(({ finder }) => finder.page(wanted, { offset, limit }))
  }

  /** @throws LabError `not-found` */
  find(id: number | 'last'): Promise<RunSummary> {
    return this.#connection.read((storage) => found(id, storage))
  }

  facets(): Promise<RunFacets> {
    return this.#connection.read(({ finder }) => finder.facets())
  }

  /** @throws LabError `not-found` */
  edit(id: number, edit: RunEdit): Promise<RunSummary> {
    return this.#connection.write((storage) => {
      storage.keeping.edit(id, edit)
      return found(id, storage)
    })
  }

  /** The runs that others of their workload are held against. */
  baselines(): Promise<Baseline[]> {
    return this.#connection.read(({ keeping }) => keeping.baselines())
  }

  /**
   * Makes a run the one that others of its workload are held against, in place of another; or no longer.
   *
   * @throws LabError `not-found`
   */
  setBaseline(id: number, isBaseline: boolean): Promise<RunSummary> {
    return this.#connection.write((storage) => {
      found(id, storage)
      storage.keeping.setBaseline(id, isBaseline)
      return found(id, storage)
    })
  }

  /**
   * Puts a run away: it can be brought back for 30 days, and is deleted for good later.
   *
   * @throws LabError `busy` where the run is still going
   */
  putAway(id: number): Promise<void> {
    return this.#connection.write((storage) => {
      const { keeping, time } = storage
      refuseRunning(id, storage)
      // Of one that is set back it would seem to have been long ago.
      keeping.putAway(id, time.latest())
    })
  }

  /** @throws LabError `not-found`, where it is gone for good */
  bringBack(id: number): Promise<void> {
    return this.#connection.write(({ keeping, opened, time }) => {
      if (!keeping.bringBack(id, daysBefore(time, keptAwayDays))) {
        throw noSuchRun(id, opened.path)
      }
    })
  }

  /**
   * Deletes a run for good.
   *
   * @throws LabError `busy` where the run is still going
   */
  delete(id: number | 'last'): Promise<number> {
    return this.#connection.write((storage) => {
      const { library, keeping, opened } = storage
      const number = typeof id === 'number' ? id : library.newest()
      if (number === null) throw noSuchRun(id, opened.path)
      // One that was put away is nowhere to be seen, but can be deleted.
      if (library.isRunning(number) !== null) refuseRunning(number, storage)
      if (!keeping.delete(number)) throw noSuchRun(number, opened.path)
      return number
    })
  }

  async state(): Promise<LibraryState> {
    return this.#connection.read(({ opened, finder, thinning }) => {
      const { path, isMissing, isReadOnly } = opened
      const sizes = ['', '-wal', '-shm'].map(
        (end) => statSync(`${path}${end}`, { throwIfNoEntry: false })?.size ?? 0,
      )
      return {
        path,
        size_bytes: isMissing ? null : sizes.reduce((sum, size) => sum + size, 0),
        reclaimable_bytes: isMissing ? 0 : thinning.reclaimableBytes(),
        sample_bytes: thinning.sampleBytes(),
        runs: finder.count(),
        runs_away: finder.count(true),
        policy: thinning.policy,
        // What is not there yet can be made.
        read_only: isReadOnly && !isMissing,
      }
    })
  }

  setPolicy(policy: KeepingPolicy): Promise<void> {
    return this.#connection.write(({ thinning }) => thinning.setPolicy(policy))
  }

  /** What the policy would thin now. */
  thinnable(): Promise<Thinned> {
    return this.#connection.read(({ thinning, time }) => {
      const days = thinning.policy.thin_after_days
      const runs = days === null ? [] : thinning.thinnable(daysBefore(time, days))
      return { runs: runs.length, bytes: runs.reduce((sum, run) => sum + run.sample_bytes, 0) }
    })
  }

  /**
   * Thins, now, what the policy says.
   *
   * @throws LabError `busy` while a run is recorded
   */
  async thin(): Promise<Thinned> {
    const [{ thinOld }, storage] = await Promise.all([
      import('./thinning.ts'),
      this.#connection.open('write'),
    ])
    refuseWhileRecording(storage, 'thinned')
    return thinOld(storage, () => true)
  }

  /**
   * Applies the policy and deletes what was put away long ago: in small steps, as long as it may, and
   * never while a run is recorded, by whatever app. What is left is done another time.
   *
   * @param mayGoOn asked between the steps
   * @returns whether anything has changed
   */
  async tidy(mayGoOn: () => boolean = () => true): Promise<boolean> {
    const { time } = await this.#connection.open('read')
    const awayBefore = daysBefore(time, keptAwayDays)
    const isNeeded = await this.#connection.read(
      ({ opened, keeping, thinning }) =>
        !opened.isReadOnly &&
        (thinning.policy.thin_after_days !== null || keeping.hasExpired(awayBefore)),
    )
    if (!isNeeded) return false
    const [{ tidyUp }, storage] = await Promise.all([
      import('./thinning.ts'),
      this.#connection.open('write'),
    ])
    return tidyUp(storage, awayBefore, mayGoOn)
  }

  /**
   * Gives the space of what was deleted back to the system.
   *
   * @throws LabError `busy` while a run is recorded, or another app uses the database
   */
  async compact(): Promise<void> {
    const storage = await this.#connection.open('read')
    if (storage.opened.isMissing) return
    storage.within((open) => refuseWhileRecording(open, 'compacted'))
    const { compactBeside } = await import('../storage/compaction.ts')
    await compactBeside(this.#compaction, storage.opened.path)
  }

  /**
   * Copies the database into a file, while it may be in use.
   *
   * @throws LabError `not-found` where there is none yet; `bad-input`, `output`
   */
  async backup(path: string, listener: BackupListener = {}): Promise<void> {
    const [{ backUp }, storage] = await Promise.all([
      import('../storage/backup.ts'),
      this.#connection.openAnother('read'),
    ])
    try {
      const { opened } = storage
      if (opened.isMissing) throw noSuchRun('last', opened.path)
      await backUp(opened.database, path, listener)
    } finally {
      storage.close()
    }
  }
}

/** In ms since the epoch; by a clock that, set ahead, has nothing happen early. */
function daysBefore(time: Storage['time'], days: number): number {
  return time.earliest() - days * dayMs
}

function found(id: number | 'last', { library, opened }: Storage): RunSummary {
  const number = id === 'last' ? library.newest() : id
  const run = number === null ? null : library.find(number)
  if (run === null) throw noSuchRun(id, opened.path)
  return run
}

/** @throws LabError `not-found`; `busy` where it is still going */
function refuseRunning(id: number, storage: Storage): void {
  const { library, opened } = storage
  // Its app may have been killed since this one opened the database.
  if (library.isRunning(id) === true) storage.markAbandoned()
  const isRunning = library.isRunning(id)
  if (isRunning === null) throw noSuchRun(id, opened.path)
  if (isRunning) throw new LabError('busy', `run ${id} is still running; stop it first`)
}

function refuseWhileRecording(storage: Storage, what: string): void {
  const { keeping } = storage
  if (keeping.running() !== null) storage.markAbandoned()
  const running = keeping.running()
  if (running === null) return
  throw new LabError(
    'busy',
    `run ${running} is still running; the library is ${what} when it has ended`,
  )
}
