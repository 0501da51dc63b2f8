import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { metricKeys } from '../../src/shared/model/metric.ts'
import { corescope, type Ended, startIn } from '../support/command.ts'
import { cli } from '../support/programs.ts'
import { python } from '../support/python.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const run = promisify(execFile)
const cores = cpus().length

const csv = async (...parts: string[]): Promise<Record<string, string>[]> =>
  parse(await readFile(scratch.path(...parts)), { columns: true })

describe('corescope run', () => {
  let ended: Ended
  // biome-ignore lint/suspicious/noExplicitAny: a document as any other program reads it.
  let document: any

  beforeAll(async () => {
    ended = await corescope(
      scratch.path('runs.db'),
      ...['run', '--workload', 'primes', '--models', 'threads,processes', '--workers', '2'],
      ...['--repeat', '3', '--duration', '0.7', '--interval', '100', '--label', '=1+1'],
      ...['--csv', scratch.path('out'), '--json', '-'],
    )
    document = JSON.parse(ended.stdout)
  })

  it('prints one document to standard output and nothing else there', () => {
    expect(ended.code).toBe(0)
    expect(document.run).toMatchObject({ id: 1, label: '=1+1', status: 'done' })
    expect(document.configurations).toHaveLength(2)
  })

  it('gives each configuration its trials and the spread of their figures', () => {
    for (const configuration of document.configurations) {
      expect(configuration).toMatchObject({ workload: 'primes', workers: 2, scheduling: 'static' })
      // biome-ignore lint/suspicious/noExplicitAny: as above.
      expect(configuration.trials.map((trial: any) => trial.index)).toEqual([0, 1, 2])
      expect(configuration.warm_ups).toHaveLength(1)
      for (const { status, metrics } of configuration.trials) {
        expect(status).toBe('done')
        expect(Object.keys(metrics)).toEqual(metricKeys)
        expect(metrics.checksum_ok).toBe(true)
      }
      const { wall_ms } = configuration.metrics
      expect(Object.keys(wall_ms)).toEqual(['median', 'mad', 'p5', 'p95', 'outliers', 'unit'])
      expect(wall_ms.median).toBeGreaterThanOrEqual(wall_ms.p5)
    }
  })

  it('tells on standard error, a line a trial, then a table with the ratio', () => {
    const lines = ended.stderr.split('\n')
    expect(lines.filter((line) => /^trial \d\/8/.test(line))).toHaveLength(8)
    expect(ended.stderr).toMatch(
      /wall +throughput +spawn +CPU +cores used +peak [PR]SS +[PR]SS\/worker/,
    )
    expect(ended.stderr).toMatch(/processes : threads +\d\.\d\d +\d/)
    expect(ended.stderr).not.toContain('\u001b')
  })

  it('writes tables that hold what the document holds', async () => {
    expect((await readdir(scratch.path('out'))).toSorted()).toEqual([
      'comparison.csv',
      'samples.csv',
      'trials.csv',
      'workers.csv',
    ])
    const trials = await csv('out', 'trials.csv')
    expect(trials).toHaveLength(8)
    for (const configuration of document.configurations) {
      for (const { index, metrics } of configuration.trials) {
        const row = trials.find(
          (trial) =>
            trial.configuration_id === String(configuration.id) &&
            trial.trial_index === String(index) &&
            trial.warm_up === 'false',
        )
        expect(Number(row?.throughput_per_s)).toBe(metrics.throughput_per_s)
        expect(row?.run_label).toBe("'=1+1")
      }
    }
    expect(await csv('out', 'workers.csv')).toHaveLength(16)
  })

  it('shows in its samples the cores busy under both models', async () => {
    const samples = await csv('out', 'samples.csv')
    const trials = await csv('out', 'trials.csv')
    for (const model of ['threads', 'processes']) {
      let busyCores = 0
      for (let core = 0; core < Math.min(2, cores); core++) {
        const busy = samples
          .filter(
            (row) =>
              row.model === model &&
              row.source === 'machine' &&
              row.subject === 'core' &&
              row.subject_id === String(core) &&
              Number(row.t_ms) - Number(row.dt_ms) > 0 &&
              Number(row.t_ms) < 700,
          )
          .map((row) => Number(row.busy))
        expect(busy.length).toBeGreaterThan(5)
        busyCores += busy.reduce((sum, value) => sum + value, 0) / busy.length
      }
      if (cores !== 2) continue
      // Held against the kernel's own account of the same work, which a shared machine slows alike.
      const used = trials.filter((row) => row.model === model).map((row) => Number(row.cores_used))
      const meanUsed = used.reduce((sum, value) => sum + value, 0) / used.length
      expect(meanUsed).toBeGreaterThan(0)
      expect(busyCores).toBeGreaterThan(0.85 * meanUsed)
    }
  })

  it('is given back by runs, show and export after it has ended', async () => {
    const database = scratch.path('runs.db')
    const [out, json] = [scratch.path('exported'), scratch.path('run.json')]
    const [listed, list, shown, page, tables, whole] = await Promise.all([
      corescope(database, 'runs', '--json'),
      corescope(database, 'runs'),
      corescope(database, 'show', '1', '--json'),
      corescope(database, 'show', 'last'),
      corescope(database, 'export', '1', '--format', 'csv', '--out', out),
      corescope(database, 'export', '1', '--format', 'json', '--out', json),
    ])
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { id: 1, label: '=1+1', status: 'done', trials_done: 8 },
    ])
    expect(list.stdout).toMatch(/1 {2}=1\+1 +primes +threads, proc/)
    expect(JSON.parse(shown.stdout)).toEqual(document)
    expect(page.stdout).toContain('processes : threads')
    expect([tables.code, whole.code]).toEqual([0, 0])
    for (const name of ['trials.csv', 'workers.csv', 'samples.csv']) {
      expect(await readFile(scratch.path('exported', name), 'utf8')).toBe(
        await readFile(scratch.path('out', name), 'utf8'),
      )
    }
    const { overviews, task_spans, samples, ...rest } = JSON.parse(await readFile(json, 'utf8'))
    expect(rest).toEqual(document)
    for (const list of [overviews, task_spans, samples]) expect(list.length).toBeGreaterThan(7)
  })

  it('is brought into another library, once, and marked as one of elsewhere', async () => {
    const [database, json] = [scratch.path('elsewhere.db'), scratch.path('run.json')]
    expect(await corescope(database, 'import', json)).toMatchObject({
      code: 0,
      stderr: 'imported run.json as run 1\n',
    })
    expect(await corescope(database, 'import', json, scratch.path('no.json'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^run\.json is here already, as run 1\ncorescope: .*no\.json: there is no such file; allowed: .*\n$/,
      ),
    })
    const there = JSON.parse((await corescope(database, 'show', '1', '--json')).stdout)
    expect(there.run.imported_at).toMatch(/^\d{4}-/)
    expect(there.comparisons.map(({ ratio }: { ratio: number }) => ratio)).toEqual(
      document.comparisons.map(({ ratio }: { ratio: number }) => ratio),
    )
  })

  it.runIf(process.platform === 'linux')(
    'is written to no full disk and over no folder, and leaves nothing there',
    async () => {
      const database = scratch.path('runs.db')
      const folder = scratch.path('targets')
      await mkdir(join(folder, 'x.json'), { recursive: true })
      const refusals = [
        ['/dev/full', /^corescope: cannot write \/dev\/full: the disk is full\n$/],
        [join(folder, 'x.json'), /^corescope: --out: .*x\.json is a folder; allowed: .*\n$/],
        [join(folder, 'no', 'x.json'), /^corescope: --out: .*; allowed: .*\n$/],
      ] as const
      const tried = refusals.map(async ([out, line]) => {
        const flags = ['export', '1', '--format', 'json', '--out', out]
        const { code, stderr } = await corescope(database, ...flags)
        expect(stderr).toMatch(line)
        expect(code).not.toBe(0)
      })
      await Promise.all(tried)
      expect(await readdir(folder, { recursive: true })).toEqual(['x.json'])
    },
  )

  it('is gone after delete, and only then', async () => {
    const database = scratch.path('runs.db')
    expect(await corescope(database, 'delete', '1')).toMatchObject({ code: 0 })
    expect(await corescope(database, 'show', '1')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^corescope: there is no run 1 in .*\n$/),
    })
    expect((await corescope(database, 'runs')).stdout).toContain('no run is kept yet')
  })
})

