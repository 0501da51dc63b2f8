import { once } from 'node:events'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { Lab } from '../../src/engine/lab.ts'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { thisOwner } from '../../src/engine/storage/liveness.ts'
import { RunRecording } from '../../src/engine/storage/run-recording.ts'
import { keepEndedRun } from '../support/ended-run.ts'
import { exampleRun } from '../support/example-run.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

const labAt = (databasePath: string) => new Lab({ databasePath, programs, version: '0' })

function database(name: string) {
  const path = scratch.path(name)
  const opened = openDatabase(path, 'write').database
  return { path, database: opened, recording: new RunRecording(opened), lab: labAt(path) }
}

/** Keeps a run that goes on. */
function startRun(recording: RunRecording): number {
  return recording.create({
    ...{ uid: 'going', plan: exampleRun.plan, label: '', configurations: [], trialsPlanned: 1 },
    ...{ startedAt: Date.now(), owner: thisOwner() },
  }).id
}

describe('a baseline', () => {
  it('is one run of its workload: marking another moves the mark', async () => {
    const { recording, lab } = database('baseline.db')
    const [one, two] = [keepEndedRun(recording, 'one'), keepEndedRun(recording, 'two')]
    const other = keepEndedRun(recording, 'other', { plan: { workload: 'sort' } })
    await lab.library.setBaseline(other, true)
    expect(await lab.library.setBaseline(one, true)).toMatchObject({ is_baseline: true })
    await lab.library.setBaseline(two, true)
    const both = [
      { workload: 'primes', run: two },
      { workload: 'sort', run: other },
    ]
    expect(await lab.library.baselines()).toEqual(both)
    expect((await lab.library.find(one)).is_baseline).toBe(false)
    // Put away it is none, and is one again where it comes back.
    await lab.library.putAway(two)
    expect(await lab.library.baselines()).toEqual(both.slice(1))
    await expect(lab.library.setBaseline(two, true)).rejects.toMatchObject({ code: 'not-found' })
    await lab.library.bringBack(two)
    expect(await lab.library.baselines()).toEqual(both)
    expect(await lab.library.setBaseline(two, false)).toMatchObject({ is_baseline: false })
    expect(await lab.library.baselines()).toEqual(both.slice(1))
    await lab.close()
  })
})

