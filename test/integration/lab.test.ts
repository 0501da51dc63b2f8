import { cpus } from 'node:os'
import { describe, expect, it } from 'vitest'
import { Lab, type LabOptions } from '../../src/engine/lab.ts'
import { RunSession } from '../../src/engine/session/run-session.ts'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { RecordedTrials } from '../../src/engine/storage/recorded-trials.ts'
import { RunRecording } from '../../src/engine/storage/run-recording.ts'
import { loadWorkload } from '../../src/engine/workloads/catalogue.ts'
import type { RunEvent } from '../../src/shared/model/progress.ts'
import type { Trial } from '../../src/shared/model/run.ts'
import type { SampleSeries } from '../../src/shared/model/sample.ts'
import { briskMachine } from '../support/brisk-machine.ts'
import { samplerFedWith } from '../support/fed-sampler.ts'
import { programs } from '../support/programs.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()
const cores = cpus().length

function newLab(name: string, options: Partial<LabOptions> = {}): Lab {
  const machine = { ...briskMachine, ...options.machine }
  return new Lab({
    ...{ databasePath: scratch.path(name), programs, version: 'test', ...options, machine },
  })
}

/** What the machine's samples that lie within a trial's work say, each as long as it stands for. */
async function withinWork(lab: Lab, { id, metrics }: Trial) {
  const samples = await lab.saved.samples(id)
  const inside = samples.filter(
    ({ t_ms, dt_ms }) => dt_ms > 0 && t_ms - dt_ms >= 0 && t_ms <= Number(metrics.wall_ms),
  )
  return {
    /** Samples there should have been. */
    count: (stream: string) =>
      inside.filter((sample) => sample.stream === stream).length + Number(metrics.samples_missed),
    /** The mean of what the trial's processes have had of the cores: read just before the work and after it. */
    ofTree(): number {
      const had = samples.map(({ stream, t_ms, dt_ms, values }) =>
        stream === 'processes' && t_ms > 0 ? (values['tree.cpu_share'] ?? 0) * dt_ms : 0,
      )
      return had.reduce((sum, ms) => sum + ms, 0) / Number(metrics.wall_ms)
    },
    mean(stream: string, series: SampleSeries): number {
      const read = inside.filter((sample) => sample.stream === stream && series in sample.values)
      const sum = read.reduce((all, { values, dt_ms }) => all + Number(values[series]) * dt_ms, 0)
      return sum / read.reduce((all, { dt_ms }) => all + dt_ms, 0)
    },
  }
}

/** Runs a plan to its end, or to where `stopAt` says. */
async function run(lab: Lab, document: object, stopAt: (event: RunEvent) => boolean = () => false) {
  const events: RunEvent[] = []
  const plan = await lab.checkPlan(document)
  const started = await lab.start(plan, {
    force: false,
    announce: (event) => {
      events.push(event)
      if (stopAt(event)) started.stop()
    },
  })
  return { ...(await started.finished), events }
}

const quick = { parameters: { n: 2000 }, tasks: 60, repeat: 2, warmup: 1, interval_ms: 50 }