describe('a plan from a file', () => {
  it('runs, with flags over it, quietly', async () => {
    const plan = scratch.path('plan.json')
    await writeFile(plan, '{"workload": "squares", "models": ["inline"], "duration_s": 9}')
    const flags = ['--tasks', '1000', '--repeat', '1', '--warmup', '0', '--quiet']
    const json = scratch.path('quiet.json')
    const ended = await corescope(scratch.path('p.db'), 'run', plan, ...flags, '--json', json)
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' })
    const { run, configurations } = JSON.parse(await readFile(json, 'utf8'))
    expect(run.plan).toMatchObject({ workload: 'squares', tasks: 1000, duration_s: null })
    expect(configurations[0].trials[0].tasks_done).toBe(1000)
  })

  const plans = new URL('../../resources/plans/', import.meta.url)
  /** What makes a sample short that is long by itself; of the Pythons one is enough. */
  const shortened: Readonly<Record<string, readonly string[]>> = {
    'break-even.json': ['--param', 'shortest_steps=100'],
    'creation.json': ['--param', 'steps=1000'],
    'deadlock.json': ['--param', 'rounds=5'],
    'failures.json': ['--param', 'leak_mb=10'],
    'gil.json': [
      ...['--duration', '0.05'],
      ...(python === null ? ['--runtime', 'node'] : ['--interpreter', python.path]),
    ],
    'races.json': ['--param', 'updates=1000'],
    'responsiveness.json': ['--param', 'tasks=2'],
    'transports.json': ['--param', 'largest_bytes=4096'],
    ...(python === null
      ? { 'python-beside-node.json': ['--tasks', '4', '--runtime', 'node'] }
      : {}),
  }

  // At once: that they run is tested, and nothing that they measure.
  it.concurrent.each(readdirSync(plans))(
    'is one of the samples that ship, which can be run: %s',
    async (name) => {
      const plan = fileURLToPath(new URL(name, plans))
      const flags = [
        ...(shortened[name] ?? ['--tasks', '4']),
        '--repeat',
        '1',
        '--warmup',
        '0',
        '--quiet',
      ]
      const ended = await corescope(scratch.path('samples.db'), 'run', plan, ...flags)
      expect(ended).toEqual({ code: 0, stdout: '', stderr: '' })
    },
    180_000,
  )
})

