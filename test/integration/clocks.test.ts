import { describe, expect, it } from 'vitest'
import { SteadyTime } from '../../src/engine/clock.ts'
import { DatabaseConnection } from '../../src/engine/lab/database-connection.ts'
import { Library } from '../../src/engine/lab/library.ts'
import { Lab } from '../../src/engine/lab.ts'
import { RunSession } from '../../src/engine/session/run-session.ts'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { RunLibrary } from '../../src/engine/storage/run-library.ts'
import { Storage } from '../../src/engine/storage/storage.ts'
import { loadWorkload } from '../../src/engine/workloads/catalogue.ts'
import { keptAwayDays } from '../../src/shared/model/library.ts'
import { briskMachine } from '../support/brisk-machine.ts'
import { fillDatabase } from '../support/filled-database.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const hourMs = 3_600_000

describe('a wall clock that is set in the middle of a run', () => {
  it.each([
    ['back', -hourMs],
    ['ahead', 24 * hourMs],
  ])('%s neither ends it before it began nor makes it longer', async (name, jumpMs) => {
    const path = scratch.path(`${name}.db`)
    const lab = new Lab({ databasePath: path, programs, version: 'test' })
    const storage = new Storage(path, 'write')
    let jumped = 0
    const wallClock = () => Date.now() + jumped
    const seenBeside: string[] = []
    const before = performance.now()
    const session = new RunSession({
      availableMemoryBytes: async () => 2 ** 34,
      plan: await lab.checkPlan({ tasks: 40, parameters: { n: 2000 }, repeat: 2, warmup: 0 }),
      ...{ workloads: new Map([['primes', await loadWorkload('primes')]]), interpreters: [] },
      recording: storage.recording,
      databasePath: path,
      programs,
      corescopeVersion: 'test',
      ...briskMachine,
      wallClock,
      announce: ({ type }) => {
        if (type !== 'trial-started') return
        jumped = jumpMs
        // Another app is started, whose clock is the new one.
        const other = new Storage(path, 'write', new SteadyTime(wallClock))
        seenBeside.push(...other.library.list().map(({ status }) => status))
        other.close()
      },
    })
    const { run } = await session.finished
    const tookMs = Date.parse(run.ended_at as string) - Date.parse(run.started_at)
    expect(tookMs).toBeGreaterThanOrEqual(0)
    expect(tookMs).toBeLessThanOrEqual(performance.now() - before + 1)
    for (const { started_at: startedAt } of run.trials) {
      expect(startedAt >= run.started_at && startedAt <= (run.ended_at as string)).toBe(true)
    }
    expect(run.status).toBe('done')
    expect(new Set(seenBeside)).toEqual(new Set(['running']))
    expect(await lab.saved.run(run.id)).toMatchObject({ status: 'done', ended_at: run.ended_at })
    await lab.close()
    storage.close()
  })
})

describe('a wall clock that is set while runs are put away', () => {
  it('deletes none of them before its days are over, nor any that is not put away', async () => {
    const path = scratch.path('away.db')
    fillDatabase(path, { runs: 3, trials: 1, chunks: 1 })
    const start = Date.now()
    let wall = start
    let monotonic = 0
    const time = new SteadyTime(
      () => wall,
      () => monotonic,
    )
    const connection = new (class extends DatabaseConnection {
      override async openAnother(need: 'read' | 'write') {
        return new Storage(path, need, time)
      }
    })(path)
    const library = new Library(connection, programs.compaction)
    await library.putAway(1)
    const isThere = async () => {
      await library.tidy()
      const sql = 'SELECT 1 FROM runs WHERE id = 1'
      return connection.read(({ opened }) => opened.database.prepare(sql).get() !== undefined)
    }
    const away = (keptAwayDays + 1) * 24 * hourMs
    wall = start + away
    expect(await isThere()).toBe(true)
    wall = start - away
    monotonic = away
    expect(await isThere()).toBe(true)
    wall = start + away
    expect(await isThere()).toBe(false)
    expect((await library.all()).map(({ id }) => id)).toEqual([3, 2])
    await connection.close()
  })

  it('set back, does not make it seem long ago; set ahead, thins nothing', async () => {
    const path = scratch.path('set.db')
    fillDatabase(path, { runs: 2, trials: 1, chunks: 1 })
    const start = Date.now()
    const days = (count: number) => count * 24 * hourMs
    let wall = start
    const time = new SteadyTime(
      () => wall,
      () => 0,
    )
    const connection = new (class extends DatabaseConnection {
      override async openAnother(need: 'read' | 'write') {
        return new Storage(path, need, time)
      }
    })(path)
    const library = new Library(connection, programs.compaction)
    await connection.write(({ opened }) =>
      opened.database.prepare('UPDATE runs SET started_at = ?, ended_at = ?').run(start, start),
    )
    await library.setPolicy({ thin_after_days: 1 })
    wall = start + days(400)
    expect(await library.thinnable()).toEqual({ runs: 0, bytes: 0 })
    expect(await library.thin()).toEqual({ runs: 0, bytes: 0 })
    wall = start - days(400)
    await library.putAway(1)
    wall = start
    await library.tidy()
    await library.bringBack(1)
    expect((await library.all()).map(({ id, thinned_at }) => [id, thinned_at])).toEqual([
      [2, null],
      [1, null],
    ])
    await connection.close()
  })
})

describe('the last run', () => {
  it('is the one that was made last, whatever the clock said, and none of elsewhere', async () => {
    const path = scratch.path('last.db')
    fillDatabase(path, { runs: 3, trials: 1, chunks: 1 })
    const { database } = openDatabase(path, 'write')
    database.prepare('UPDATE runs SET started_at = started_at - 86400000 WHERE id = 2').run()
    database.prepare('UPDATE runs SET imported_at = 1 WHERE id = 3').run()
    const library = new RunLibrary(database)
    expect(library.newest()).toBe(2)
    database.prepare('UPDATE runs SET deleted_at = 1 WHERE id < 3').run()
    expect(library.newest()).toBe(3)
    database.prepare('UPDATE runs SET deleted_at = 1').run()
    expect(library.newest()).toBeNull()
    database.close()
  })
})
