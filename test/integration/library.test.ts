import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { Lab } from '../../src/engine/lab.ts'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { thisOwner } from '../../src/engine/storage/liveness.ts'
import { migrate, migrations } from '../../src/engine/storage/migrations.ts'
import { RunLibrary } from '../../src/engine/storage/run-library.ts'
import { RunRecording } from '../../src/engine/storage/run-recording.ts'
import type { RunsQuery } from '../../src/shared/contract.ts'
import type { Plan } from '../../src/shared/model/plan.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import { exampleRun, exampleSamples } from '../support/example-run.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'
import { timedRows } from '../support/timed-rows.ts'

const scratch = scratchFolder()

function labAt(databasePath: string): Lab {
  return new Lab({ databasePath, programs, version: '0' })
}

/** Keeps a run that has ended, made up. */
function keep(
  recording: RunRecording,
  label: string,
  change: { readonly plan?: Partial<Plan>; readonly startedAt?: number } = {},
) {
  const plan = { ...exampleRun.plan, ...change.plan }
  const startedAt = change.startedAt ?? 1000
  const run = recording.create({
    uid: label,
    plan,
    label,
    configurations: exampleRun.configurations.map(({ id: _, ...rest }) => rest),
    trialsPlanned: 1,
    startedAt,
    owner: thisOwner(),
  })
  recording.endRun(run.id, {
    status: 'done',
    reason: null,
    endedAt: startedAt + 50,
    trialsPlanned: 1,
  })
  return run
}

const everything: RunsQuery = {
  search: '',
  order: 'started_at',
  descending: true,
  offset: 0,
  limit: 100,
}

describe('pages of runs', () => {
  const path = () => scratch.path('pages.db')

  it('are searched for words, sorted and cut, with the number of all that were found', async () => {
    const { database } = openDatabase(path(), 'write')
    const recording = new RunRecording(database)
    keep(recording, 'alpha 100%', { startedAt: 3000 })
    keep(recording, 'Beta', { startedAt: 1000, plan: { workload: 'sleep' } })
    keep(recording, 'gamma_x', { startedAt: 2000, plan: { notes: 'with beta in its notes' } })
    database.close()
    const lab = labAt(path())
    const labels = async (query: Partial<RunsQuery>) => {
      const { runs, total } = await lab.library.page({ ...everything, ...query })
      return [total, ...runs.map(({ label }) => label)]
    }
    expect(await labels({})).toEqual([3, 'alpha 100%', 'gamma_x', 'Beta'])
    expect(await labels({ limit: 1, offset: 1 })).toEqual([3, 'gamma_x'])
    expect(await labels({ order: 'label', descending: false })).toEqual([
      3,
      'alpha 100%',
      'Beta',
      'gamma_x',
    ])
    expect(await labels({ order: 'workload', descending: true, limit: 1 })).toEqual([3, 'Beta'])
    expect(await labels({ search: 'BETA' })).toEqual([2, 'gamma_x', 'Beta'])
    expect(await labels({ search: ' beta   sleep ' })).toEqual([1, 'Beta'])
    // What is a pattern to SQL is a text to its user.
    expect(await labels({ search: '100%' })).toEqual([1, 'alpha 100%'])
    expect(await labels({ search: '%' })).toEqual([1, 'alpha 100%'])
    expect(await labels({ search: 'a_x' })).toEqual([1, 'gamma_x'])
    expect(await labels({ search: '_' })).toEqual([1, 'gamma_x'])
    await lab.close()
  })

  it('are asked for by their experiment, which others only speak of', async () => {
    const file = scratch.path('experiments.db')
    const { database } = openDatabase(file, 'write')
    const recording = new RunRecording(database)
    keep(recording, 'races', { startedAt: 1000 })
    keep(recording, 'first', { startedAt: 2000, plan: { experiment: 'races' } })
    keep(recording, 'second', { startedAt: 3000, plan: { experiment: 'races' } })
    keep(recording, 'other', { startedAt: 4000, plan: { experiment: 'transports' } })
    database.close()
    const lab = labAt(file)
    const { runs, total } = await lab.library.page({ ...everything, experiment: 'races', limit: 1 })
    expect([total, ...runs.map(({ label }) => label)]).toEqual([2, 'second'])
    const found = await lab.library.page({ ...everything, experiment: 'races', search: 'first' })
    expect(found.runs.map(({ label }) => label)).toEqual(['first'])
    await lab.close()
  })
})