describe('bad input', () => {
  const bad: [flags: string[], line: RegExp][] = [
    [['run', '--workload', 'prime'], /--workload: "prime" is unknown; allowed: primes, sha256/],
    [['run', '--models', 'fibers'], /--models: "fibers" is not allowed; allowed: inline, threads/],
    [['run', '--param', 'm=3'], /--param m: unknown to primes; allowed: n/],
    [['run', '--param', 'n=1'], /--param n: 1 is not allowed; allowed: a whole number from 2/],
    [['run', '--param', 'n'], /--param: "n" is not allowed; allowed: name=value/],
    [['run', '--workers', '0'], /--workers: 0 is not allowed; allowed: a whole number from 1/],
    [['run', '--workers', '-1'], /--workers: -1 is not allowed/],
    [['run', '--workers', 'NaN'], /--workers: "NaN" is not allowed/],
    [['run', '--workers', '1e99'], /--workers: 1e\+99 is not allowed/],
    [['run', '--workers', ''], /--workers: "" is not allowed/],
    [['run', '--tasks', '1', '--duration', '1'], /--tasks: given together with a duration/],
    [['run', '--interval', '1'], /--interval: 1 is not allowed; allowed: .* from 50 to 10000 ms/],
    [['run', '--seed', 'x'], /--seed: "x" is not allowed/],
    [
      ['run', '--sampler', 'nonsense'],
      /--sampler: "nonsense" is not allowed; allowed: auto, proc, systeminformation/,
    ],
    [['run', '--nonsense'], /unknown option '--nonsense'/],
    [['run', 'nowhere.json'], /nowhere\.json: there is no such file; allowed: a plan as JSON/],
    [
      [
        'run',
        '--workload',
        'file',
        '--param',
        'size_kib=65536',
        '--workers',
        '4096',
        '--repeat',
        '1',
      ],
      /4096 processes of file need about \d+ MiB of their own, .*--force runs them all the same/,
    ],
    [['run', '--csv', '/proc/nowhere'], /--csv: .*; allowed: a folder that can be written to/],
    [['run', '--json', '/nowhere/x.json'], /--json: .*; allowed: a file that can be written/],
    [['run', '--db', '/proc/x.db'], /\/proc\/x\.db/],
    [['show', 'abc'], /RUN: "abc" is not allowed; allowed: a number that "corescope runs" lists/],
    [['show', '99999999999999999999'], /is not allowed/],
    [['show'], /missing required argument/],
    [['export', '1', '--format', 'pdf', '--out', 'x'], /Allowed choices are csv, json/],
    [['nonsense'], /unknown command/],
  ]

  it.concurrent.each(bad)('%j gets one clear line', async (flags, line) => {
    const ended = await corescope(scratch.path('bad.db'), ...flags)
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(line)
    expect(ended.stderr).toMatch(/^corescope: .*\n(\(.*\)\n)?$/)
  })

  it('a database that is none is refused before anything is measured', async () => {
    const database = scratch.path('none.db')
    await writeFile(
      database,
      'a text that is long enough to be taken for the head of a database....',
    )
    const ended = await corescope(database, 'run')
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(/^corescope: .*none\.db is not a database; choose another .*\n$/)
  })

  it('a database of a newer Corescope is refused', async () => {
    const database = scratch.path('newer.db')
    const opened = openDatabase(database, 'write').database
    opened.pragma('user_version = 999')
    opened.close()
    const ended = await corescope(database, 'runs')
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(/^corescope: .* is of a newer Corescope .*\n$/)
  })

  it.runIf(existsSync('/dev/full'))(
    'a full standard output is told, not shown as a fault',
    async () => {
      const command = `"${process.execPath}" "${cli}" workloads > /dev/full`
      const ended = await run('sh', ['-c', command]).catch((error: Ended) => error)
      expect(ended).toMatchObject({ code: 1 })
      expect(ended.stderr).toMatch(/^corescope: cannot write to standard output: .*ENOSPC.*\n$/)
    },
  )

  it.runIf(existsSync('/dev/full'))(
    'a full disk at the end is told, and the run is kept',
    async () => {
      const flags = ['run', '--tasks', '4', '--repeat', '1', '--warmup', '0', '--quiet']
      const out = scratch.path('kept all the same')
      const database = scratch.path('device.db')
      const ended = await corescope(database, ...flags, '--json', '/dev/full', '--csv', out)
      expect(ended).toMatchObject({ code: 1, stdout: '' })
      expect(ended.stderr).toBe('corescope: cannot write /dev/full: the disk is full\n')
      expect(await readdir(out)).toHaveLength(4)
      expect(JSON.parse((await corescope(database, 'runs', '--json')).stdout)).toHaveLength(1)
    },
  )

  it('a place for temporary files that is not there fails the trial, and says so', async () => {
    const flags = ['run', '--workload', 'file', '--repeat', '1', '--warmup', '0']
    const environment = { TMPDIR: scratch.path('nowhere'), TEMP: scratch.path('nowhere') }
    const { ended } = startIn(environment, scratch.path('tmp.db'), ...flags, '--models', 'inline')
    expect(await ended).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/failed: trial 1, inline: no private folder can be made in/),
    })
  })

  it('a folder where a file should be is named', async () => {
    await mkdir(scratch.path('folder'))
    const ended = await corescope(scratch.path('bad.db'), 'run', scratch.path('folder'))
    expect(ended.stderr).toMatch(/folder: not a file/)
  })
})

