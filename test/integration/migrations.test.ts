import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { migrations, versionOf } from '../../src/engine/storage/migrations.ts'
import { RunFinder } from '../../src/engine/storage/run-finder.ts'
import { RunLibrary } from '../../src/engine/storage/run-library.ts'
import { appsTogether } from '../support/apps-together.ts'
import { makeOldDatabase, oldSamples } from '../support/old-database.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const run = promisify(execFile)
const openTogether = appsTogether()
const dieMigrating = fileURLToPath(new URL('../support/die-migrating.ts', import.meta.url))
const posix = process.platform !== 'win32'

/** All that `makeOldDatabase` has written, as it is read today. */
function expectEverything(path: string, version: number): void {
  const { database } = openDatabase(path, 'read')
  const library = new RunLibrary(database)
  expect(versionOf(database)).toBe(migrations.length)
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(database.pragma('foreign_key_check')).toEqual([])
  expect(library.list().map(({ label }) => label)).toEqual(['old 2', 'old 1'])
  const finder = new RunFinder(database)
  const found = (search: string, machine?: string) =>
    finder
      .all({ search, order: 'started_at', descending: true, ...(machine ? { machine } : {}) })
      .map(({ id }) => id)
  expect([found(''), found('OLD 1'), found('', 'old')]).toEqual([[2, 1], [1], [2, 1]])
  for (const id of [1, 2]) {
    const read = library.read(id)
    const isOwn = id === 2 && version >= 4
    const isMarked = (of: number) => version >= 5 && id === of
    expect(read).toMatchObject({
      label: `old ${id}`,
      notes: 'ñ',
      status: 'done',
      started_at: new Date(1.7e12 + id).toISOString(),
      // All of before were Node's.
      plan: {
        ...{ workload: 'primes', experiment: null, runtimes: ['node'], interpreters: [] },
        ...{ start_methods: ['spawn'], transports: ['pipe'], scheduler: null },
        threads_per_worker: null,
      },
      environment: { hostname: 'old', logical_cores: 2 },
      warnings: [{ code: 'battery', message: `of ${id}` }],
      // What an own module was stood where variants are.
      configurations: [
        {
          parameters: { n: 1000 },
          content: isOwn ? 'a1b2c3d4e5f6' : null,
          variant: !isOwn && version >= 4 ? 'clone' : null,
          ...{ runtime: 'node', interpreter: null },
        },
      ],
      tags: isMarked(1) ? ['émigré'] : [],
      is_baseline: isMarked(1),
      is_kept: isMarked(2),
      thinned_at: isMarked(2) ? new Date(1.7e12 + 3).toISOString() : null,
      imported_at: isMarked(2) ? new Date(1.7e12 + 4).toISOString() : null,
    })
    expect(read?.trials.map((trial) => trial.id)).toEqual([10 * id, 10 * id + 1])
    let bytes = 0
    for (const trial of read?.trials ?? []) {
      expect(trial).toMatchObject({
        status: 'done',
        tasks_done: trial.id,
        metrics: { wall_ms: trial.id + 0.125 },
        phases: [{ name: 'work', start_ms: 100, end_ms: 400 }],
        workers: [
          {
            ...{ process_id: 11, tasks: 9, busy_ms: 900.5 },
            ...(version >= 3
              ? { os_thread_id: 12, voluntary_switches: 4 }
              : { os_thread_id: null }),
          },
        ],
        observations: version >= 4 ? { seen: 1 } : null,
      })
      expect([...library.samples(trial.id)]).toEqual(oldSamples)
      expect(library.overview(trial.id)).toEqual(version >= 2 ? { cores: 2 } : null)
      bytes += database
        .prepare('SELECT sum(length(data)) FROM sample_chunks WHERE trial_id = ?')
        .pluck()
        .get(trial.id) as number
    }
    expect(bytes).toBeGreaterThan(0)
    expect(read?.sample_bytes).toBe(bytes)
  }
  database.close()
}

describe.each([1, 2, 3, 4, 5])('a database of version %i', (version) => {
  it('is brought to today with everything that is in it', () => {
    const path = scratch.path(`from ${version}.db`)
    makeOldDatabase(path, version)
    const old = new BetterSqlite3(path)
    const tables = old
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
      .pluck()
      .all() as string[]
    for (const table of tables) {
      expect(old.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBeGreaterThan(0)
    }
    old.close()
    openDatabase(path, 'write').database.close()
    expectEverything(path, version)
  })

  it.runIf(posix)(
    'is as it was where the app is killed in the middle, and the next goes on',
    async () => {
      const path = scratch.path(`killed ${version}.db`)
      makeOldDatabase(path, version)
      await expect(run(process.execPath, [dieMigrating, path])).rejects.toMatchObject({
        signal: 'SIGKILL',
      })
      const left = new BetterSqlite3(path, { readonly: true })
      expect(versionOf(left)).toBe(version)
      left.close()
      openDatabase(path, 'write').database.close()
      expectEverything(path, version)
    },
  )

  it('is brought there once, where several apps do it at the same instant', async () => {
    const path = scratch.path(`together ${version}.db`)
    makeOldDatabase(path, version)
    expect(await openTogether(path)).toEqual(['opened', 'opened', 'opened'])
    expectEverything(path, version)
  })
})

it('every version before today’s has its test', () => {
  expect(migrations).toHaveLength(6)
})
