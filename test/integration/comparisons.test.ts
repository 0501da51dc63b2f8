import type { Database } from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { Lab } from '../../src/engine/lab.ts'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { RunRecording } from '../../src/engine/storage/run-recording.ts'
import type { Interpreter } from '../../src/shared/model/interpreter.ts'
import { type Throughputs, uneven } from '../support/example-comparison.ts'
import { cpython, pypy } from '../support/example-interpreters.ts'
import { keepRun, type MadeUpRun } from '../support/kept-run.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const hour = 3_600_000

const slow: Throughputs = ['threads', 2, 100, 101, 102, 103, 104]
const fast: Throughputs = ['threads', 2, 120, 121.5, 122, 124, 127]
const processes: Throughputs = ['processes', 2, 90, 91, 92, 93, 94]

type Kept = readonly [sides: readonly Throughputs[], run: MadeUpRun]

/** A lab on a database with these runs in it, numbered from 1 by their order. */
async function withRuns<T>(
  name: string,
  runs: readonly Kept[],
  work: (
    lab: Lab,
    database: Database,
    configurations: readonly (readonly number[])[],
  ) => Promise<T>,
): Promise<T> {
  const databasePath = scratch.path(name)
  const { database } = openDatabase(databasePath, 'write')
  const recording = new RunRecording(database)
  const keep = database.transaction(() =>
    runs.map(([sides, run], at) => keepRun(recording, sides, { startedAt: at * hour, ...run })),
  )
  const kept = keep()
  const lab = new Lab({ databasePath, programs, version: '0' })
  try {
    const configurations = kept.map(({ configurationIds }) => configurationIds)
    return await work(lab, database, configurations)
  } finally {
    await lab.close()
    database.close()
  }
}

const whole = (run: number) => ({ run, configuration: null })

describe('saved runs beside each other', () => {
  it('are read with their trials over time, aligned at the release', async () => {
    const runs: Kept[] = [
      [[slow, processes], { uid: 'before', metrics: { peak_pss_bytes: 3e6 } }],
      [[fast, processes], { uid: 'after', metrics: { peak_pss_bytes: 3e6 } }],
    ]
    await withRuns('two.db', runs, async (lab) => {
      const comparison = await lab.comparisons.between([whole(1), whole(2)], false)
      expect(comparison.pairs.map(({ refused }) => refused)).toEqual([[], []])
      const [ofThreads] = comparison.pairs
      expect(ofThreads?.differences[0]).toMatchObject({
        metric: 'throughput_per_s',
        trials: [5, 5],
        verdict: 'b',
      })
      expect(ofThreads?.sentence).toContain('B (run 2, threads × 2) completed 1.20× the tasks')
      expect(comparison.charts.map(({ name }) => name)).toEqual([
        'overlay-cores',
        'overlay-memory',
        'overlay-throughput',
        'dots-throughput-per-s',
        'dots-peak-pss-bytes',
      ])
      const [cores, memory, throughput] = comparison.charts.map(({ chart }) => chart)
      if (cores?.kind !== 'lines' || memory?.kind !== 'lines') throw new Error('no lines')
      if (throughput?.kind !== 'lines') throw new Error('no lines')
      expect(cores.lines.map(({ side }) => side)).toEqual([0, 1, 2, 3])
      expect(cores.lines[0]).toMatchObject({ x: [-50, 200], y: [1.5, 1.5], model: 'threads' })
      expect(memory.lines[0]?.y).toEqual([1e6, 1e6])
      expect(throughput.lines[0]?.y).toEqual([null, 100])
    })
  })

  it('are the same to the last digit in another database', async () => {
    const before: Kept = [[['threads', 2, ...uneven(99)]], { uid: 'before', plan: { seed: 9 } }]
    const after: Kept = [[['threads', 2, ...uneven(101)]], { uid: 'after' }]
    const other: Kept = [[slow], { uid: 'other' }]
    const figures = (name: string, runs: readonly Kept[], references: readonly number[]) =>
      withRuns(name, runs, async (lab) => {
        const { pairs, charts } = await lab.comparisons.between(references.map(whole), false)
        const dots = charts.flatMap(({ chart }) => (chart.kind === 'dots' ? chart.groups : []))
        const medians = dots.map(({ median, low, high }) => [median, low, high])
        return [pairs.map(({ differences }) => differences), medians]
      })
    const here = await figures('here.db', [before, after], [1, 2])
    expect(await figures('there.db', [other, after, before], [3, 2])).toEqual(here)
  })

  it('of which one is gone or still running say so', async () => {
    const runs: Kept[] = [
      [[slow], { uid: 'ended' }],
      [[slow], { uid: 'running', status: 'running' }],
    ]
    await withRuns('running.db', runs, async (lab) => {
      const { pairs } = await lab.comparisons.between([whole(1), whole(2)], false)
      expect(pairs[0]?.refused).toEqual(['run 2 is still running; wait for its end'])
      await expect(lab.comparisons.between([whole(1), whole(9)], false)).rejects.toMatchObject({
        code: 'not-found',
      })
    })
  })
})

