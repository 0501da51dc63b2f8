import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { Lab } from '../../src/engine/lab.ts'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { migrate, migrations } from '../../src/engine/storage/migrations.ts'
import { RunRecording } from '../../src/engine/storage/run-recording.ts'
import type { RunsQuery } from '../../src/shared/contract.ts'
import type { Plan } from '../../src/shared/model/plan.ts'
import { keepEndedRun } from '../support/ended-run.ts'
import { quietMachine } from '../support/example-environment.ts'
import { exampleRun } from '../support/example-run.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

const everything: RunsQuery = {
  ...{ search: '', order: 'started_at', descending: false, offset: 0, limit: 100 },
}

const labAt = (databasePath: string) => new Lab({ databasePath, programs, version: '0' })

/** A lab on a database, with what its list shows by what is asked. */
function asked(path: string) {
  const lab = labAt(path)
  const labels = async (query: Partial<RunsQuery>) =>
    (await lab.library.page({ ...everything, ...query })).runs.map(({ label }) => label)
  return { lab, labels, found: (search: string) => labels({ search }) }
}

describe('a search', () => {
  it('looks into all that is told of a run, anywhere in a word, whatever its letters', async () => {
    const path = scratch.path('words.db')
    const { database } = openDatabase(path, 'write')
    const recording = new RunRecording(database)
    const id = keepEndedRun(recording, 'ΟΔΟΣ Ｐｏｏｌ', {
      plan: { notes: 'Łódź, Straße, 3 ㎒', experiment: 'races', models: ['processes'] },
      machine: 'BIRCH-7',
    })
    keepEndedRun(recording, 'other')
    database.close()
    const { lab, found } = asked(path)
    await lab.library.edit(id, { tags: ['Node 26'] })
    const words = ['οδοσ', 'οδος', 'POOL', 'łÓDŹ', 'straße', 'birch', 'rocess', 'mhz']
    for (const word of [...words, 'node 26', 'RACES', 'primes', 'done ΟΔ']) {
      expect([word, ...(await found(word))]).toEqual(
        word === 'primes' ? [word, 'ΟΔΟΣ Ｐｏｏｌ', 'other'] : [word, 'ΟΔΟΣ Ｐｏｏｌ'],
      )
    }
    expect(await found('pool nowhere')).toEqual([])
    // The end of one text and the beginning of the next make no word.
    expect(await found('poolłódź')).toEqual([])
    await lab.close()
  })

  it('sees what another app has changed just now, however it did', async () => {
    const path = scratch.path('changed.db')
    const { database } = openDatabase(path, 'write')
    const recording = new RunRecording(database)
    const id = keepEndedRun(recording, 'before')
    const { lab, labels, found } = asked(path)
    expect(await found('before')).toEqual(['before'])
    // As an app of ours does it that knows nothing of folding, or SQLite's own shell.
    database.exec(`UPDATE runs SET label = 'ÄFTER', status = 'failed' WHERE id = ${id}`)
    expect(await found('before')).toEqual([])
    expect(await found('äfter')).toEqual(['ÄFTER'])
    expect(await labels({ status: 'failed', order: 'label' })).toEqual(['ÄFTER'])
    database.exec(`INSERT INTO tags VALUES (${id}, 'Ümlaut')`)
    expect(await found('ümlaut')).toEqual(['ÄFTER'])
    expect(await labels({ tag: 'Ümlaut' })).toEqual(['ÄFTER'])
    recording.keepEnvironment(id, 'before', { ...quietMachine, hostname: 'Cedar' })
    expect(await labels({ machine: 'Cedar', search: 'cedar' })).toEqual(['ÄFTER'])
    expect((await lab.library.facets()).machines).toEqual([{ value: 'Cedar', runs: 1 }])
    database.exec(`DELETE FROM tags; UPDATE runs SET deleted_at = 5 WHERE id = ${id}`)
    expect(await labels({})).toEqual([])
    database.exec(`UPDATE runs SET deleted_at = NULL`)
    expect(await found('ümlaut')).toEqual([])
    expect(await labels({})).toEqual(['ÄFTER'])
    database.close()
    await lab.close()
  })

  it('finds runs of a database of before', async () => {
    const path = scratch.path('before.db')
    const old = new BetterSqlite3(path)
    migrate(old, migrations.slice(0, 4))
    const plan = JSON.stringify({ ...exampleRun.plan, workload: 'sort', models: ['threads'] })
    const insert = old.prepare(
      `INSERT INTO runs (id, uid, label, notes, status, plan, trials_planned, started_at, ended_at,
                         owner_process, owner_host, heartbeat_at)
       VALUES (?, ?, ?, 'Ünder way', 'done', ?, 1, ?, 900, 1, 'h', 5)`,
    )
    insert.run(1, 'a', 'ÉMIGRÉ', plan, 5)
    insert.run(2, 'b', 'no plan', '{nonsense', 6)
    old.exec(`INSERT INTO environments VALUES (1, 'before', '{"hostname":"old-box"}')`)
    old.close()
    const { lab, labels, found } = asked(path)
    expect(await found('émigré ünder OLD-BOX')).toEqual(['ÉMIGRÉ'])
    const query = { workload: 'sort', model: 'threads', machine: 'old-box' } as const
    expect(await labels({ ...query, status: 'done' })).toEqual(['ÉMIGRÉ'])
    expect(await lab.library.page(everything)).toMatchObject({ total: 1 })
    await lab.close()
  })
})

