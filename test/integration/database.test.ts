import { existsSync } from 'node:fs'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { thisOwner } from '../../src/engine/storage/liveness.ts'
import { migrate, migrations, versionOf } from '../../src/engine/storage/migrations.ts'
import { RunKeeping } from '../../src/engine/storage/run-keeping.ts'
import { RunLibrary } from '../../src/engine/storage/run-library.ts'
import { RunRecording } from '../../src/engine/storage/run-recording.ts'
import { Storage } from '../../src/engine/storage/storage.ts'
import { describeWorkloads } from '../../src/engine/workloads/catalogue.ts'
import { parsePlan } from '../../src/shared/model/plan-check.ts'
import { appsTogether } from '../support/apps-together.ts'
import { scratchFolder } from '../support/scratch.ts'
import { timedRows } from '../support/timed-rows.ts'

const scratch = scratchFolder()
const openTogether = appsTogether()
/** Not as long as an app waits for a lock. */
const waitMs = 200
const parsed = parsePlan({}, await describeWorkloads(), 2)
if ('problems' in parsed) throw new Error('no plan')
const { plan } = parsed

function newRun(recording: RunRecording, uid: string, owner = thisOwner()) {
  return recording.create({
    uid,
    plan,
    label: 'a label',
    configurations: [
      {
        workload: 'primes',
        parameters: plan.parameters,
        runtime: 'node',
        interpreter: null,
        variant: null,
        content: null,
        model: 'threads',
        workers: 2,
        scheduling: 'static',
      },
    ],
    trialsPlanned: 2,
    startedAt: Date.parse('2026-01-02T03:04:05Z'),
    owner,
  })
}

function newTrial(recording: RunRecording, run: ReturnType<typeof newRun>, ordinal = 0) {
  return recording.startTrial(run.id, {
    configurationId: run.configurationIds[0] as number,
    ordinal,
    index: ordinal,
    warmUp: false,
    startedAt: 0,
  })
}

