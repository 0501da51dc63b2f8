import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { migrations } from '../../src/engine/storage/migrations.ts'
import { repairDatabase } from '../../src/engine/storage/repair/repair.ts'
import type { SalvagedDatabase } from '../../src/shared/model/repair.ts'
import { fillDatabase, readWhole, type WholeRun } from '../support/filled-database.ts'
import { makeOldDatabase, oldSamples } from '../support/old-database.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const pageSize = 4096
const filling = { runs: 6, trials: 8, chunks: 3 }
const everything = {
  runs: { saved: 6, lost: 0 },
  trials: { saved: 48, lost: 0 },
  chunks: { saved: 144, lost: 0 },
  incomplete_trials: 0,
  unknown: 0,
  is_whole: true,
}
const now = new Date(2026, 0, 2, 3, 4, 5)

/** A database in a folder of its own. */
function filled(name: string): { readonly path: string; readonly runs: WholeRun[] } {
  mkdirSync(scratch.path(name))
  const path = scratch.path(name, 'runs.db')
  fillDatabase(path, filling)
  return { path, runs: contentOf(path) }
}

function contentOf(path: string): WholeRun[] {
  const { database } = openDatabase(path, 'read')
  try {
    return readWhole(database)
  } finally {
    database.close()
  }
}

/** Every file beside a database, and what is in it. */
function folderOf(path: string): Record<string, string> {
  const folder = dirname(path)
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')
  return Object.fromEntries(readdirSync(folder).map((name) => [name, hash(name)]))
}

/** Overwrites some bytes of a file with noise that is the same each time. */
function spoil(path: string, from: number, length: number): void {
  const bytes = readFileSync(path)
  for (let at = 0; at < length; at++) bytes[from + at] = (at * 197 + from * 31 + 89) & 255
  writeFileSync(path, bytes)
}

async function salvaged(path: string, out?: string): Promise<SalvagedDatabase> {
  const outcome = await repairDatabase(path, out, now)
  if (outcome.state === 'sound') throw new Error('nothing was found')
  return outcome
}

/** Pages of a table or of an index. */
function pagesOf(path: string, name: string): number[] {
  const database = new BetterSqlite3(path, { readonly: true })
  try {
    return database
      .prepare('SELECT pageno FROM dbstat WHERE name = ?')
      .pluck()
      .all(name) as number[]
  } finally {
    database.close()
  }
}

