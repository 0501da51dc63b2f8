import { describe, expect, it } from 'vitest'
import { compareSides } from '../../src/engine/analysis/between/run-comparison.ts'
import { letterOf, sidesToCompare } from '../../src/engine/analysis/between/sides.ts'
import { compareModels } from '../../src/engine/analysis/comparison.ts'
import type { Environment } from '../../src/shared/model/environment.ts'
import type { Plan } from '../../src/shared/model/plan.ts'
import type { Configuration, Run, Trial } from '../../src/shared/model/run.ts'
import type { RunComparison } from '../../src/shared/model/run-comparison.ts'
import { comparedRun, type Throughputs, uneven } from '../support/example-comparison.ts'
import { quietMachine } from '../support/example-environment.ts'
import { cpython } from '../support/example-interpreters.ts'

interface Change {
  readonly plan?: Partial<Plan>
  readonly environment?: Partial<Environment> | null
  readonly run?: Partial<Run>
}

/** A run whose configurations are numbered from a hundred times its number on. */
function saved(id: number, sides: readonly Throughputs[], change: Change = {}): Run {
  const run = comparedRun(...sides)
  const plan = { ...run.plan, ...change.plan }
  const number = (at: number) => 100 * id + at
  return {
    ...run,
    id,
    uid: `run ${id}`,
    plan,
    machine: change.environment?.hostname ?? 'bench',
    environment: change.environment === null ? null : { ...quietMachine, ...change.environment },
    configurations: run.configurations.map(
      (each): Configuration => ({
        ...each,
        id: number(each.id),
        workload: plan.workload,
        parameters: plan.parameters,
      }),
    ),
    trials: run.trials.map(
      (trial, at): Trial => ({
        ...trial,
        id: 1000 * id + at,
        configuration_id: number(trial.configuration_id),
      }),
    ),
    ...change.run,
  }
}

type Reference = number | readonly [run: number, configuration: number]

function compare(
  runs: readonly Run[],
  references: readonly Reference[] = runs.map(({ id }) => id),
  acrossMachines = false,
  most = 12,
): RunComparison {
  const named = references.map((each) =>
    typeof each === 'number'
      ? { run: each, configuration: null }
      : { run: each[0], configuration: each[1] },
  )
  const byId = new Map(runs.map((run) => [run.id, run]))
  return compareSides(sidesToCompare(named, byId, most), acrossMachines, new Map())
}

const pairsOf = ({ sides, pairs }: RunComparison) =>
  pairs.map(({ a, b }) => `${sides[b]?.name} : ${sides[a]?.name}`)

const threads: Throughputs = ['threads', 2, 100, 101, 102, 103, 104]
const processes: Throughputs = ['processes', 2, 120, 121, 122, 123, 125]

