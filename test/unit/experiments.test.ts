import { describe, expect, it } from 'vitest'
import { circleIn } from '../../src/engine/execution/probes/wait-for-graph.ts'
import { describeExperiments, experimentOf } from '../../src/engine/experiments/catalogue.ts'
import { findingsOf as wholeFindingsOf } from '../../src/engine/experiments/findings.ts'
import { experimentProblems } from '../../src/engine/experiments/problems.ts'
import { racingConfigurations } from '../../src/engine/experiments/racing-ways.ts'
import { describeWorkloads } from '../../src/engine/workloads/catalogue.ts'
import type { BarChart, CurveChart } from '../../src/shared/model/chart.ts'
import { sweepCounts } from '../../src/shared/model/execution-model.ts'
import type { Observations } from '../../src/shared/model/experiment.ts'
import type { Findings } from '../../src/shared/model/findings.ts'
import type { Plan, PlanDocument } from '../../src/shared/model/plan.ts'
import { parsePlan } from '../../src/shared/model/plan-check.ts'
import type { Run } from '../../src/shared/model/run.ts'
import { quietMachine } from '../support/example-environment.ts'
import { observedRun } from '../support/observed-run.ts'

const workloads = await describeWorkloads()
const experiments = describeExperiments()

function parsed(document: PlanDocument, cores = 4) {
  return parsePlan(document, workloads, cores, experiments)
}

function planOf(document: PlanDocument, cores = 4): Plan {
  const result = parsed(document, cores)
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return result.plan
}

function findingsOf(run: Run): Findings {
  const experiment = experimentOf(run.plan)
  if (experiment === null) throw new Error('no experiment')
  return experiment.findings(run)
}

const cellsOf = ({ tables }: Findings, table = 0) =>
  (tables[table]?.rows ?? []).map((row) => row.map(({ text }) => text))

describe('a plan with an experiment', () => {
  it.each(experiments.map(({ name }) => name))('is whole with the name alone: %s', (name) => {
    const plan = planOf({ experiment: name })
    const experiment = experimentOf(plan)
    expect(experimentProblems(plan)).toEqual([])
    const configurations = experiment?.configurations(plan) ?? []
    expect(configurations.length).toBeGreaterThan(1)
    const keys = configurations.map((each) => JSON.stringify(each))
    expect(new Set(keys).size).toBe(keys.length)
    expect(findingsOf(observedRun(plan, []))).toMatchObject({ sentences: [] })
  })

  it('takes what the user says over what the experiment would have', () => {
    expect(planOf({ experiment: 'sweep', repeat: 2, workers: [1, 3] })).toMatchObject({
      ...{ repeat: 2, workers: [1, 3], tasks: 240, warmup: 1 },
    })
    // A duration stands in for the tasks; the experiment then says what it thinks of it.
    expect(planOf({ experiment: 'sweep', duration_s: 1 })).toMatchObject({ tasks: null })
    // Parameters of its own workload do not go with another.
    expect(planOf({ experiment: 'shared-memory', workload: 'primes' }).parameters).toEqual({
      n: 100_000,
    })
  })

  it.each([
    [{ experiment: 'nope' }, 'experiment', /"nope" is unknown; allowed: sweep, .*creation/],
    [
      { experiment: 'races', workload: 'primes' },
      'workload',
      /"primes" is not allowed: the experiment brings its own work; allowed: races, or nothing/,
    ],
    [{ experiment: 'races', parameters: { n: 1 } }, 'parameters.n', /unknown to races/],
    [{ experiment: 7 as never }, 'experiment', /7 is not allowed; allowed: the name/],
    [{ workload: 'races' }, 'workload', /"races" is unknown; allowed: primes/],
  ])('says what is wrong with %j', (document, path, message) => {
    const result = parsed(document as PlanDocument)
    expect(result).toMatchObject({ problems: [{ path, message: expect.stringMatching(message) }] })
  })

  it.each<[PlanDocument, string, RegExp]>([
    [{ experiment: 'sweep', workers: [2] }, 'workers', /one point/],
    [{ experiment: 'sweep', duration_s: 1 }, 'duration_s', /a fixed amount/],
    [{ experiment: 'sweep', models: ['inline'] }, 'models', /inline has one worker/],
    [{ experiment: 'races', workers: [1] }, 'workers', /races with nobody/],
    [{ experiment: 'races', repeat: 'auto' }, 'repeat', /auto goes by throughput/],
    [{ experiment: 'races', tasks: 3 }, 'tasks', /its own work; allowed: .*updates, messages/],
    [{ experiment: 'creation', duration_s: 5 }, 'duration_s', /its own work; allowed: .*steps/],
    [{ experiment: 'races', models: ['inline'] }, 'models', /nothing to run with inline alone/],
    [{ experiment: 'races', repeat: 1000, workers: [2, 3] }, 'repeat', /at most 10000 trials/],
    [{ experiment: 'deadlock', workers: [1] }, 'workers', /waits for nobody/],
    [{ experiment: 'balance', workers: [1] }, 'workers', /always in balance/],
    [{ experiment: 'break-even', models: ['threads'] }, 'models', /nothing to break even with/],
  ])('that makes no sense for it is told so: %j', (document, path, message) => {
    const plan = planOf(document)
    const [problem] = experimentProblems(plan)
    expect(problem).toMatchObject({ path, message: expect.stringMatching(message) })
  })
})