describe('a run that is put away', () => {
  it('is nowhere to be found, comes back whole, and after 30 days is gone for good', async () => {
    const path = scratch.path('away.db')
    const { database } = openDatabase(path, 'write')
    const run = keep(new RunRecording(database), 'one')
    const lab = labAt(path)
    await lab.library.putAway(run.id)
    expect((await lab.library.page(everything)).total).toBe(0)
    expect(await lab.library.all()).toEqual([])
    await expect(lab.saved.run(run.id)).rejects.toThrow('there is no run')
    await expect(lab.saved.run('last')).rejects.toThrow('no run is kept yet')
    await lab.library.bringBack(run.id)
    expect((await lab.saved.run(run.id)).label).toBe('one')

    await lab.library.putAway(run.id)
    database.prepare('UPDATE runs SET deleted_at = deleted_at - 30 * 86400001').run()
    await lab.close()
    const later = labAt(path)
    await expect(later.library.bringBack(run.id)).rejects.toThrow('there is no run')
    expect(database.prepare('SELECT count(*) FROM runs').pluck().get()).toBe(1)
    expect(await later.library.tidy()).toBe(true)
    expect(database.prepare('SELECT count(*) FROM runs').pluck().get()).toBe(0)
    await later.close()
    database.close()
  })

  it('cannot be one that is still running', async () => {
    const path = scratch.path('running.db')
    const { database } = openDatabase(path, 'write')
    const run = new RunRecording(database).create({
      uid: 'u',
      plan: exampleRun.plan,
      label: '',
      configurations: [],
      trialsPlanned: 1,
      startedAt: Date.now(),
      owner: thisOwner(),
    })
    const lab = labAt(path)
    await expect(lab.library.putAway(run.id)).rejects.toMatchObject({ code: 'busy' })
    await lab.close()
    database.close()
  })
})

describe('a row that Corescope did not write', () => {
  it.each([
    ['a plan that is no JSON', `plan = '{nonsense'`],
    ['a plan that is none', `plan = '{"models":"x"}'`],
    ['a time that is none', `started_at = ${2 ** 62}`],
  ])('with %s does not take the other runs with it, and can be deleted', async (name, change) => {
    const path = scratch.path(`${name}.db`)
    const { database } = openDatabase(path, 'write')
    const recording = new RunRecording(database)
    keep(recording, 'good')
    const bad = keep(recording, 'bad')
    database.exec(`UPDATE runs SET ${change} WHERE id = ${bad.id}`)
    database.close()
    const lab = labAt(path)
    expect((await lab.library.all()).map(({ label }) => label)).toEqual(['good'])
    const { runs } = await lab.library.page({ ...everything, search: 'primes', order: 'workload' })
    expect(runs.map(({ label }) => label)).toEqual(['good'])
    await expect(lab.saved.run(bad.id)).rejects.toThrow('is not as Corescope writes it')
    await lab.library.putAway(bad.id)
    await lab.close()
  })
})

describe('a label', () => {
  it('is changed, whatever is in it', async () => {
    const path = scratch.path('label.db')
    const { database } = openDatabase(path, 'write')
    const run = keep(new RunRecording(database), 'before')
    database.close()
    const lab = labAt(path)
    const label = `"quoted", <b>, =1+1, ‮ right to left, 🎉 '); DROP TABLE runs; --`
    expect((await lab.library.edit(run.id, { label: label })).label).toBe(label)
    expect((await lab.saved.run(run.id)).label).toBe(label)
    await lab.library.putAway(run.id)
    await expect(lab.library.edit(run.id, { label: 'x' })).rejects.toMatchObject({
      code: 'not-found',
    })
    await lab.library.bringBack(run.id)
    expect((await lab.saved.run(run.id)).label).toBe(label)
    await expect(lab.library.edit(99, { label: 'x' })).rejects.toMatchObject({ code: 'not-found' })
    await lab.close()
  })
})

describe('a trial over time', () => {
  function withTrial(name: string, hasOverview: boolean) {
    const path = scratch.path(name)
    const { database } = openDatabase(path, 'write')
    const recording = new RunRecording(database)
    const run = keep(recording, name)
    const trial = recording.startTrial(run.id, {
      configurationId: run.configurationIds[0] as number,
      ...{ ordinal: 0, index: 0, warmUp: false, startedAt: 0 },
    })
    const progress = { id: trial, releasedMs: 200, tasksDone: 7 }
    const batches = exampleSamples.map((sample, ordinal) => ({
      ordinal,
      stream: sample.stream,
      // As they are recorded: from the start of the trial.
      samples: timedRows([{ ...sample, t_ms: sample.t_ms + 200 }]),
    }))
    recording.keepProgress(run.id, 0, batches, progress)
    const overview = new Timeline(3, 1, 4)
    recording.endTrial(
      trial,
      {
        ...{ status: 'done', reason: null, releasedMs: 200, tasksDone: 7, memoryBasis: null },
        ...{ metrics: {}, phases: [], workers: [] },
      },
      hasOverview ? overview.toData() : null,
    )
    return { path, database, trial }
  }

  it('is what was kept with it at its end', async () => {
    const { path, trial } = withTrial('overview.db', true)
    const lab = labAt(path)
    const { timeline, releasedMs } = await lab.saved.timeline(trial)
    expect(releasedMs).toBe(200)
    expect(timeline).toMatchObject({ cores: 3, workers: 1, t: [] })
    await lab.close()
  })

  it('is made of its samples where nothing was kept, as of a trial that was broken off', async () => {
    const { path, trial } = withTrial('samples.db', false)
    const lab = labAt(path)
    const { timeline } = await lab.saved.timeline(trial)
    expect(timeline.t).toEqual([99.5, 210])
    expect(timeline.tasks).toEqual([0, 7])
    expect(timeline.busyCores[0]).toBe(1.5)
    expect(timeline.treeRss).toEqual([null, 5e7])
    expect(timeline.workerCpu).toEqual([null, 0.25])
    await lab.close()
  })

  it('is read within bounds from the samples, from chunks of before as well', async () => {
    const { path, trial, database } = withTrial('bounds.db', true)
    const lab = labAt(path)
    const times = async (from_ms: number, to_ms: number) =>
      (await lab.saved.timeline(trial, { from_ms, to_ms })).timeline.t
    const both = async () => [await times(-200, 5), await times(0, 50), await times(2000, 3000)]
    // What was told up to a second before is still known in a span.
    const expected = [[99.5], [99.5, 210], []]
    expect(await both()).toEqual(expected)
    database.exec('UPDATE sample_chunks SET from_ms = NULL, to_ms = NULL')
    expect(await both()).toEqual(expected)
    database.close()
    await lab.close()
  })

  it('of a run that is gone says so', async () => {
    const lab = labAt(scratch.path('nothing.db'))
    await expect(lab.saved.timeline(5)).rejects.toMatchObject({ code: 'not-found' })
    await lab.close()
  })
})