describe('what references stand for', () => {
  const both = [threads, processes]

  it('is of one run its configurations, against its first', () => {
    const run = saved(1, [['inline', 1, 50], threads, processes])
    expect(pairsOf(compare([run]))).toEqual(['threads × 2 : inline', 'processes × 2 : inline'])
    expect(
      pairsOf(
        compare(
          [run],
          [
            [1, 102],
            [1, 101],
          ],
        ),
      ),
    ).toEqual(['threads × 2 : processes × 2'])
  })

  it('is of several runs each configuration against the same one of the first', () => {
    const comparison = compare([saved(1, both), saved(2, both.toReversed()), saved(3, both)])
    expect(pairsOf(comparison)).toEqual([
      'run 2, threads × 2 : run 1, threads × 2',
      'run 3, threads × 2 : run 1, threads × 2',
      'run 2, processes × 2 : run 1, processes × 2',
      'run 3, processes × 2 : run 1, processes × 2',
    ])
    expect(comparison.sides.map(({ letter }) => letter).join('')).toBe('ABCDEF')
  })

  it('names who executes it, where another executes something of the same run', () => {
    const withPython = (run: Run): Run => ({
      ...run,
      configurations: run.configurations.map((each, at) =>
        at === 0 ? each : { ...each, runtime: 'python', interpreter: cpython },
      ),
    })
    const runs = [saved(1, both), saved(2, both)].map(withPython)
    const pythons: readonly Reference[] = runs.map(({ id }) => [id, 100 * id + 1])
    expect(pairsOf(compare(runs, pythons))).toEqual([
      'run 2, CPython 3.11.2, processes × 2 : run 1, CPython 3.11.2, processes × 2',
    ])
  })

  it('is of a run beside a configuration the one that is the same, whichever comes first', () => {
    const runs = [saved(1, both), saved(2, both)]
    expect(pairsOf(compare(runs, [[1, 101], 2]))).toEqual([
      'run 2, processes × 2 : run 1, processes × 2',
    ])
    expect(pairsOf(compare(runs, [2, [1, 101]]))).toEqual([
      'run 1, processes × 2 : run 2, processes × 2',
    ])
  })

  it('tells what a run has that no other has', () => {
    const comparison = compare([saved(1, both), saved(2, [threads])])
    expect(pairsOf(comparison)).toEqual(['run 2, threads × 2 : run 1, threads × 2'])
    expect(comparison.cautions).toContain(
      'run 1 has processes × 2, which none of the others has: left out',
    )
  })

  it('keeps a run that did other work beside the others, to say why it is refused', () => {
    const other = saved(3, both, { plan: { parameters: { n: 7 } } })
    const comparison = compare([saved(1, [threads]), saved(2, [threads]), other])
    expect(comparison.pairs.map(({ refused }) => refused)).toEqual([
      [],
      ['parameter n differs: 1000 and 7'],
    ])
  })

  it.each<[string, () => unknown, RegExp]>([
    ['one configuration alone', () => compare([saved(1, [threads])]), /one configuration alone/],
    [
      'a configuration without another',
      () => compare([saved(1, both)], [[1, 100]]),
      /nothing to compare threads × 2 of run 1 with/,
    ],
    ['the same twice', () => compare([saved(1, both)], [1, 1]), /run 1 is named twice/],
    [
      'a configuration of another run',
      () => compare([saved(1, both)], [[1, 200]]),
      /run 1 has no configuration 200; allowed: 100, 101/,
    ],
    [
      'runs with nothing in common',
      () => compare([saved(1, [threads]), saved(2, [processes])]),
      /no configuration in common \(run 1: threads × 2 \| run 2: processes × 2\)/,
    ],
    [
      'a probe, beside what it has nothing in common with',
      () =>
        compare([
          saved(1, [threads]),
          saved(2, [processes], {
            run: { plan: { ...comparedRun().plan, workload: 'races' }, trials: [observed()] },
          }),
        ]),
      /run 2 is the experiment races/,
    ],
    [
      'more than can be told apart',
      () => compare([saved(1, both), saved(2, both)], [1, 2], false, 3),
      /these are 4 configurations; allowed: at most 3/,
    ],
  ])('is refused: %s', (_, comparing, message) => {
    expect(comparing).toThrow(message)
  })

  it('has letters as the columns of a spreadsheet', () => {
    expect([0, 25, 26, 51, 52].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA'])
  })
})

describe('a pair of saved configurations', () => {
  it('of one run has the figures that the run itself gives', () => {
    const run = saved(1, [threads, processes], { plan: { seed: 77 } })
    const [pair] = compare([run]).pairs
    for (const { a: _, b: __, ...own } of compareModels(run).comparisons) {
      expect(pair?.differences.find(({ metric }) => metric === own.metric)).toEqual(own)
    }
  })

  it('has the same figures whatever numbers the database gave', () => {
    const figures = (first: number) => {
      const runs = [
        saved(first, [['threads', 2, ...uneven(100)]], { plan: { seed: 5 } }),
        saved(first + 1, [['threads', 2, ...uneven(103)]]),
      ]
      return compare(runs).pairs.map(({ differences }) => differences)
    }
    expect(figures(1)).toEqual(figures(40))
    expect(figures(1)[0]?.length).toBeGreaterThan(1)
  })

  it('names the better side by its letter, and what differs above it', () => {
    const comparison = compare([
      saved(1, [threads]),
      saved(2, [['threads', 2, 150, 151, 152, 153, 154]], {
        environment: { node_version: '26.0.0' },
        plan: { interval_ms: 100 },
      }),
    ])
    expect(comparison.differs).toEqual([
      { about: 'plan', name: 'sampling interval', values: ['250 ms', '100 ms'] },
      { about: 'environment', name: 'Node', values: ['24.0.0', '26.0.0'] },
    ])
    expect(comparison.pairs[0]?.sentence).toMatch(
      /^B \(run 2, threads × 2\) completed 1\.49× the tasks per second of A \(run 1, threads × 2\) \(95 % interval .*\): B is faster\./,
    )
    expect(comparison.cautions).toContainEqual(
      expect.stringMatching(/^the sampling interval differs \(A 250 ms; B 100 ms\)/),
    )
  })

  it('has no verdict where neither more nor less is better', () => {
    const having = (id: number, plan: Partial<Plan>) => {
      const run = saved(id, [threads], { plan })
      const metrics = { wall_ms: 100 * id, migrations: 10 * id, cpu_ms: id }
      return {
        ...run,
        trials: run.trials.map((trial) => ({
          ...trial,
          metrics: { ...trial.metrics, ...metrics },
        })),
      }
    }
    const verdicts = (plan: Partial<Plan>) =>
      Object.fromEntries(
        compare([having(1, plan), having(2, plan)]).pairs[0]?.differences.map((each) => [
          each.metric,
          each.verdict,
        ]) ?? [],
      )
    expect(verdicts({})).toMatchObject({ wall_ms: 'a', cpu_ms: 'a', migrations: null })
    // Where the time was given it says nothing of who is faster.
    expect(verdicts({ tasks: null, duration_s: 1 })).toMatchObject({ wall_ms: null, cpu_ms: null })
  })

  it('of runs of two machines is refused, unless the machines are what is compared', () => {
    const runs = [
      saved(1, [threads]),
      saved(2, [threads], { environment: { hostname: 'laptop', cpu_model: 'Made Up 5000' } }),
    ]
    expect(compare(runs).pairs[0]?.refused).toEqual([
      'the machines differ in processor: Made Up 4000 and Made Up 5000',
    ])
    expect(compare(runs).charts).toEqual([])
    const across = compare(runs, [1, 2], true)
    expect(across.pairs[0]?.refused).toEqual([])
    expect(across.cautions[0]).toMatch(/^the machines differ \(bench, laptop\)/)
    const work = saved(3, [threads], { plan: { tasks: 99 } })
    expect(compare([runs[0] as Run, work], [1, 3], true).pairs[0]?.refused).toEqual([
      'the amount of work differs: 10 tasks and 99 tasks',
    ])
  })

  it.each<[string, Partial<Run>, RegExp]>([
    ['is still running', { status: 'running' }, /^run 2 is still running/],
    [
      'was a probe',
      { plan: { ...comparedRun().plan, workload: 'deadlock' }, trials: [observed()] },
      /^run 2 is the experiment deadlock: what its trials observe are no figures/,
    ],
    [
      'has no trial that counts',
      {
        trials: saved(2, [threads]).trials.map((trial) => ({ ...trial, status: 'void' as const })),
      },
      /^B \(run 2, threads × 2\) has no trial that counts: 5 void$/,
    ],
  ])('is refused where a run %s', (_, run, reason) => {
    const { pairs } = compare([saved(1, [threads]), saved(2, [threads], { run })])
    expect(pairs[0]?.refused).toEqual([expect.stringMatching(reason)])
    expect(pairs[0]).toMatchObject({ differences: [], sentence: null })
  })

  it('tells of void trials, of few, and of what each run was warned of', () => {
    const run = saved(2, [['threads', 2, 100, 101, 102]])
    const [first, ...rest] = run.trials as [Trial, ...Trial[]]
    const { cautions, sides } = compare([
      saved(1, [threads]),
      {
        ...run,
        trials: [{ ...first, status: 'void' }, ...rest],
        warnings: [{ code: 'battery', message: 'on battery' }],
      },
    ])
    expect(sides.map(({ trials }) => trials)).toEqual([5, 2])
    expect(cautions).toEqual([
      'B has 2 trials: a winner is named from 5 a side on',
      'run 2 (B): 1 trial is void or failed, and left out',
      'run 2 (B): on battery',
    ])
  })
})

describe('distributions', () => {
  it('have a dot for each trial, outliers flagged, with the median and its interval', () => {
    const { charts } = compare([
      saved(1, [['threads', 2, 100, 101, 102, 103, 104, 500]]),
      saved(2, [['threads', 2, 7]]),
    ])
    const dots = charts.find(({ name }) => name === 'dots-throughput-per-s')?.chart
    if (dots?.kind !== 'dots') throw new Error('no dots')
    expect(dots.groups[0]).toMatchObject({ side: 0, model: 'threads', median: 102.5 })
    expect(dots.groups[0]?.dots.map(({ isOutlier }) => isOutlier)).toEqual([
      ...[false, false, false, false, false],
      true,
    ])
    expect(dots.groups[0]?.low).toBeGreaterThanOrEqual(100)
    // One value has no spread.
    expect(dots.groups[1]).toMatchObject({ median: 7, low: null, high: null })
  })
})

function observed(): Trial {
  const [trial] = comparedRun(threads).trials
  return { ...(trial as Trial), observations: { seen: 1 } }
}