describe('a run', () => {
  it('is kept as it was seen, to the last digit', async () => {
    const lab = newLab('kept.db')
    const models = ['inline', 'threads', 'processes']
    const { run: seen, events } = await run(lab, { ...quick, models, workers: [1, 2], notes: 'ñ' })
    expect(seen.status).toBe('done')
    expect(seen.trials).toHaveLength(5 * 3)
    expect(await lab.saved.run(seen.id)).toEqual(seen)
    const summaries = await lab.saved.summarize(seen)
    expect(summaries.map(({ counted }) => counted.length)).toEqual([2, 2, 2, 2, 2])
    for (const { metrics, checksum_ok } of seen.trials.map((trial) => ({
      ...trial,
      checksum_ok: trial.metrics.checksum_ok,
    }))) {
      expect(checksum_ok).toBe(true)
      expect(metrics.wall_ms).toBeGreaterThan(0)
      expect(metrics.cpu_ms).toBeGreaterThan(0)
      expect(metrics.peak_rss_bytes).toBeGreaterThan(20e6)
      expect(metrics.efficiency).toBeGreaterThan(0)
    }
    expect(events.filter(({ type }) => type === 'trial-ended')).toHaveLength(15)
    expect(events.at(-1)).toMatchObject({ type: 'run-ended' })
    await lab.close()
  })

  it('that is repeated until it is precise ends there, or at its maximum, and says which', async () => {
    const lab = newLab('auto.db')
    const { run: seen, events } = await run(lab, {
      ...{ workload: 'sleep', parameters: { ms: 20 }, tasks: 10, workers: [1] },
      ...{ repeat: 'auto', max_repeat: 6, warmup: 0 },
    })
    expect(seen.status).toBe('done')
    expect(events[0]).toMatchObject({ type: 'run-started', trialsPlanned: 12 })
    // Whole rounds, five at least; the number that was planned is known at the end.
    expect([10, 12]).toContain(seen.trials.length)
    expect(seen.trials_planned).toBe(seen.trials.length)
    const isRough = seen.warnings.some(({ code }) => code === 'precision')
    if (isRough) expect(seen.trials).toHaveLength(12)
    const { sentences } = await lab.saved.compare(seen)
    expect(/^Repeated until precise: after [56] trials/.test(sentences.at(-1) ?? '')).toBe(!isRough)
    expect(await lab.saved.run(seen.id)).toEqual(seen)

    const compared = events.filter((event) => event.type === 'compared')
    const verdicts = compared.map(({ comparison }) => comparison.comparisons[0]?.verdict ?? null)
    expect(verdicts.slice(0, -1).every((verdict) => verdict === null)).toBe(true)
    expect(verdicts.at(-1)).not.toBeNull()
    expect(compared.at(-1)?.comparison).toEqual(await lab.saved.compare(seen))
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['compared', 'run-ended'])
    await lab.close()
  })

  it('shows every core busy under both models where the work is computing', async () => {
    const lab = newLab('busy.db')
    const document = { duration_s: 1, repeat: 1, warmup: 0, interval_ms: 100, workers: [cores] }
    const { run: seen } = await run(lab, document)
    const isShared = seen.warnings.some(({ code }) => code === 'disturbed')
    for (const trial of seen.trials) {
      const within = await withinWork(lab, trial)
      expect(within.count('machine')).toBeGreaterThan(3)
      const busy = Array.from({ length: cores }, (_, core) =>
        within.mean('machine', `core.${core}.busy`),
      )
      for (const share of busy) expect(share).toBeGreaterThan(0.25)
      // Held against the kernel's own account of the work: on a machine that is shared with others
      // the cores are ours in part, and then all must say so.
      const used = trial.metrics.cores_used as number
      expect(used).toBeGreaterThan(isShared ? 0 : 0.5)
      if (process.platform === 'linux') {
        // Of each process its kernel counts in ticks of 10 ms.
        expect(Math.abs(within.ofTree() - used)).toBeLessThan(0.1 * used + 0.05 * cores)
      }
      const busyCores = busy.reduce((sum, share) => sum + share, 0)
      expect(busyCores).toBeGreaterThan(used - 0.15 * cores)
      expect(cores * (trial.metrics.saturation as number)).toBeGreaterThan(used - 0.15 * cores)
    }
    await lab.close()
  })

  it('shows each core as busy as its kernel says, and none of it as ours where the work is waiting', async () => {
    const shares = Array.from({ length: cores }, (_, core) => (core === cores - 1 ? 0.6 : 0.1))
    const sampler = samplerFedWith(scratch.path('fed-sampler.cjs'), shares)
    const lab = newLab('idle.db', { programs: { ...programs, sampler } })
    const document = { workload: 'sleep', duration_s: 1, repeat: 1, warmup: 0, interval_ms: 100 }
    const { run: seen } = await run(lab, document)
    const mean = shares.reduce((sum, share) => sum + share, 0) / cores
    for (const trial of seen.trials) {
      const within = await withinWork(lab, trial)
      for (const [core, share] of shares.entries()) {
        // A kernel counts in ticks of 10 ms.
        expect(Math.abs(within.mean('machine', `core.${core}.busy`) - share)).toBeLessThan(0.07)
      }
      expect(Math.abs((trial.metrics.saturation as number) - mean)).toBeLessThan(0.07)
      expect(trial.metrics.cores_used).toBeLessThan(0.3)
      expect(trial.metrics.checksum_ok).toBe(true)
    }
    await lab.close()
  })

  it('is told of as fast as it is: what waits shows no slow beginning that is not there', async () => {
    const lab = newLab('rate.db')
    const { run: kept } = await run(lab, {
      ...{ workload: 'sleep', parameters: { ms: 10 }, models: ['threads', 'processes'] },
      ...{ workers: [2], duration_s: 1.5, repeat: 1, warmup: 0 },
    })
    const { database } = openDatabase(scratch.path('rate.db'), 'read')
    for (const trial of kept.trials) {
      const { timeline, releasedMs } = await lab.saved.timeline(trial.id)
      // Held against when each task ended: on a busy machine they are not as fast all the time.
      const ends = [...new RecordedTrials(database).taskSpans(trial.id)].flatMap(
        ({ ends_ms: each }) => Array.from(each),
      )
      expect(ends).toHaveLength(trial.tasks_done)
      const shares = timeline.tasks.flatMap((tasks, slot) => {
        const at = Number(timeline.tasksAt[slot])
        // It is kept to a tenth of a millisecond.
        const ended = ends.filter((end) => end <= at + 0.1).length
        return at - Number(releasedMs) > 400 ? [Number(tasks) / ended] : []
      })
      expect(shares.length).toBeGreaterThan(3)
      for (const share of shares) {
        expect(share).toBeGreaterThan(0.8)
        expect(share).toBeLessThanOrEqual(1)
      }
      expect(timeline.tasks.at(-1)).toBe(trial.tasks_done)
    }
    database.close()
    await lab.close()
  })

  it('is sampled on one axis with its phases: the tree is seen growing when workers start', async () => {
    const lab = newLab('axis.db')
    const document = { ...quick, models: ['processes'], workers: [2], repeat: 1, warmup: 0 }
    const { run: seen } = await run(lab, { ...document, tasks: 4000, interval_ms: 50 })
    const trial = seen.trials[0]
    const samples = await lab.saved.samples(trial?.id ?? 0)
    const tree = samples.filter(({ stream }) => stream === 'processes')
    const last = tree.at(-1)?.values['tree.rss_bytes'] as number
    if (process.platform === 'linux') {
      // The first reading is of the host alone, the last of it and two workers.
      const processesIn = (sample: (typeof tree)[number] | undefined) =>
        Object.keys(sample?.values ?? {}).filter((series) => /^process\.\d+\.rss/.test(series))
      expect(tree[0]?.t_ms).toBeLessThan(0)
      expect(processesIn(tree[0])).toHaveLength(1)
      expect(processesIn(tree.at(-1))).toHaveLength(3)
      expect(last).toBeGreaterThan(60e6)
    }
    expect(trial?.metrics.peak_rss_bytes).toBeGreaterThanOrEqual(last)
    expect(samples.some(({ t_ms }) => t_ms < 0)).toBe(true)
    for (const sample of samples) expect(sample.dt_ms).toBeGreaterThanOrEqual(0)
    await lab.close()
  })

  it('sees in its processes the memory that they report of themselves', async () => {
    const lab = newLab('tree.db')
    const document = { duration_s: 0.6, models: ['processes'], workers: [2], repeat: 1, warmup: 0 }
    const { run: seen } = await run(lab, document)
    const samples = await lab.saved.samples(seen.trials[0]?.id ?? 0)
    const listed = samples.findLast(({ stream }) => stream === 'processes')?.values ?? {}
    const reported = samples.findLast(
      ({ stream, values }) => stream === 'reports' && values['tree.rss_bytes'] !== undefined,
    )
    const ids = seen.trials[0]?.workers.map(({ process_id }) => process_id) ?? []
    for (const id of ids) expect(listed[`process.${id}.rss_bytes`]).toBeGreaterThan(20e6)
    const ratio = (listed['tree.rss_bytes'] ?? 0) / (reported?.values['tree.rss_bytes'] ?? 1)
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1)
    await lab.close()
  })

  it('with fewer tasks than workers is measured by those that had one', async () => {
    const lab = newLab('few.db')
    const document = { tasks: 1, parameters: { n: 100_000 }, workers: [4], repeat: 1, warmup: 0 }
    const { run: seen } = await run(lab, document)
    for (const { metrics, workers, phases } of seen.trials) {
      const idle = workers.flatMap(({ tasks, index }) => (tasks === 0 ? [index] : []))
      expect(idle).toHaveLength(3)
      const ends = phases.flatMap(({ name, worker, end_ms }) =>
        name === 'work' && worker !== null && !idle.includes(worker) ? [end_ms] : [],
      )
      const window = phases.find(({ name, worker }) => name === 'work' && worker === null)
      expect(window?.end_ms).toBe(ends[0])
      expect(metrics.wall_ms).toBeCloseTo((window?.end_ms ?? 0) - (window?.start_ms ?? 0), 6)
    }
    await lab.close()
  })

  it('goes on while another app holds the database, and loses nothing', async () => {
    const lab = newLab('held.db')
    const other = openDatabase(scratch.path('held.db'), 'write').database
    let held = false
    const document = { duration_s: 1.5, models: ['threads'], repeat: 2, warmup: 0, interval_ms: 50 }
    const { run: seen, storageFailure } = await run(lab, document, (event) => {
      if (event.type === 'phase' && event.name === 'work' && !held) {
        held = true
        other.exec('BEGIN IMMEDIATE')
        setTimeout(() => other.exec('ROLLBACK'), 2500)
      }
      return false
    })
    expect(held).toBe(true)
    expect(storageFailure).toBeNull()
    expect(seen.trials.map(({ status }) => status)).toEqual(['done', 'done'])
    expect(await lab.saved.run(seen.id)).toEqual(seen)
    for (const { id, metrics } of seen.trials) {
      const machine = (await lab.saved.samples(id)).filter(({ stream }) => stream === 'machine')
      expect(machine.length).toBeGreaterThan(1)
      expect(machine.length + Number(metrics.samples_missed)).toBeGreaterThan(20)
      machine.slice(1).forEach(({ t_ms, dt_ms }, index) => {
        expect(dt_ms).toBeCloseTo(t_ms - (machine[index]?.t_ms ?? 0), 2)
      })
    }
    other.close()
    await lab.close()
  })

  it('that is stopped keeps the trials before, and the samples of the one it was in', async () => {
    const lab = newLab('stopped.db')
    let trials = 0
    const document = { ...quick, tasks: null, repeat: 3, warmup: 0, interval_ms: 50 }
    const { tasks: _, ...endless } = { ...document, duration_s: 0.4 }
    const { run: seen } = await run(lab, endless, (event) => {
      if (event.type === 'trial-started') trials++
      return trials === 3 && event.type === 'live' && event.live.tasksDone > 0
    })
    expect(seen).toMatchObject({ status: 'interrupted', reason: 'stopped by the user' })
    expect(seen.trials.map(({ status }) => status)).toEqual(['done', 'done', 'interrupted'])
    const last = seen.trials[2]
    expect(last?.phases.map(({ name }) => name)).toEqual(['baseline', 'spawn', 'barrier', 'work'])
    expect(last?.tasks_done).toBeGreaterThan(0)
    expect((await lab.saved.samples(last?.id ?? 0)).length).toBeGreaterThan(2)
    expect(await lab.saved.run(seen.id)).toEqual(seen)
    await lab.close()
  })

  it('that would not fit in memory is refused before anything is started or kept', async () => {
    const machine = { cores: () => 2, availableMemoryBytes: async () => 200 * 1024 ** 2 }
    const lab = newLab('memory.db', { machine })
    await expect(run(lab, { ...quick, workers: [64] })).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringMatching(/64 processes .* at most \d+ would fit/),
    })
    expect(await lab.library.all()).toEqual([])
    await lab.close()
  })
})