describe('thinning', () => {
  it('takes the samples of old runs alone, and leaves results and charts', async () => {
    const { path, database: direct, recording, lab } = database('thin.db')
    const trials = ['with overview', 'without overview'] as const
    const old = keepEndedRun(recording, 'old', { trials })
    const kept = keepEndedRun(recording, 'kept', { trials })
    const base = keepEndedRun(recording, 'baseline', { trials })
    const away = keepEndedRun(recording, 'away', { trials })
    const young = keepEndedRun(recording, 'young', { trials, startedAt: Date.now() })
    const imported = keepEndedRun(recording, 'imported', { trials })
    direct.prepare('UPDATE runs SET imported_at = ? WHERE id = ?').run(Date.now(), imported)
    await lab.library.edit(kept, { isKept: true })
    await lab.library.setBaseline(base, true)
    await lab.library.putAway(away)
    const before = await lab.saved.run(old)
    expect(before.sample_bytes).toBeGreaterThan(0)
    const [, second] = before.trials
    const chart = await lab.saved.timeline(second?.id as number)
    expect(chart.timeline.t).toHaveLength(2)
    expect(await lab.library.thin()).toEqual({ runs: 0, bytes: 0 })
    await lab.library.setPolicy({ thin_after_days: 30 })
    const all = (await lab.library.state()).sample_bytes

    expect(await lab.library.thinnable()).toEqual({ runs: 1, bytes: before.sample_bytes })
    expect(await lab.library.thin()).toEqual({ runs: 1, bytes: before.sample_bytes })

    const after = await lab.saved.run(old)
    expect(after.thinned_at).not.toBeNull()
    expect(after).toEqual({ ...before, thinned_at: after.thinned_at, sample_bytes: 0 })
    expect((await lab.library.state()).sample_bytes).toBe(all - before.sample_bytes)
    for (const [at, trial] of after.trials.entries()) {
      expect(await lab.saved.samples(trial.id)).toEqual([])
      const whole = await lab.saved.timeline(trial.id)
      // The one that was kept stays; the one that was missing has been made of the samples.
      expect(whole.timeline.cores === 77).toBe(at === 0)
      expect(await lab.saved.timeline(trial.id, { from_ms: 0, to_ms: 5 })).toEqual(whole)
    }
    expect((await lab.saved.timeline(second?.id as number)).timeline.t).toEqual(chart.timeline.t)
    for (const id of [kept, base, young, imported]) {
      expect([id, (await lab.library.find(id)).thinned_at]).toEqual([id, null])
    }
    await lab.library.bringBack(away)
    expect((await lab.library.find(away)).sample_bytes).toBe(before.sample_bytes)
    await lab.close()
    direct.close()
    // It is settled for good.
    const later = labAt(path)
    expect((await later.library.state()).policy).toEqual({ thin_after_days: 30 })
    await later.close()
  })

  it('waits while a run is recorded, goes on where it was broken off, and keeps what it cannot read', async () => {
    const { database: direct, recording, lab } = database('waits.db')
    const trials = ['without overview'] as const
    const torn = keepEndedRun(recording, 'torn', { trials })
    direct.exec(`UPDATE sample_chunks SET data = x'00'`)
    const good = keepEndedRun(recording, 'good', { trials, startedAt: 2000 })
    await lab.library.setPolicy({ thin_after_days: 1 })
    const going = startRun(recording)
    await expect(lab.library.thin()).rejects.toThrow(`run ${going} is still running`)
    expect(await lab.library.tidy()).toBe(false)
    recording.endRun(going, {
      ...{ status: 'done', reason: null, endedAt: Date.now(), trialsPlanned: 1 },
    })
    expect(await lab.library.tidy(() => false)).toBe(false)
    expect((await lab.library.find(good)).thinned_at).toBeNull()
    expect(await lab.library.tidy()).toBe(true)
    expect((await lab.library.find(good)).thinned_at).not.toBeNull()
    expect((await lab.library.find(torn)).thinned_at).toBeNull()
    expect(direct.prepare('SELECT count(*) FROM sample_chunks').pluck().get()).toBe(2)
    direct.close()
    await lab.close()
  })
})

describe('compacting', () => {
  it('gives back what was deleted, not while a run is recorded or another program holds the file', async () => {
    const { path, database: direct, recording, lab } = database('compact.db')
    const big = keepEndedRun(recording, 'big', { plan: { notes: 'n'.repeat(100_000) } })
    const going = startRun(recording)
    await expect(lab.library.compact()).rejects.toThrow(`run ${going} is still running`)
    await lab.library.delete(big)
    recording.endRun(going, { status: 'done', reason: null, endedAt: 1, trialsPlanned: 1 })
    // A reader holds an old state open: the file cannot become smaller before it ends.
    direct.exec('BEGIN; SELECT count(*) FROM runs')
    direct.prepare('SELECT count(*) FROM runs').get()
    await expect(lab.library.compact()).rejects.toMatchObject({
      code: 'busy',
      message: `${path} is being read; it becomes smaller when that has ended and it is compacted again`,
    })
    direct.exec('ROLLBACK')
    const before = await lab.library.state()
    await lab.library.compact()
    const after = await lab.library.state()
    expect(after.reclaimable_bytes).toBe(0)
    expect(after.size_bytes).toBeLessThan((before.size_bytes as number) - 100_000)
    direct.close()
    await lab.close()
  })
})