describe('a database', () => {
  it('is made where there is none, folders included, and is of the newest version', () => {
    const { database, path } = openDatabase(scratch.path('a', 'b', 'runs.db'), 'write')
    expect(path).toBe(scratch.path('a', 'b', 'runs.db'))
    expect(versionOf(database)).toBe(migrations.length)
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1)
    database.close()
  })

  it('is opened again as it is', () => {
    const first = openDatabase(scratch.path('again.db'), 'write')
    newRun(new RunRecording(first.database), 'u')
    first.database.close()
    const second = openDatabase(scratch.path('again.db'), 'read')
    expect(new RunLibrary(second.database).list()).toHaveLength(1)
    second.database.close()
  })

  it('has only strict tables', () => {
    const { database } = openDatabase(scratch.path('strict.db'), 'write')
    const loose = database
      .prepare(
        `SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'`,
      )
      .all()
    expect(loose).toEqual([])
    database.close()
  })

  it('takes each migration in a transaction of its own: one that fails leaves nothing', () => {
    const database = new BetterSqlite3(':memory:')
    const broken = ['CREATE TABLE a (x)', 'CREATE TABLE b (x); SELECT nonsense']
    expect(() => migrate(database, broken)).toThrow(/nonsense/)
    expect(versionOf(database)).toBe(1)
    const tables = database.prepare('SELECT name FROM sqlite_schema').pluck().all()
    expect(tables).toEqual(['a'])
  })

  it.each<[string, (path: string) => Promise<void> | void, RegExp]>([
    [
      'no database',
      (path) =>
        writeFile(
          path,
          'just some text, long enough to be read as a header of sqlite, which it is not.........',
        ),
      /is not a database; choose another file/,
    ],
    [
      'somebody else’s',
      (path) => void new BetterSqlite3(path).exec('CREATE TABLE t (x)').close(),
      /a database, but not one of Corescope/,
    ],
    [
      'of a newer version',
      (path) => {
        const { database } = openDatabase(path, 'write')
        database.pragma(`user_version = ${migrations.length + 1}`)
        database.close()
      },
      /is of a newer Corescope \(database version \d+, this one reads up to \d+\); update/,
    ],
    ['a folder', async (path) => void (await mkdir(path)), /is a folder/],
  ])('that is %s is refused, and left as it is', async (name, make, message) => {
    const path = scratch.path(`refused ${name}.db`)
    await make(path)
    const before = await stat(path)
    expect(() => openDatabase(path, 'write')).toThrow(message)
    expect(() => openDatabase(path, 'read')).toThrow(message)
    expect((await stat(path)).mtimeMs).toBe(before.mtimeMs)
  })

  it('that cannot be made says so', async () => {
    await writeFile(scratch.path('file'), '')
    expect(() => openDatabase(scratch.path('file', 'runs.db'), 'write')).toThrow(
      /cannot be opened for writing/,
    )
  })

  it('that is missing is as good as empty to a reader, who makes nothing', () => {
    const path = scratch.path('typo', 'runs.db')
    const { database, isReadOnly } = openDatabase(path, 'read')
    expect(new RunLibrary(database).list()).toEqual([])
    expect(isReadOnly).toBe(true)
    database.close()
    expect(existsSync(scratch.path('typo'))).toBe(false)
  })

  it('can be read while another program writes', () => {
    const path = scratch.path('reading.db')
    const writer = openDatabase(path, 'write').database
    newRun(new RunRecording(writer), 'x')
    writer.exec('BEGIN IMMEDIATE')
    const reader = openDatabase(path, 'read').database
    expect(new RunLibrary(reader).list()).toHaveLength(1)
    reader.close()
    writer.exec('ROLLBACK')
    writer.close()
  })

  it('may be made by several apps at the same instant', async () => {
    for (let round = 0; round < 8; round++) {
      const answers = await openTogether(scratch.path(`together ${round}.db`))
      expect(answers).toEqual(['opened', 'opened', 'opened'])
    }
  })

  it('that another program holds locked says so', () => {
    const path = scratch.path('locked.db')
    const holder = openDatabase(path, 'write').database
    holder.exec('BEGIN EXCLUSIVE')
    expect(() => openDatabase(path, 'write', waitMs)).toThrow(
      /is locked by another program; close it/,
    )
    holder.exec('ROLLBACK')
    holder.close()
  })
})