describe('a run of configurations that its plan does not spell out', () => {
  it('gives each its own parameters and holds it against what is expected of them', async () => {
    const lab = newLab('arms.db')
    const plan = await lab.checkPlan({ ...quick, models: ['threads'], workers: [1] })
    const arm = {
      workload: 'primes',
      runtime: 'node',
      interpreter: null,
      model: 'threads',
      workers: 1,
      variant: null,
    } as const
    const configurations = [2000, 2000, 3000].map(
      (n) => ({ ...arm, parameters: { n }, scheduling: 'static' }) as const,
    )
    const announced: RunEvent[] = []
    const started = await lab.start(plan, {
      force: false,
      configurations,
      announce: (event) => announced.push(event),
    })
    const { run: seen } = await started.finished
    expect(announced[0]).toMatchObject({ type: 'run-started', trialsPlanned: 9 })
    expect(seen.status).toBe('done')
    expect(seen.configurations).toMatchObject(configurations)
    expect(new Set(seen.configurations.map(({ id }) => id)).size).toBe(3)
    for (const { id } of seen.configurations) {
      const own = seen.trials.filter((trial) => trial.configuration_id === id)
      expect(own.map(({ metrics }) => metrics.checksum_ok)).toEqual([true, true, true])
    }
    // Round after round, each configuration once.
    const rounds = [0, 3, 6].map((at) => seen.trials.slice(at, at + 3))
    for (const round of rounds) {
      expect(new Set(round.map((trial) => trial.configuration_id)).size).toBe(3)
    }
    expect(await lab.saved.run(seen.id)).toEqual(seen)
    await lab.close()
  })
})