describe('a repair', () => {
  it('of a sound database says so and changes nothing', async () => {
    const { path } = filled('sound')
    const before = folderOf(path)
    expect(await repairDatabase(path, undefined, now)).toMatchObject({ state: 'sound', runs: 6 })
    expect(folderOf(path)).toEqual(before)
  })

  it('saves what can be read, tells of everything else, and leaves the old file as it was', async () => {
    const { path, runs } = filled('pages')
    const whole = readFileSync(path)
    let losses = 0
    for (let page = 2; page <= whole.length / pageSize; page += 3) {
      writeFileSync(path, whole)
      spoil(path, (page - 1) * pageSize, pageSize)
      const before = folderOf(path)
      const out = scratch.path('pages', `out ${page}.db`)
      const outcome = await salvaged(path, out).catch((error: Error) => error.message)
      const { [`out ${page}.db`]: _, ...after } = folderOf(path)
      expect(after).toEqual(before)
      // The pages that list the tables, and those from which the runs are found.
      if (typeof outcome === 'string') {
        expect(outcome).toMatch(/^nothing in .* can be read|^no run in .* can be read any more/)
        continue
      }
      const saved = contentOf(out)
      const known = new Map(runs.map((each) => [each.run.id, each]))
      const trials = saved.flatMap(({ run, samples }) =>
        run.trials.map((trial) => ({ run, trial, samples: samples.get(trial.id) })),
      )
      expect(saved).toHaveLength(outcome.runs.saved)
      expect(outcome.runs.saved + outcome.runs.lost).toBe(6)
      expect(trials).toHaveLength(outcome.trials.saved)
      expect(outcome.trials.saved + outcome.trials.lost).toBe(48)
      const isAsItWas = trials.map(({ run, trial, samples }) => {
        const original = known.get(run.id)
        const old = original?.run.trials.find(({ id }) => id === trial.id)
        for (const [key, value] of Object.entries(trial.metrics)) {
          if (value !== null) expect(value).toBe(old?.metrics[key as keyof typeof trial.metrics])
        }
        return (
          JSON.stringify([trial, samples]) ===
          JSON.stringify([old, original?.samples.get(trial.id)])
        )
      })
      expect(isAsItWas.filter((isSame) => !isSame).length).toBeLessThanOrEqual(
        outcome.incomplete_trials,
      )
      if (outcome.is_whole) expect(isAsItWas.every(Boolean)).toBe(true)
      else losses++
      for (const { run } of saved) {
        const old = known.get(run.id)?.run
        if (run.trials.length < (old?.trials.length ?? 0)) {
          expect(run.warnings.at(-1)).toMatchObject({ code: 'salvaged' })
        }
      }
    }
    expect(losses).toBeGreaterThan(5)
  })

  it('skips a page in the middle of a table, and reads on behind it', async () => {
    const { path } = filled('middle')
    const pages = pagesOf(path, 'sample_chunks')
    spoil(path, ((pages[Math.floor(pages.length / 2)] as number) - 1) * pageSize, pageSize)
    const { chunks, trials, incomplete_trials: incomplete, out } = await salvaged(path)
    expect(trials.lost).toBe(0)
    expect(chunks.lost).toBeGreaterThan(0)
    expect(chunks.lost).toBeLessThan(30)
    expect(chunks.saved + chunks.lost).toBe(144)
    expect(incomplete).toBeGreaterThan(0)
    const warned = contentOf(out).filter(({ run }) =>
      run.warnings.some(({ code }) => code === 'salvaged'),
    )
    expect(warned.length).toBeGreaterThan(0)
    expect(warned.length).toBeLessThan(6)
  })

  it('believes no value that cannot be unpacked', async () => {
    const { path } = filled('values')
    const { database } = openDatabase(path, 'write')
    database.exec(`UPDATE sample_chunks SET data = zeroblob(500) WHERE rowid = 5;
      UPDATE overviews SET data = x'00' WHERE trial_id = 1;
      UPDATE runs SET plan = '{"workload' WHERE id = 6`)
    database.close()
    const { problems, runs, trials, chunks, incomplete_trials: incomplete } = await salvaged(path)
    expect(problems[0]).toMatch(/1 of runs cannot be unpacked/)
    expect([runs.lost, trials.lost, chunks.lost, incomplete]).toEqual([1, 8, 24 + 1, 1])
  })

  it('leaves out when tasks began and ended where that cannot be unpacked: an export would break off', async () => {
    const { path } = filled('spans')
    const { database } = openDatabase(path, 'write')
    database.exec(`INSERT INTO task_spans VALUES (2, 0, 1, x'ff'), (2, 1, 0, x'0300')`)
    database.close()
    const { problems, out, others, incomplete_trials: incomplete } = await salvaged(path)
    expect(problems).toEqual(['1 of task_spans cannot be unpacked'])
    expect([others.lost, incomplete]).toEqual([1, 1])
    const saved = openDatabase(out, 'read').database
    expect(saved.prepare('SELECT worker FROM task_spans').pluck().all()).toEqual([1])
    saved.close()
  })

  it.each([
    ['whose index is broken', (path: string) => pagesOf(path, 'sqlite_autoindex_trials_1')[0]],
    ['whose first page is lost', () => 1],
  ])('saves all of a database %s, under a name with the time', async (name, pageOf) => {
    const { path, runs } = filled(name)
    spoil(path, ((pageOf(path) as number) - 1) * pageSize, pageSize)
    const outcome = await salvaged(path)
    expect(outcome).toMatchObject(everything)
    expect(outcome.out).toBe(scratch.path(name, 'runs.repaired-20260102-030405.db'))
    expect(contentOf(outcome.out)).toEqual(runs)
  })

  it('saves all of a database whose header alone is lost', async () => {
    const { path, runs } = filled('header')
    spoil(path, 0, 100)
    expect(() => openDatabase(path, 'read')).toThrow(/corescope doctor --repair --db/)
    const outcome = await salvaged(path)
    expect(outcome).toMatchObject(everything)
    expect(contentOf(outcome.out)).toEqual(runs)
  })

  it('saves what is left of a torn file', async () => {
    const { path } = filled('torn')
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * 0.93) + 17))
    expect(() => openDatabase(path, 'write')).toThrow(/is damaged .*corescope doctor --repair --db/)
    const { runs, chunks } = await salvaged(path)
    expect(runs).toEqual({ saved: 6, lost: 0 })
    expect(chunks.lost).toBeGreaterThan(0)
    expect(chunks.saved + chunks.lost).toBe(144)
  })

  it('knows what is in the WAL alone, and writes neither it nor the database', async () => {
    const { path } = filled('wal')
    const writer = openDatabase(path, 'write').database
    writer.pragma('wal_autocheckpoint = 0')
    writer.exec(`UPDATE runs SET label = 'only in the WAL' WHERE id = 3`)
    const pages = pagesOf(path, 'sample_chunks')
    spoil(path, ((pages[3] as number) - 1) * pageSize, pageSize)
    const before = folderOf(path)
    expect(Object.keys(before)).toEqual(['runs.db', 'runs.db-shm', 'runs.db-wal'])
    const { out } = await salvaged(path, scratch.path('wal', 'out.db'))
    const { 'out.db': _, ...after } = folderOf(path)
    expect(after).toEqual(before)
    expect(contentOf(out).find(({ run }) => run.id === 3)?.run.label).toBe('only in the WAL')
    writer.close()
  })

  it.each([1, 2, 3, 4])(
    'of a database of version %i brings what it saves to today',
    async (version) => {
      mkdirSync(scratch.path(`version ${version}`))
      const path = scratch.path(`version ${version}`, 'runs.db')
      makeOldDatabase(path, version)
      // What it says of its version is lost too: its tables tell.
      spoil(path, 0, 100)
      const { out, runs, is_whole: isWhole } = await salvaged(path)
      expect({ runs, isWhole }).toEqual({ runs: { saved: 2, lost: 0 }, isWhole: true })
      const content = contentOf(out)
      expect(content.map(({ run }) => [run.label, run.trials.length])).toEqual([
        ['old 2', 2],
        ['old 1', 2],
      ])
      expect(content[0]?.samples.get(20)).toEqual(oldSamples)
      expect(content[0]?.run.configurations[0]?.content).toBe(version === 4 ? 'a1b2c3d4e5f6' : null)
    },
  )

  it('ends a run that was going on, and gives no number twice', async () => {
    const { path } = filled('numbers')
    const { database } = openDatabase(path, 'write')
    database.exec(`DELETE FROM runs WHERE id = 6; UPDATE runs SET status = 'running' WHERE id = 2`)
    database.close()
    spoil(path, ((pagesOf(path, 'runs_started_at')[0] as number) - 1) * pageSize, pageSize)
    const { out } = await salvaged(path)
    const saved = openDatabase(out, 'write').database
    expect(saved.prepare('SELECT status FROM runs WHERE id = 2').pluck().get()).toBe('interrupted')
    const seq = `SELECT seq FROM sqlite_sequence WHERE name = 'runs'`
    expect(saved.prepare(seq).pluck().get()).toBe(6)
    saved.close()
  })

  it.each<[string, (path: string) => void, RegExp]>([
    ['nothing there', () => {}, /^there is no file .*; name one with --db$/],
    ['a folder', (path) => void mkdirSync(path), /is a folder; the database must be a file$/],
    ['an empty file', (path) => writeFileSync(path, ''), /it is empty \(0 bytes\)$/],
    [
      'a text',
      (path) => writeFileSync(path, 'words '.repeat(4000)),
      /^nothing in .* can be read: it is no database/,
    ],
    [
      'somebody else’s',
      (path) => void new BetterSqlite3(path).exec('CREATE TABLE t (x)').close(),
      /is a database, but not one of Corescope$/,
    ],
    [
      'a newer one',
      (path) => {
        const { database } = openDatabase(path, 'write')
        database.pragma(`user_version = ${migrations.length + 1}`)
        database.close()
      },
      /is of a newer Corescope .*; update Corescope to repair it$/,
    ],
  ])('of %s says what is wrong and makes nothing', async (name, make, message) => {
    mkdirSync(scratch.path(`none ${name}`))
    const path = scratch.path(`none ${name}`, 'runs.db')
    make(path)
    const before = readdirSync(dirname(path))
    await expect(repairDatabase(path, undefined, now)).rejects.toMatchObject({
      code: 'database',
      message: expect.stringMatching(message),
    })
    expect(readdirSync(dirname(path))).toEqual(before)
  })

  it('overwrites nothing', async () => {
    const { path } = filled('taken')
    spoil(path, ((pagesOf(path, 'phases')[0] as number) - 1) * pageSize, pageSize)
    const out = scratch.path('taken', 'mine.txt')
    writeFileSync(out, 'mine')
    await expect(salvaged(path, out)).rejects.toThrow(/--out: .*mine\.txt is there already/)
    await expect(salvaged(path, path)).rejects.toThrow(/is there already/)
    expect(readFileSync(out, 'utf8')).toBe('mine')
    const [first, second] = [await salvaged(path), await salvaged(path)]
    expect(first.out).not.toBe(second.out)
    expect(existsSync(first.out) && existsSync(second.out)).toBe(true)
  })
})