describe('filters', () => {
  it('hold together, with words and in any order, and say what there is', async () => {
    const path = scratch.path('filters.db')
    const { database } = openDatabase(path, 'write')
    const recording = new RunRecording(database)
    const day = (of: number) => Date.UTC(2026, 0, of)
    keepEndedRun(recording, 'b', { startedAt: day(1), machine: 'alder' })
    keepEndedRun(recording, 'a', {
      startedAt: day(2),
      machine: 'birch',
      plan: { workload: 'sort' },
    })
    const both: Partial<Plan> = {
      workload: 'sort',
      models: ['threads', 'processes'],
      runtimes: ['node', 'python'],
    }
    const c = keepEndedRun(recording, 'c', { startedAt: day(3), machine: 'birch', plan: both })
    const away = keepEndedRun(recording, 'away', { startedAt: day(3), machine: 'cedar' })
    database.close()
    const { lab, labels } = asked(path)
    await lab.library.edit(c, { tags: ['x', 'y'] })
    await lab.library.putAway(away)
    expect(await labels({ workload: 'sort', order: 'label' })).toEqual(['a', 'c'])
    expect(await labels({ machine: 'birch', model: 'processes' })).toEqual(['c'])
    expect(await labels({ runtime: 'python' })).toEqual(['c'])
    expect(await labels({ search: 'python' })).toEqual(['c'])
    expect(await labels({ model: 'threads', descending: true })).toEqual(['c', 'a', 'b'])
    expect(await labels({ tag: 'y' })).toEqual(['c'])
    const from = new Date(day(2)).toISOString()
    const before = new Date(day(3)).toISOString()
    expect(await labels({ from })).toEqual(['a', 'c'])
    expect(await labels({ from, before, search: 'birch' })).toEqual(['a'])
    expect(await labels({ from, before, search: 'alder' })).toEqual([])
    expect(await lab.library.facets()).toEqual({
      workloads: [
        { value: 'sort', runs: 2 },
        { value: 'primes', runs: 1 },
      ],
      runtimes: [
        { value: 'node', runs: 3 },
        { value: 'python', runs: 1 },
      ],
      models: [
        { value: 'threads', runs: 3 },
        { value: 'processes', runs: 1 },
      ],
      machines: [
        { value: 'birch', runs: 2 },
        { value: 'alder', runs: 1 },
      ],
      statuses: [{ value: 'done', runs: 3 }],
      tags: [
        { value: 'x', runs: 1 },
        { value: 'y', runs: 1 },
      ],
    })
    const gone = await lab.library.page({ ...everything, isAway: true })
    expect(gone.runs.map(({ label }) => label)).toEqual(['away'])
    await lab.close()
  })

  it('give a list that leaves out notes, however long, while one run has them whole', async () => {
    const path = scratch.path('notes.db')
    const { database } = openDatabase(path, 'write')
    const notes = 'n'.repeat(100_000)
    const id = keepEndedRun(new RunRecording(database), 'long', { plan: { notes } })
    database.close()
    const { lab } = asked(path)
    const { runs } = await lab.library.page({ ...everything, search: 'nnn' })
    expect(runs).toMatchObject([{ label: 'long', notes: '', plan: { notes: '', tasks: 10 } }])
    expect((await lab.library.find(id)).notes).toBe(notes)
    await lab.close()
  })
})