describe('a backup', () => {
  it('is whole, and of one state, while another app writes', async () => {
    const { path, database: direct, recording, lab } = database('busy.db')
    for (let at = 0; at < 40; at++) {
      keepEndedRun(recording, `run ${at}`, { plan: { notes: 'n'.repeat(90_000) } })
    }
    // Two rows in one transaction, again and again: a copy has both of a pair, or neither.
    const writer = new Worker(
      `const { workerData, parentPort } = require('node:worker_threads')
       const database = new (require(workerData.sqlite))(workerData.path, { timeout: 5000 })
       database.pragma('synchronous = OFF')
       const add = database.prepare('INSERT INTO settings VALUES (?, ?)')
       const pair = database.transaction((at) => { add.run('a' + at, 'x'); add.run('b' + at, 'x') })
       let at = 0
       const go = () => { pair(at++); parentPort.postMessage(at); setImmediate(go) }
       go()`,
      { eval: true, workerData: { path, sqlite: import.meta.resolve('better-sqlite3').slice(7) } },
    )
    await once(writer, 'message')
    const target = scratch.path('backup.db')
    const shares: number[] = []
    await lab.library.backup(target, { progress: (share) => shares.push(share) })
    await writer.terminate()
    // It is never begun anew, as a copy of a state that changes would be.
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.length).toBeGreaterThan(4)
    expect(shares.at(-1)).toBe(1)
    const copy = new BetterSqlite3(target)
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(copy.prepare('SELECT count(*) FROM runs').pluck().get()).toBe(40)
    const pairs = copy.prepare(`SELECT count(*) FROM settings WHERE name LIKE ?`).pluck()
    expect(pairs.get('a%')).toBe(pairs.get('b%'))
    expect(Number(pairs.get('a%'))).toBeGreaterThan(0)
    copy.close()
    direct.close()
    await lab.close()
  })

  it('replaces a file when it is whole, and leaves nothing behind where it is not', async () => {
    const { recording, lab } = database('source.db')
    keepEndedRun(recording, 'one', { plan: { notes: 'n'.repeat(100_000) } })
    const folder = scratch.path('targets')
    await mkdir(folder)
    const target = `${folder}/old.db`
    writeFileSync(target, 'an old one')
    const abort = new AbortController()
    abort.abort()
    await expect(lab.library.backup(target, { signal: abort.signal })).rejects.toBe(
      abort.signal.reason,
    )
    expect(readdirSync(folder)).toEqual(['old.db'])
    expect(statSync(target).size).toBe(10)
    await lab.library.backup(target)
    expect(readdirSync(folder)).toEqual(['old.db'])
    expect(statSync(target).size).toBeGreaterThan(100_000)
    const gone = lab.library.backup(`${folder}/x/new.db`)
    await expect(gone).rejects.toThrow(`${folder}/x is no folder`)
    // Its folder vanishes on the way.
    await mkdir(`${folder}/x`)
    const vanishing = lab.library.backup(`${folder}/x/new.db`, {
      progress: () => rmSync(`${folder}/x`, { recursive: true, force: true }),
    })
    await expect(vanishing).rejects.toMatchObject({ code: 'output' })
    expect(existsSync(`${folder}/x/new.db`)).toBe(false)
    await lab.close()
  })

  it('never writes over the database, nor over one that is in use', async () => {
    const { path, database: direct, recording, lab } = database('itself.db')
    keepEndedRun(recording, 'one')
    await symlink(path, `${path}-link`)
    for (const target of [path, `${path}-wal`, `${path}-link`]) {
      await expect(lab.library.backup(target)).rejects.toThrow('it is the database itself')
    }
    const other = database('in-use.db')
    keepEndedRun(other.recording, 'of another')
    await expect(lab.library.backup(other.path)).rejects.toThrow('it is a database that is in use')
    await expect(lab.library.backup(scratch.path())).rejects.toThrow('it is a folder')
    const none = labAt(scratch.path('none.db'))
    await expect(none.library.backup(scratch.path('x.db'))).rejects.toMatchObject({
      code: 'not-found',
    })
    other.database.close()
    direct.close()
    await Promise.all([lab.close(), other.lab.close(), none.close()])
  })
})
