import { join } from 'node:path'

/** Paths of the built programs. The composition root of a shell knows them; nobody else guesses. */
export interface Programs {
  readonly host: string
  readonly reaper: string
  readonly expectation: string
  readonly httpServer: string
  readonly sampler: string
  readonly moduleInspector: string
  readonly compaction: string
  /** Folder of what pictures are made with. */
  readonly pictures: string
  /** Folder of what interpreters of Python run; it ships as it is. */
  readonly python: string
}

/** Where the build puts them. */
export function programsIn(folder: string): Programs {
  return {
    host: join(folder, 'host.cjs'),
    reaper: join(folder, 'reaper.cjs'),
    expectation: join(folder, 'expectation.cjs'),
    httpServer: join(folder, 'http-server.cjs'),
    sampler: join(folder, 'sampler.cjs'),
    moduleInspector: join(folder, 'module-inspector.cjs'),
    compaction: join(folder, 'compaction.cjs'),
    pictures: join(folder, 'pictures'),
    python: join(folder, '..', '..', 'resources', 'python'),
  }
}