describe('corescope workloads', () => {
  it('lists each with its kind, its parameters, their units and ranges', async () => {
    const { code, stdout } = await corescope(scratch.path('w.db'), 'workloads', '--json')
    expect(code).toBe(0)
    const workloads = JSON.parse(stdout)
    const names = workloads.map(({ name }: { name: string }) => name)
    expect(names).toEqual([
      'primes',
      'sha256',
      'mandelbrot',
      'squares',
      'matmul',
      'sort',
      'json',
      'image',
      'uneven',
      'allocate',
      'scan-shared',
      'messages',
      'sleep',
      'file',
      'http',
      'crawl',
    ])
    for (const { kind, description, parameters } of workloads) {
      expect(['cpu', 'io']).toContain(kind)
      expect(description.length).toBeGreaterThan(10)
      for (const each of Object.values<Record<string, unknown>>(parameters)) {
        expect(Object.keys(each)).toEqual([
          'description',
          'unit',
          'minimum',
          'maximum',
          'default',
          'whole',
        ])
      }
    }
  })
})

describe('corescope doctor', () => {
  it('shows the machine, its warnings and the database', async () => {
    const database = scratch.path('doctor.db')
    const [{ code, stdout }, { stdout: page }] = await Promise.all([
      corescope(database, 'doctor', '--json'),
      corescope(database, 'doctor'),
    ])
    const report = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(report.environment).toMatchObject({
      logical_cores: cores,
      node_version: process.versions.node,
    })
    expect(['proc', 'systeminformation']).toContain(report.environment.sampling_provider)
    expect(Array.isArray(report.warnings)).toBe(true)
    expect(report.sampling.provider).toBe(report.environment.sampling_provider)
    expect(report.sampling.capabilities.core_times).toEqual({ available: true, why: null })
    expect(report.database).toMatchObject({ path: database, runs: 0 })
    expect(page).toContain(database)
    expect(page.match(/^\S.*$/gm)).toEqual([
      'Machine',
      'Limits',
      'Counted so far',
      'Software',
      'Sampling',
      'Database',
      'Warnings',
    ])
  })
})

it.skipIf(process.platform === 'win32')(
  'in a folder that has been deleted says so on one line',
  async () => {
    await mkdir(scratch.path('gone'))
    const node = `"${process.execPath}" "${cli}" run --workload ./x.mjs --db "${scratch.path('gone.db')}"`
    const asked = run('/bin/sh', ['-c', `cd "${scratch.path('gone')}" && rmdir "$PWD" && ${node}`])
    const { code, stderr } = await asked.catch((error) => error)
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'corescope: the current folder is not there any more; allowed: to be in one that is (cd)\n',
    })
  },
)