describe('a database that is full in the middle of a run', () => {
  it('ends the run, says so, and loses no trial that was measured', async () => {
    const opened = openDatabase(scratch.path('full.db'), 'write')
    const lab = newLab('full.db')
    const plan = await lab.checkPlan({ ...quick, repeat: 30, interval_ms: 50 })
    const pages = opened.database.pragma('page_count', { simple: true }) as number
    // SQLite's own limit stands in for the disk's: it fails with the same error.
    opened.database.pragma(`max_page_count = ${pages + 4}`)
    const trials: number[] = []
    const session = new RunSession({
      availableMemoryBytes: async () => 2 ** 34,
      plan,
      ...{ workloads: new Map([['primes', await loadWorkload('primes')]]), interpreters: [] },
      recording: new RunRecording(opened.database),
      databasePath: opened.path,
      programs,
      corescopeVersion: 'test',
      announce: (event) => event.type === 'trial-ended' && trials.push(event.trial.id),
    })
    const { run: seen, storageFailure } = await session.finished
    expect(storageFailure).toMatchObject({
      code: 'database-full',
      message: expect.stringMatching(/the disk is full: .*full\.db cannot grow/),
    })
    expect(seen.status).toBe('failed')
    expect(seen.trials.length).toBeLessThan(60)
    const measured = seen.trials.filter(({ status }) => status === 'done')
    const kept = (await lab.saved.run(session.id)).trials.filter(({ status }) => status === 'done')
    expect(measured.length).toBeGreaterThan(0)
    // All but the trial that the disk had no room for, which the caller still has in hand.
    expect(kept.length).toBeGreaterThanOrEqual(measured.length - 1)
    // The app goes on: as soon as there is room, the run is no longer taken for one that is.
    opened.database.pragma(`max_page_count = ${2 ** 30}`)
    await until(
      'its end is kept',
      async () => (await lab.saved.run(session.id)).status === 'failed',
    )
    await expect(lab.saved.run(session.id)).resolves.toMatchObject({ ended_at: seen.ended_at })
    opened.database.close()
    await lab.close()
  })
})

