import type { RunsPage, RunsQuery } from '../../shared/contract.ts'
import type {
  KeepingPolicy,
  LibraryState,
  RunEdit,
  RunFacets,
  Thinned,
} from '../../shared/model/library.ts'
import { LabError } from '../../shared/model/problem.ts'
import type { RunSummary } from '../../shared/model/run.ts'
import type { DatabaseConnection } from './database-connection.ts'
import { noSuchRun } from './missing.ts'

/** The saved runs as a whole: found, named, put away, kept small. */
export class Library {
  readonly #connection: DatabaseConnection

  constructor(connection: DatabaseConnection) {
    this.#connection = connection
  }

  /** All runs, the newest first. */
  all(): Promise<RunSummary[]> {
    return this.#connection.read(({ library }) => library.list())
  }

  /** Some of the runs: those in which every word of the search is found. */
  page({ search, ...page }: RunsQuery): Promise<RunsPage> {
    const words = [...new Set(search.toLowerCase().split(/\s+/))].filter((word) => word !== '')
    return this.#connection.read(({ library }) =>
      library.page({ ...page, words: words.slice(0, mostWords) }),
    )
  }

  facets(): Promise<RunFacets> {
    throw new LabError('internal', 'not built yet')
  }

  /** @throws LabError `not-found` */
  edit(id: number, { label }: RunEdit): Promise<RunSummary> {
    return this.#connection.write(({ library, opened }) => {
      if (label !== undefined) library.rename(id, label)
      const run = library.find(id)
      if (run === null) throw noSuchRun(id, opened.path)
      return run
    })
  }

  setBaseline(_id: number, _isBaseline: boolean): Promise<RunSummary> {
    throw new LabError('internal', 'not built yet')
  }

  /**
   * Puts a run away: it can be brought back within an hour, and is deleted for good later.
   *
   * @throws LabError `busy` where the run is still going
   */
  putAway(id: number): Promise<void> {
    return this.#connection.write((storage) => {
      const { library, opened } = storage
      refuseRunning(id, library.isRunning(id), opened.path)
      library.putAway(id, Date.now())
      storage.purge()
    })
  }

  /** @throws LabError `not-found`, where it is gone for good */
  bringBack(id: number): Promise<void> {
    return this.#connection.write(({ library, opened }) => {
      if (!library.putAway(id, null)) throw noSuchRun(id, opened.path)
    })
  }

  /** @throws LabError `busy` where the run is still going */
  delete(id: number | 'last'): Promise<number> {
    return this.#connection.write(({ library, opened }) => {
      const number = typeof id === 'number' ? id : library.newest()
      if (number === null) throw noSuchRun(id, opened.path)
      refuseRunning(number, library.isRunning(number), opened.path)
      library.delete(number)
      return number
    })
  }

  async state(): Promise<LibraryState> {
    const { statSync } = await import('node:fs')
    return this.#connection.read(({ opened, library }) => {
      const file = statSync(opened.path, { throwIfNoEntry: false })
      return {
        path: opened.path,
        size_bytes: file?.size ?? null,
        reclaimable_bytes: 0,
        sample_bytes: 0,
        runs: library.count(),
        runs_away: 0,
        policy: { thin_after_days: null },
        // What is not there yet can be made.
        read_only: opened.isReadOnly && file !== undefined,
      }
    })
  }

  setPolicy(_policy: KeepingPolicy): Promise<void> {
    throw new LabError('internal', 'not built yet')
  }

  thin(): Promise<Thinned> {
    throw new LabError('internal', 'not built yet')
  }

  compact(): Promise<void> {
    throw new LabError('internal', 'not built yet')
  }

  /** Copies the database into a file, while it may be in use. */
  backup(_path: string): Promise<void> {
    throw new LabError('internal', 'not built yet')
  }
}

/** Words of a search that are looked for. */
const mostWords = 10

/** @param isRunning null where there is no such run */
function refuseRunning(id: number, isRunning: boolean | null, path: string): void {
  if (isRunning === null) throw noSuchRun(id, path)
  if (isRunning) throw new LabError('busy', `run ${id} is still running; stop it first`)
}