describe('worker counts of a sweep', () => {
  it('are all up to twice the cores where these are few, and spread by ratio where they are many', () => {
    expect(sweepCounts(1)).toEqual([1, 2, 3, 4])
    expect(sweepCounts(4)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    const many = sweepCounts(64)
    expect(many.length).toBeLessThanOrEqual(13)
    expect(many).toContain(1)
    expect(many).toContain(64)
    expect(many.at(-1)).toBe(128)
    expect([...many].sort((a, b) => a - b)).toEqual(many)
  })
})

describe('who waits for whom', () => {
  it('is a deadlock where it is a circle, and none where it ends', () => {
    expect(circleIn([1, 0])).toEqual([0, 1])
    expect(circleIn([1, 2, null])).toBeNull()
    expect(circleIn([null, null])).toBeNull()
    // Who waits for one in the circle is not in it.
    expect(circleIn([1, 2, 3, 1])).toEqual([1, 2, 3])
    expect(circleIn([0])).toEqual([0])
  })
})

describe('what races have shown', () => {
  const counted = (lost: number, per_update_ns: number) => ({
    ...{ updates: 1000, counted: 1000 - lost, lost, lost_percent: lost / 10, per_update_ns },
  })

  it('is what was lost, and what it costs to lose nothing', () => {
    const found = findingsOf(
      observedRun({ experiment: 'races', workload: 'races' }, [
        { model: 'threads', variant: 'plain', observed: [counted(250, 2)] },
        { model: 'threads', variant: 'lock', observed: [counted(0, 40)] },
        { model: 'processes', variant: 'own counter', observed: [counted(0, 2)] },
      ]),
    )
    expect(found.sentences.join(' ')).toMatch(
      /2 threads .* lose 25 % .* with a lock an update takes 40\.0 ns, 20 times as long/,
    )
    expect(found.tables[0]?.rows.map((row) => row[3])).toEqual([
      { text: '250', tone: 'bad' },
      { text: '0', tone: 'good' },
      { text: '0', tone: 'good' },
    ])
  })

  it('claims no safety that was not seen', () => {
    const [lost, kept] = [counted(5, 40), counted(0, 40)]
    const found = findingsOf(
      observedRun({ experiment: 'races', workload: 'races' }, [
        { model: 'threads', variant: 'plain', observed: [kept, lost, kept] },
        { model: 'threads', variant: 'lock', observed: [kept, lost, kept] },
        { model: 'processes', variant: 'own counter', observed: [kept, lost, kept] },
      ]),
    )
    expect(found.sentences.join(' ')).toMatch(
      /, in 1 of 3 trials any\. Protected, updates were lost as well: .* yet updates were lost/,
    )
  })

  it('calls it luck where nothing was lost', () => {
    const found = findingsOf(
      observedRun({ experiment: 'races', workload: 'races' }, [
        { model: 'threads', variant: 'plain', observed: [counted(0, 2)] },
      ]),
    )
    expect(found.sentences[0]).toContain('luck, not safety')
  })
})

describe('what races in Python have shown', () => {
  const python = {
    ...{ path: '/python', implementation: 'CPython', version: '3.11.2', gil: true, models: [] },
    ...{ numpy: null, cython: null, dask: null, compiler: null, headers: false },
  }
  const seen = (lost: number) => [
    { updates: 1000, lost, lost_percent: lost / 10, per_update_ns: 9 },
  ]

  it('is told by itself, beside what Node has shown', () => {
    const run = observedRun({ experiment: 'races', workload: 'races' }, [
      { model: 'threads', variant: 'plain', observed: seen(250) },
      { model: 'threads', variant: 'plain', observed: seen(0) },
      { model: 'threads', variant: 'methods', observed: seen(330) },
      { model: 'processes', variant: 'fork, plain', observed: seen(400) },
    ])
    const [first, ...others] = run.configurations
    if (first === undefined) expect.fail('no configuration')
    const inPython = others.map((each) => ({
      ...{ ...each, runtime: 'python' as const, interpreter: python },
    }))
    const found = findingsOf({ ...run, configurations: [first, ...inPython] })
    expect(found.sentences).toEqual([
      expect.stringMatching(/^Node: 2 threads .* lose 25 %/),
      expect.stringMatching(/^CPython 3\.11\.2: 2 threads .* have lost no update this time/),
      expect.stringMatching(
        /^CPython 3\.11\.2: Where one method .* lose 33 %: the interpreter lock/,
      ),
      'CPython 3.11.2: 2 processes that count in shared memory without protection lose 40 %.',
    ])
    expect(found.tables[0]?.rows.map(([name]) => name?.text).at(-1)).toBe(
      'CPython 3.11.2, 2 processes: shared memory, without protection',
    )
  })

  it('has its own ways to count, a tenth of the updates and the way processes are started', () => {
    const plan = planOf({
      ...{ experiment: 'races', runtimes: ['node', 'python'], workers: [2] },
      start_methods: ['fork'],
    })
    const all = racingConfigurations(plan, [{ ...python, models: ['threads', 'processes'] }])
    const ways = (runtime: string) =>
      all
        .filter((each) => each.runtime === runtime)
        .map(({ model, variant }) => `${model}: ${variant}`)
    expect(ways('node')).toContain('threads: atomics')
    expect(ways('python')).toEqual([
      ...['plain', 'methods', 'lock', 'message'].map((way) => `threads: ${way}`),
      ...['plain', 'lock', 'own counter', 'message'].map((way) => `processes: fork, ${way}`),
    ])
    expect(new Set(all.map(({ parameters }) => parameters.updates))).toEqual(
      new Set([10_000_000, 1_000_000]),
    )
  })
})

describe('how sure findings are', () => {
  const balanced = (...static_ms: number[]) => {
    const side = (scheduling: 'static' | 'dynamic', times: number[]) => ({
      ...{ model: 'threads' as const, scheduling, variant: scheduling },
      metrics: times.map((wall_ms) => ({ wall_ms, imbalance: 0.5 })),
    })
    return observedRun({ experiment: 'balance' }, [
      side('static', static_ms),
      side(
        'dynamic',
        static_ms.map((_, at) => 100 + at),
      ),
    ])
  }

  it('is in their sentences: intervals of ratios, and that no difference was shown', () => {
    expect(findingsOf(balanced(200, 202, 204, 206, 208)).sentences[0]).toMatch(
      /take 2 threads 2\.00 times \(1\.\d+ to 2\.\d+\) as long as tasks one by one\.$/,
    )
    expect(findingsOf(balanced(90, 99, 104, 108, 130)).sentences[0]).toMatch(
      / 1\.02 times \(0\.\d+ to 1\.\d+\) as long as .*, no difference shown\.$/,
    )
  })

  it('is told where there were too few trials, once there come no more', () => {
    const few = balanced(200, 202, 204)
    expect(wholeFindingsOf(few)?.cautions).toEqual([expect.stringMatching(/as few as 3 trials/)])
    expect(wholeFindingsOf({ ...few, status: 'running' })?.cautions).toEqual([])
    expect(wholeFindingsOf(balanced(200, 202, 204, 206, 208))?.cautions).toEqual([])
  })
})

describe('what a deadlock lab has shown', () => {
  it('is in how many trials they waited for each other, where not in all', () => {
    const stuck = { found_ms: 10, elapsed_ms: 10, ended_ms: 5, waits: 'worker 0 waits …' }
    const through = { found_ms: null, elapsed_ms: 30, ended_ms: 5, waits: null }
    const seen = (observed: Observations[]) =>
      findingsOf(
        observedRun({ experiment: 'deadlock', workload: 'deadlock' }, [
          { model: 'threads', variant: 'opposite orders', observed },
        ]),
      )
    expect(seen([stuck, through, stuck]).sentences[0]).toMatch(/2 threads in 2 of 3 trials: nobody/)
    expect(seen([stuck, stuck]).sentences[0]).toMatch(/a deadlock for 2 threads: nobody goes on/)
    expect(seen([through]).sentences[0]).toMatch(/the locks do no harm/)
  })
})

describe('what a break-even has shown', () => {
  const at = (steps: number, elapsed_ms: number) => ({
    parameters: { steps },
    observed: [{ elapsed_ms }],
  })
  const plan = { experiment: 'break-even', workload: 'break-even', workers: [2] }
  const inline = [at(1, 1), at(10, 10), at(100, 100)].map((each) => ({
    ...each,
    model: 'inline' as const,
  }))
  const warm = (...elapsed: number[]) =>
    elapsed.map((ms, index) => ({
      ...at(10 ** index, ms),
      model: 'threads' as const,
      variant: 'warm',
    }))

  it('is the length of a task from which on a way is the faster one', () => {
    // Equal at half of 10 ms a task: 2 tasks take 10 ms inline.
    const found = findingsOf(observedRun(plan, [...inline, ...warm(5, 10, 55)]))
    expect(cellsOf(found)).toEqual([['threads of a warm pool', 'about 5 ms']])
    expect(found.sentences).toEqual([
      'From a warm pool, workers beat inline: threads where a task takes longer than about 5 ms.',
    ])
  })

  it('says where a way always or never is', () => {
    expect(findingsOf(observedRun(plan, [...inline, ...warm(0.6, 6, 60)])).sentences[0]).toMatch(
      /at every length/,
    )
    expect(findingsOf(observedRun(plan, [...inline, ...warm(2, 20, 200)])).sentences[0]).toMatch(
      /at no length/,
    )
  })
})

describe('what a sweep has shown', () => {
  const perfect = (model: 'threads' | 'processes', share: number) =>
    [1, 2, 3, 4, 6, 8].map((workers) => ({
      model,
      workers,
      metrics: [0, 1, 2, 3, 4].map((trial) => ({
        throughput_per_s: (100 * workers * (1 + trial / 1e6)) / (1 + share * (workers - 1)),
      })),
    }))
  const plan: Partial<Plan> = { experiment: 'sweep', models: ['threads', 'processes'] }

  it('is both models in one picture, with what the laws say of each', () => {
    const found = findingsOf(
      observedRun(plan, [...perfect('threads', 0.1), ...perfect('processes', 0)]),
    )
    const [speedUp, efficiency] = found.charts as CurveChart[]
    const names = speedUp?.series.filter(({ isReference }) => !isReference)
    expect(names?.map(({ name }) => name)).toEqual(['threads', 'processes'])
    expect(names?.[1]?.points.map(({ y }) => Math.round(y))).toEqual([1, 2, 3, 4, 6, 8])
    expect(efficiency?.series[0]?.points.at(-1)?.y).toBeCloseTo(100 / 1.7, 3)
    expect(found.sentences.join('\n')).toMatch(
      /threads: by Amdahl’s law 10 % of the work cannot be split/,
    )
  })

  it('is no fact about the work where workers shared cores, or a law is missed', () => {
    const environment = { ...quietMachine, usable_cores: 4 }
    const shared = observedRun(plan, perfect('threads', 0.1))
    const told = findingsOf({ ...shared, environment }).sentences.join('\n')
    expect(told).toMatch(/it is as if 10 % .* workers share 4 usable cores is counted in it/)

    const stepped = perfect('threads', 0).map((side) => ({
      ...side,
      metrics: side.metrics.map((_, at) => ({
        throughput_per_s: (side.workers > 3 ? 100 : 300) + at / 10,
      })),
    }))
    const { sentences } = findingsOf(observedRun(plan, stepped))
    expect(sentences[0]).toMatch(/1 thread does as much as any more of them/)
    expect(sentences).toContain('threads: Amdahl’s law does not describe it.')
  })

  it('names fewer workers that are not shown to do less', () => {
    const flat = perfect('threads', 0).map((side) => ({
      ...side,
      metrics: [0, 1, 2, 3, 4].map((at) => ({
        throughput_per_s: (side.workers === 1 ? 100 : 200) + at * 5 + side.workers / 10,
      })),
    }))
    expect(findingsOf(observedRun(plan, flat)).sentences[0]).toMatch(
      /8 threads do the most: .*; with 2 it is not shown to be less/,
    )
  })

  it('of weak scaling is told by the law for it', () => {
    const found = findingsOf(observedRun({ ...plan, scaling: 'weak' }, perfect('threads', 0)))
    expect(found.sentences.join('\n')).toContain('Gustafson’s law')
  })

  it('passes on what the points do not support', () => {
    const found = findingsOf(observedRun(plan, perfect('threads', 0).slice(0, 2)))
    expect(found.cautions.join('\n')).toMatch(/threads: .*needs 4 or more numbers of workers/)
  })
})

describe('what the other probes have shown', () => {
  it('answers of a deadlock for all models first, and of its cure second', () => {
    const circle = { waits: 'worker 0 waits for lock B', found_ms: 30, ended_ms: 5, elapsed_ms: 30 }
    const done = { found_ms: null, ended_ms: 4, elapsed_ms: 40, waits: null }
    const found = findingsOf(
      observedRun(
        { experiment: 'deadlock', workload: 'deadlock' },
        (['threads', 'processes'] as const).flatMap((model) => [
          { model, variant: 'opposite orders', observed: [circle] },
          { model, variant: 'same order', observed: [done] },
        ]),
      ),
    )
    expect(found.sentences.slice(0, 2)).toEqual([
      'Two locks taken in opposite orders are a deadlock for 2 threads and 2 processes: nobody goes on.',
      'Taken in the same order, the locks do no harm: all were done after 40.0 ms (2 threads) and 40.0 ms (2 processes).',
    ])
    expect(found.tables[0]?.rows[1]?.map(({ text }) => text)).toEqual([
      ...['2 threads, same order', 'none', '40.0 ms', '–', '–', '–'],
    ])
  })

  it('says in one sentence how long an interface stands still under each way', () => {
    const blocked = (ms: number) => [
      { longest_block_ms: ms, missed_frames_percent: 50, work_ms: 2000, missed_frames: 60 },
    ]
    const { sentences } = findingsOf(
      observedRun({ experiment: 'responsiveness', workload: 'responsiveness' }, [
        { model: 'inline', workers: 1, variant: 'in one piece', observed: blocked(1990) },
        { model: 'threads', observed: blocked(12) },
      ]),
    )
    expect(sentences[0]).toBe(
      'The interface stands still for up to 1.99 s (inline, in one piece) and 12.0 ms (in 2 threads).',
    )
  })

  it('sets workers of a warm pool, which are not started, apart from those that are', () => {
    const stages = { first_message_ms: 1, work_ms: 10 }
    const found = findingsOf(
      observedRun({ experiment: 'creation', workload: 'creation' }, [
        {
          ...{ model: 'threads', variant: 'cold' },
          observed: [{ ...stages, spawn_ms: 40, teardown_ms: 2 }],
        },
        { model: 'threads', variant: 'warm', observed: [stages] },
      ]),
    )
    const bars = found.charts.filter((chart) => chart.kind === 'bars')
    expect(bars.map(({ bars: [bar] }) => bar?.values)).toEqual([
      [40, 1, 10, 2],
      [1, 10],
    ])
  })
})

describe('what balance and shared memory have shown', () => {
  it('is how much longer equal chunks take', () => {
    const sides = (['static', 'dynamic'] as const).map((scheduling) => ({
      ...{ model: 'threads' as const, scheduling, variant: scheduling },
      metrics: [
        scheduling === 'static'
          ? { wall_ms: 300, imbalance: 0.6 }
          : { wall_ms: 200, imbalance: 0.02 },
      ],
    }))
    const { sentences } = findingsOf(observedRun({ experiment: 'balance' }, sides))
    expect(sentences).toEqual([
      'Equal chunks take 2 threads 1.5 times as long as tasks one by one.',
      'The workers’ busy time differs by 60 % in equal chunks, by 2.0 % one by one (2 threads).',
    ])
  })

  it('is the memory that a copy each takes; by RSS, with a caution, where there is nothing better', () => {
    const MiB = 1024 * 1024
    const plan = { experiment: 'shared-memory', parameters: { size_mib: 64 } }
    const sides = [
      { model: 'threads' as const, metrics: [{ peak_pss_bytes: 100 * MiB, peak_rss_bytes: 1 }] },
      { model: 'processes' as const, metrics: [{ peak_pss_bytes: 200 * MiB, peak_rss_bytes: 1 }] },
    ]
    const found = findingsOf(observedRun(plan, sides))
    expect(found.sentences[0]).toBe(
      'To read a data set of 64 MiB, 2 threads take 100 MiB in all (PSS), 2 processes 200 MiB: 2 times as much.',
    )
    expect(found.sentences[1]).toBe('The 2 processes read it about as fast as the 2 threads.')
    expect((found.charts[0] as BarChart).bars.map(({ values }) => values)).toEqual([
      [100 * MiB],
      [200 * MiB],
    ])
    const rssAlone = sides.map((side) => ({ ...side, metrics: [{ peak_rss_bytes: 50 * MiB }] }))
    expect(findingsOf(observedRun(plan, rssAlone)).cautions[0]).toMatch(/RSS alone/)
  })
})