describe('the library', () => {
  it('knows no run that is not there, and deletes none that is running', async () => {
    const lab = newLab('library.db')
    await expect(lab.saved.run('last')).rejects.toMatchObject({ code: 'not-found' })
    await expect(lab.saved.run(7)).rejects.toThrow(
      /there is no run 7 in .*library\.db; "corescope runs"/,
    )
    const attempts: Promise<unknown>[] = []
    const { run: seen } = await run(lab, { ...quick, repeat: 1, warmup: 0 }, (event) => {
      if (event.type === 'trial-started') {
        attempts.push(lab.library.delete('last').catch((error: unknown) => error))
      }
      return false
    })
    expect(await Promise.all(attempts)).toMatchObject([{ code: 'busy' }, { code: 'busy' }])
    expect((await lab.saved.run('last')).id).toBe(seen.id)
    expect(await lab.library.delete('last')).toBe(seen.id)
    expect(await lab.library.all()).toEqual([])
    await lab.close()
  })

  it('leaves no process behind when it is closed', async () => {
    const lab = newLab('closed.db')
    const { run: seen } = await run(lab, { ...quick, models: ['processes'], repeat: 1, warmup: 0 })
    await lab.close()
    for (const { process_id } of seen.trials[0]?.workers ?? [])
      expect(isAlive(process_id)).toBe(false)
  })
})

describe('a lab that is asked many things at once', () => {
  it('answers them all, though the database is opened anew for the first that writes', async () => {
    const path = 'at once.db'
    const maker = newLab(path)
    const { run: kept } = await run(maker, { ...quick, models: ['inline'], repeat: 1, warmup: 0 })
    await maker.close()
    for (let round = 0; round < 20; round++) {
      const lab = newLab(path)
      // Opened for reading by then.
      await lab.library.all()
      const asked = Array.from({ length: 30 }, async (_, index) => {
        for (let turn = 0; turn < index; turn++) await null
        return index % 3 === 2
          ? lab.library.edit(kept.id, { label: `${index}` })
          : lab.saved.run(kept.id)
      })
      for (const { id } of await Promise.all(asked)) expect(id).toBe(kept.id)
      await lab.close()
    }
  })
})