describe('a trend', () => {
  const laptop = { cpu_model: 'Made Up 5000' }
  const runs: Kept[] = [
    [[slow, processes], { uid: 'first' }],
    [[fast], { uid: 'second' }],
    [[slow], { uid: 'other work', plan: { parameters: { n: 7 } } }],
    [[processes], { uid: 'another way' }],
    [[fast], { uid: 'elsewhere', environment: laptop }],
    [[slow], { uid: 'running', status: 'running' }],
    [[['threads', 2]], { uid: 'nothing measured' }],
    [[slow], { uid: 'put away' }],
    [[slow], { uid: 'last' }],
  ]

  it('has the runs of one configuration in the order of time, and says why others are left out', async () => {
    await withRuns('trend.db', runs, async (lab, _, configurations) => {
      await lab.library.putAway(8)
      const side = { run: 2, configuration: configurations[1]?.[0] as number }
      const trend = await lab.comparisons.trend(side, 'throughput_per_s', false)
      expect(trend.points.map(({ run, median }) => [run.id, median])).toEqual([
        [1, 102],
        [2, 122],
        [9, 102],
      ])
      expect(trend.points[0]?.ci95?.[0]).toBeGreaterThanOrEqual(100)
      expect(trend.leftOut).toEqual([
        { run: 3, reasons: ['parameter n differs: 1000 and 7'] },
        { run: 4, reasons: ['it has no threads × 2, static'] },
        {
          run: 5,
          reasons: ['the machines differ in processor: Made Up 4000 and Made Up 5000'],
        },
        { run: 6, reasons: ['still running'] },
        { run: 7, reasons: ['no trial that counts has throughput_per_s'] },
      ])
      expect(trend.withoutBaseline).toBe('no run of primes is marked as its baseline')
      const across = await lab.comparisons.trend(side, 'throughput_per_s', true)
      expect(across.points.map(({ run }) => run.id)).toEqual([1, 2, 5, 9])
    })
  })

  it('of Python goes on over another place and patch of it, and leaves out another version', async () => {
    const by = (interpreter: Interpreter) => ({ runtime: 'python' as const, interpreter })
    const moved = { ...cpython, path: '/moved/python3', version: '3.11.9' }
    const newer = { ...cpython, version: '3.12.1' }
    const ofPython: Kept[] = [
      [[slow], { uid: 'first', executed: by(cpython) }],
      [[fast], { uid: 'moved', executed: by(moved) }],
      [[fast], { uid: 'newer', executed: by(newer) }],
      [[fast], { uid: 'PyPy', executed: by(pypy) }],
      [[fast], { uid: 'Node' }],
    ]
    await withRuns('trend of Python.db', ofPython, async (lab, _, configurations) => {
      const side = { run: 1, configuration: configurations[0]?.[0] as number }
      const trend = await lab.comparisons.trend(side, 'throughput_per_s', false)
      expect(trend.points.map(({ run }) => run.id)).toEqual([1, 2])
      expect(trend.leftOut.map(({ run }) => run)).toEqual([3, 4, 5])
      const { pairs, differs } = await lab.comparisons.between([whole(1), whole(2)], false)
      expect(pairs.map(({ refused }) => refused)).toEqual([[]])
      expect(differs.find(({ name }) => name === 'Python')?.values).toEqual([
        'CPython 3.11.2',
        'CPython 3.11.9',
      ])
    })
  })

  it('holds every run against the baseline, as a comparison with it does', async () => {
    const first: Kept = [[['threads', 2, ...uneven(91)]], { uid: 'first', plan: { seed: 8 } }]
    const second: Kept = [[['threads', 2, ...uneven(110)]], { uid: 'second' }]
    await withRuns(
      'baseline.db',
      [first, second, ...runs.slice(2)],
      async (lab, database, configurations) => {
        const mark = (run: number) =>
          database.prepare("INSERT OR REPLACE INTO baselines VALUES ('primes', ?)").run(run)
        mark(1)
        const side = { run: 2, configuration: configurations[1]?.[0] as number }
        const trend = await lab.comparisons.trend(side, 'throughput_per_s', false)
        expect(trend.baseline).toBe(1)
        const [held, own, last] = trend.points
        expect(held?.difference).toBeNull()
        expect(last?.difference).toMatchObject({ verdict: 'b', p: expect.any(Number) })
        const reference = { run: 1, configuration: configurations[0]?.[0] as number }
        const { pairs } = await lab.comparisons.between([reference, side], false)
        const [compared] = pairs[0]?.differences ?? []
        const { metric: _, trials: __, ...difference } = compared ?? {}
        expect(own?.difference).toEqual(difference)
        const { chart } = trend.chart
        if (chart.kind !== 'curves') throw new Error('no curve')
        expect(chart.series[0]?.points.map(({ x, y }) => [x, y])).toContainEqual([3, 102])
        expect(chart.series[1]).toMatchObject({ isReference: true, points: [{ x: 1 }, { x: 4 }] })
        mark(5)
        const without = await lab.comparisons.trend(side, 'throughput_per_s', false)
        expect(without.baseline).toBeNull()
        expect(without.withoutBaseline).toBe(
          'run 5, the baseline, is not in it: the machines differ in processor: Made Up 4000 and Made Up 5000',
        )
      },
    )
  })

  it('of very many runs has the newest, the baseline and the one that was asked for', async () => {
    const many = Array.from({ length: 205 }, (_, at): Kept => [[slow], { uid: `run ${at}` }])
    await withRuns('many.db', many, async (lab, database, configurations) => {
      database.exec("INSERT INTO baselines VALUES ('primes', 2)")
      const side = { run: 4, configuration: configurations[3]?.[0] as number }
      const { points, leftOut, baseline } = await lab.comparisons.trend(
        side,
        'throughput_per_s',
        false,
      )
      expect(baseline).toBe(2)
      expect(points).toHaveLength(202)
      expect(points.slice(0, 3).map(({ run }) => run.id)).toEqual([2, 4, 6])
      expect(leftOut).toEqual(
        [1, 3, 5].map((run) => ({ run, reasons: ['older than the newest 200'] })),
      )
    })
  })
})