describe('the runs of a database', () => {
  it('come back as they were kept', () => {
    const { database } = openDatabase(scratch.path('runs.db'), 'write')
    const recording = new RunRecording(database)
    const library = new RunLibrary(database)
    const run = newRun(recording, 'whole')
    const trial = newTrial(recording, run)
    const seen = [
      { stream: 'machine', t_ms: 100, dt_ms: 0, values: { 'core.0.busy': 0.25 } },
      { stream: 'machine', t_ms: 350, dt_ms: 250, values: { 'core.0.busy': 0.75 } },
    ] as const
    recording.keepProgress(
      run.id,
      1,
      [{ ordinal: 0, stream: 'machine', samples: timedRows(seen) }],
      {
        id: trial,
        releasedMs: 200,
        tasksDone: 4,
      },
    )
    const phase = { name: 'work', worker: null, start_ms: 200, end_ms: 1200 } as const
    const worker = {
      index: 0,
      process_id: 11,
      thread_id: 2,
      tasks: 9,
      busy_ms: 900.5,
      cpu_ms: null,
      spawn_ms: 40,
      teardown_ms: 3,
      os_thread_id: null,
      pss_bytes: null,
      uss_bytes: null,
      voluntary_switches: null,
      involuntary_switches: null,
      migrations: null,
      rss_bytes: null,
      heap_used_bytes: 5_000_000,
    }
    recording.endTrial(trial, {
      status: 'done',
      reason: null,
      releasedMs: 200,
      tasksDone: 9,
      memoryBasis: 'rss',
      metrics: { wall_ms: 1000.125, checksum_ok: true, peak_pss_bytes: null },
      phases: [phase],
      workers: [worker],
    })
    recording.endRun(run.id, {
      status: 'done',
      reason: null,
      endedAt: Date.parse('2026-01-02T03:05:05Z'),
      trialsPlanned: 2,
    })

    const read = library.read(run.id)
    expect(read).toMatchObject({
      status: 'done',
      label: 'a label',
      plan,
      trials_done: 1,
      started_at: '2026-01-02T03:04:05.000Z',
      ended_at: '2026-01-02T03:05:05.000Z',
    })
    expect(read?.trials[0]).toMatchObject({ tasks_done: 9, phases: [phase], workers: [worker] })
    expect(read?.trials[0]?.metrics).toMatchObject({
      wall_ms: 1000.125,
      checksum_ok: true,
      peak_pss_bytes: null,
    })
    expect([...library.samples(trial)]).toEqual(seen.map((s) => ({ ...s, t_ms: s.t_ms - 200 })))
    database.close()
  })

  it('whose app is gone are marked as interrupted, with all they had', () => {
    const { database } = openDatabase(scratch.path('abandoned.db'), 'write')
    const recording = new RunRecording(database)
    const library = new RunLibrary(database)
    const gone = newRun(recording, 'gone', { ...thisOwner(), hostname: 'gone' })
    const done = newTrial(recording, gone, 0)
    const nothing = {
      releasedMs: null,
      memoryBasis: null,
      tasksDone: 0,
      phases: [],
      workers: [],
      reason: null,
    }
    recording.endTrial(done, { ...nothing, status: 'done', metrics: { wall_ms: 5 } })
    newTrial(recording, gone, 1)
    const going = newRun(recording, 'going', { ...thisOwner(), hostname: 'going' })
    recording.markAbandoned(({ hostname }) => hostname === 'going')
    expect(library.find(going.id)?.status).toBe('running')
    const read = library.read(gone.id)
    expect(read).toMatchObject({
      status: 'interrupted',
      reason: 'the app ended in the middle of the run',
    })
    expect(read?.trials.map(({ status }) => status)).toEqual(['done', 'interrupted'])
    expect(read?.trials[0]?.metrics.wall_ms).toBe(5)
    database.close()
  })

  it('are read all the same where those whose app is gone cannot be marked', () => {
    const path = scratch.path('unmarked.db')
    const { database } = openDatabase(path, 'write')
    newRun(new RunRecording(database), 'gone', { ...thisOwner(), processId: 2 ** 22 + 1 })
    database.exec('BEGIN IMMEDIATE')
    const reader = new Storage(path, 'read', undefined, waitMs)
    expect(reader.library.list()).toMatchObject([{ status: 'running' }])
    reader.close()
    expect(() => new Storage(path, 'write', undefined, waitMs)).toThrow(
      /is locked by another program/,
    )
    database.exec('ROLLBACK')
    const writer = new Storage(path, 'write')
    expect(writer.library.list()).toMatchObject([{ status: 'interrupted' }])
    writer.close()
    database.close()
  })

  it('are deleted with everything that hangs on them', () => {
    const { database } = openDatabase(scratch.path('delete.db'), 'write')
    const recording = new RunRecording(database)
    const keeping = new RunKeeping(database)
    const run = newRun(recording, 'x')
    const trial = newTrial(recording, run)
    recording.keepMetric('wall_ms', new Map([[trial, 1]]))
    expect(keeping.delete(run.id)).toBe(true)
    expect(keeping.delete(run.id)).toBe(false)
    for (const table of ['runs', 'configurations', 'trials', 'metrics']) {
      expect(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0)
    }
    database.close()
  })

  it('may be written by two apps at once', () => {
    const path = scratch.path('two.db')
    const [a, b] = [openDatabase(path, 'write'), openDatabase(path, 'write')]
    newRun(new RunRecording(a.database), 'a')
    newRun(new RunRecording(b.database), 'b')
    expect(new RunLibrary(a.database).list().map(({ uid }) => uid)).toEqual(['b', 'a'])
    a.database.close()
    b.database.close()
  })
})