describe('a database of the first version', () => {
  it('is brought to today’s with all that is in it', async () => {
    const path = scratch.path('first.db')
    const old = new BetterSqlite3(path)
    migrate(old, migrations.slice(0, 1))
    old.exec(`
      INSERT INTO runs VALUES (1, 'u', 'old', '', 'done', NULL, '${JSON.stringify(exampleRun.plan)}', 1, 5, 9, 1, NULL, 'h', 5);
      INSERT INTO configurations VALUES (1, 1, 'primes', '{"n":1000}', 'node', 'threads', 1, 'static');
      INSERT INTO trials VALUES (1, 1, 1, 0, 0, 0, 'done', NULL, 5, 200, 7, 'rss');
    `)
    old.close()
    const lab = labAt(path)
    const run = await lab.saved.run(1)
    expect(run).toMatchObject({ label: 'old', trials: [{ tasks_done: 7, released_ms: 200 }] })
    expect((await lab.saved.timeline(1)).timeline.t).toEqual([])
    await lab.library.putAway(1)
    await lab.library.bringBack(1)
    await lab.close()
    const { database } = openDatabase(path, 'read')
    expect(new RunLibrary(database).list()).toHaveLength(1)
    database.close()
  })
})

describe('a database that appears later', () => {
  it('is seen by a lab that was open before', async () => {
    const path = scratch.path('later.db')
    const lab = labAt(path)
    expect(await lab.library.all()).toEqual([])
    const { database } = openDatabase(path, 'write')
    keep(new RunRecording(database), 'by another app')
    database.close()
    expect(await lab.library.all()).toHaveLength(1)
    await lab.close()
  })
})

describe('an estimate', () => {
  it('of an experiment is of its usual parameters: of others none is made up', async () => {
    const lab = labAt(scratch.path('experiment.db'))
    const usual = await lab.estimate({ experiment: 'creation' })
    expect(usual.time_ms).toBeGreaterThan(0)
    const long = await lab.estimate({ experiment: 'creation', parameters: { steps: 1e9 } })
    expect(long).toMatchObject({
      time_ms: null,
      timeBasis: expect.stringMatching(/not been tried/),
    })
    await lab.close()
  })

  it('says what a plan needs, or what is wrong with it', async () => {
    const lab = labAt(scratch.path('estimate.db'))
    const right = await lab.estimate({ workers: [2] })
    expect(right).toMatchObject({ problems: [], doesNotFit: null })
    expect(right.memory_bytes).toBeGreaterThan(64 * 2 ** 20)
    const wrong = await lab.estimate({ workers: [0] })
    expect(wrong).toMatchObject({ plan: null, problems: [{ path: 'workers[0]' }] })
    const large = await lab.estimate({ workers: [4000], repeat: 1, warmup: 0 })
    expect(large.doesNotFit).toMatch(/at most \d+ would fit$/)
    await lab.close()
  })

  it('knows how long tasks take from runs that were kept', async () => {
    const path = scratch.path('known.db')
    const { database } = openDatabase(path, 'write')
    const recording = new RunRecording(database)
    const run = keep(recording, 'known')
    const trial = recording.startTrial(run.id, {
      configurationId: run.configurationIds[0] as number,
      ...{ ordinal: 0, index: 0, warmUp: false, startedAt: 0 },
    })
    recording.endTrial(trial, {
      ...{ status: 'done', reason: null, releasedMs: 0, tasksDone: 1, memoryBasis: null },
      ...{ metrics: { throughput_per_s: 100 }, phases: [], workers: [] },
    })
    database.close()
    const lab = labAt(path)
    const plan = { workload: 'primes', models: ['threads'], workers: [1], tasks: 1000, warmup: 0 }
    const known = await lab.estimate({ ...plan, parameters: { n: 1000 }, repeat: 1 })
    expect(known.time_ms).toBeGreaterThan(10_000)
    const unknown = await lab.estimate({ ...plan, parameters: { n: 1001 }, repeat: 1 })
    expect(unknown.time_ms).toBeNull()
    await lab.close()
  })
})
