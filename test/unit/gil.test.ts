import { describe, expect, it } from 'vitest'
import { findingsOf } from '../../src/engine/experiments/findings.ts'
import gil from '../../src/engine/experiments/gil.ts'
import { experimentProblems } from '../../src/engine/experiments/problems.ts'
import { configurationNames } from '../../src/shared/chart-names.ts'
import { kernelOf } from '../../src/shared/model/execution-model.ts'
import { eachKind, type Interpreter } from '../../src/shared/model/interpreter.ts'
import type { TrialMetrics } from '../../src/shared/model/metric.ts'
import type { Plan } from '../../src/shared/model/plan.ts'
import type { Run } from '../../src/shared/model/run.ts'
import { quietMachine } from '../support/example-environment.ts'
import { cpython, freeThreaded, pypy } from '../support/example-interpreters.ts'
import { exampleRun } from '../support/example-run.ts'
import { type MadeUpTrials, observedRun } from '../support/observed-run.ts'

const plan: Plan = {
  ...exampleRun.plan,
  ...{ experiment: 'gil', workload: 'primes', parameters: { n: 20_000 }, tasks: null },
  ...{ duration_s: 0.5, repeat: 5, models: ['inline', 'threads', 'processes'], workers: [4] },
  runtimes: ['node', 'python'],
}
const compiling: Interpreter = { ...cpython, cython: '3.0.11' }

type Figures = readonly [tasks: number, cores: number, mib: number]

/** Five trials that hardly differ. */
const trials = ([tasks, cores, mib]: Figures): readonly Partial<TrialMetrics>[] =>
  [0.99, 0.995, 1, 1.005, 1.01].map((factor) => ({
    throughput_per_s: tasks * factor,
    cores_used: cores * factor,
    memory_per_worker_bytes: mib * 2 ** 20,
  }))

function side(
  interpreter: Interpreter | null,
  workload: string,
  model: MadeUpTrials['model'],
  workers: number,
  figures: Figures,
  variant: string | null = null,
): MadeUpTrials {
  const runtime = interpreter === null ? 'node' : 'python'
  return { interpreter, workload, model, workers, variant, runtime, metrics: trials(figures) }
}

/** The three models at one work; `threads` says what four of them come to. */
const computing = (by: Interpreter | null, tasks: number, [speedUp, cores]: [number, number]) => [
  side(by, 'primes', 'inline', 1, [tasks, 1, 0.1]),
  side(by, 'primes', 'threads', 4, [tasks * speedUp, cores, 0.2]),
  side(by, 'primes', 'processes', 4, [tasks * 3.9, 3.95, 12], by === null ? null : 'spawn'),
]

const runOf = (sides: readonly MadeUpTrials[], change: Partial<Run> = {}): Run => ({
  ...observedRun(plan, sides),
  environment: quietMachine,
  status: 'done',
  ...change,
})

const sentencesOf = (run: Run) => findingsOf(run)?.sentences ?? []
const cautionsOf = (run: Run) => findingsOf(run)?.cautions ?? []

describe('what is run to see what the lock does', () => {
  it('is three kinds of work under each model by each executor, and waiting has more workers than cores', () => {
    const all = gil.configurations(plan, [pypy])
    expect(all.map(({ runtime }) => runtime)).toEqual([
      ...Array(9).fill('node'),
      ...Array(11).fill('python'),
    ])
    const waiting = all.filter(({ workload }) => workload === 'sleep')
    expect(waiting.map(({ workers }) => workers)).toEqual([1, 16, 16, 1, 16, 16])
    expect(
      all.filter(({ workload }) => workload !== 'sleep').map(({ workers }) => workers),
    ).not.toContain(16)
  })

  it('has compiled kernels where there is what compiles them: inline and in threads, or by itself', () => {
    const kernelsBy = (interpreter: Interpreter) =>
      gil
        .configurations(plan, [interpreter])
        .flatMap(({ variant, model }) =>
          kernelOf(variant) === null ? [] : [`${variant} ${model}`],
        )
    expect(kernelsBy(compiling)).toEqual([
      ...['cython nogil inline', 'cython nogil threads', 'cython prange inline'],
      ...['ctypes inline', 'ctypes threads'],
    ])
    expect(kernelsBy(cpython)).toEqual(['ctypes inline', 'ctypes threads'])
    expect(kernelsBy({ ...compiling, compiler: null })).toEqual([])
  })

  it('is each kind of Python once, that one which can compile most', () => {
    const again = { ...cpython, path: '/made/up/other', version: '3.11.9', cython: '3.0' }
    expect(eachKind([cpython, pypy, again, freeThreaded])).toEqual([again, pypy, freeThreaded])
  })

  it.each<[Partial<Plan>, string, RegExp]>([
    [{ workload: 'matmul' }, 'workload', /matmul is not what it compares/],
    [{ models: ['threads', 'processes'] }, 'models', /over inline/],
    [{ workers: [2, 4] }, 'workers', /one number of workers/],
    [{ tasks: 100, duration_s: null }, 'tasks', /allowed: a duration/],
  ])('is refused where it shows nothing: %j', (change, path, message) => {
    const [problem] = experimentProblems({ ...plan, ...change })
    expect(problem).toMatchObject({ path, message: expect.stringMatching(message) })
  })
})

describe('what the lock was found to do', () => {
  it('is that threads take turns, where they use one core and processes all', () => {
    const [first] = sentencesOf(runOf(computing(cpython, 50, [0.97, 1.02])))
    expect(first).toMatch(
      /^Under the lock threads take turns: computing \(primes\) by CPython 3\.11\.2, 4 threads use about one core \(1\.02\) and are 0\.970 times \(.*\) as fast as inline; 4 processes use about 4 cores \(3\.95\) and are 3\.90 times \(.*\) as fast as inline\.$/,
    )
  })

  it('is not said where the figures do not show it', () => {
    // Not even processes had the cores.
    const busy = computing(cpython, 50, [0.97, 1.02]).map((each) =>
      each.model === 'processes' ? { ...each, metrics: trials([60, 1.2, 12]) } : each,
    )
    expect(sentencesOf(runOf(busy))[0]).toMatch(/^Computing \(primes\) by CPython/)
    expect(cautionsOf(runOf(busy))).toContainEqual(
      expect.stringMatching(/^Not even processes of CPython 3\.11\.2 had the cores/),
    )
    // Threads that had far less than one.
    const [starved] = sentencesOf(runOf(computing(cpython, 50, [0.5, 0.6])))
    expect(starved).toMatch(/^Computing .* 4 threads use 0\.600 cores and are/)
    // Threads that had the cores, whatever the interpreter says of its lock.
    const [other] = sentencesOf(runOf(computing(cpython, 50, [3.8, 3.9])))
    expect(other).toMatch(/^Computing \(primes\) by CPython 3\.11\.2, 4 threads use about 4 cores/)
  })

  it('is told apart from what there is without one, and those that come to the same are told together', () => {
    const run = runOf([
      ...computing(null, 700, [3.9, 3.97]),
      ...computing(cpython, 50, [0.97, 1.02]),
      ...computing(freeThreaded, 40, [3.8, 3.9]),
      ...computing(pypy, 300, [0.99, 1.01]),
    ])
    const [locked, free, node, ...others] = sentencesOf(run)
    expect(locked).toMatch(
      /^Under the lock .* by CPython 3\.11\.2 and PyPy 3\.9\.16, 4 threads use about one core \(1\.01 to 1\.02\) and are 0\.97 to 0\.99 times/,
    )
    expect(free).toMatch(
      /^Without the lock threads compute at the same time: .*CPython 3\.14\.1 \(no GIL\), 4 threads use about 4 cores/,
    )
    expect(node).toMatch(/^Computing \(primes\) by Node, 4 threads use about 4 cores/)
    expect(others).toContainEqual(
      expect.stringMatching(
        /^Node beside CPython 3\.11\.2, to the same checksums: inline 14\.0 times/,
      ),
    )
    expect(others).toContainEqual(
      expect.stringMatching(
        /^Memory of one more thread .*: CPython 3\.11\.2 0\.200 MiB and 12\.0 MiB/,
      ),
    )
  })

  it('does not hold native code and who waits, where these show that', () => {
    const run = runOf([
      side(cpython, 'sha256', 'inline', 1, [100, 1, 1]),
      side(cpython, 'sha256', 'threads', 4, [390, 3.9, 1]),
      side(cpython, 'sleep', 'inline', 1, [50, 0.01, 0]),
      side(cpython, 'sleep', 'threads', 16, [780, 0.1, 0]),
    ])
    const [native, waiting] = sentencesOf(run)
    expect(native).toMatch(
      /^Native code that lets go of the lock has threads on all cores: .*4 threads use about 4 cores/,
    )
    expect(waiting).toMatch(/^Who waits holds no lock: .*16 threads are 15\.6 times/)
    const slow = run.configurations.map((each) =>
      each.model === 'threads' && each.workload === 'sleep' ? each.id : -1,
    )
    const held = {
      ...run,
      trials: run.trials.map((trial) =>
        slow.includes(trial.configuration_id)
          ? { ...trial, metrics: { ...trial.metrics, throughput_per_s: 60 } }
          : trial,
      ),
    }
    expect(sentencesOf(held)[1]).toMatch(/^Waiting \(sleep\) by CPython/)
  })

  it('holds a compiled kernel against itself inline, and what has threads of its own against what has not', () => {
    const kernel = (model: 'inline' | 'threads', figures: Figures, variant: string) =>
      side(compiling, 'primes', model, model === 'inline' ? 1 : 4, figures, variant)
    const run = runOf([
      ...computing(compiling, 50, [0.97, 1.02]),
      kernel('inline', [2000, 1, 0], 'cython nogil'),
      kernel('threads', [7800, 3.9, 0], 'cython nogil'),
      kernel('inline', [7000, 3.7, 0], 'cython prange'),
    ])
    expect(sentencesOf(run)).toContainEqual(
      expect.stringMatching(
        /^Compiled for CPython 3\.11\.2, cython nogil in 4 threads uses 3\.90 cores and is 3\.90 times .* as fast as inline; cython prange with threads of its own uses 3\.70 cores and is 3\.50 times .* as fast as cython nogil inline; inline it is 40\.0 times .* as fast as plain Python\.$/,
      ),
    )
  })

  it('cannot be seen on one core, and that is said', () => {
    const run = runOf(computing(cpython, 50, [0.97, 1]), {
      environment: { ...quietMachine, usable_cores: 1 },
    })
    expect(sentencesOf(run)[0]).toMatch(/^Computing .*4 threads use 1\.00 cores/)
    expect(cautionsOf(run)[0]).toMatch(/^One core can be used here/)
  })

  it('says nothing of what failed but why, and nothing of a side that has none to be held against', () => {
    const run = runOf([
      ...computing(cpython, 50, [0.97, 1.02]),
      side(compiling, 'primes', 'inline', 1, [1, 1, 1], 'cython nogil'),
    ])
    const broken = (ids: readonly number[], reason: string) =>
      run.trials.map((trial) =>
        ids.includes(trial.configuration_id)
          ? { ...trial, status: 'failed' as const, reason }
          : trial,
      )
    const withoutInline = { ...run, trials: broken([0], 'ended by signal 9') }
    expect(sentencesOf(withoutInline)[0]).not.toContain('as fast as')
    expect(cautionsOf(withoutInline)).toContain(
      'CPython 3.11.2, primes, inline: 5 of 5 trials do not count: ended by signal 9',
    )
    const nothing = findingsOf({ ...run, trials: broken([0, 1, 2, 3], 'no headers') })
    expect(nothing).toMatchObject({ sentences: [], charts: [], tables: [] })
    expect(nothing?.cautions).toContain('CPython 3.11.2: no headers')
  })

  it('says what an interpreter lacks for the compiled kernels, and how that is come by', () => {
    const told = cautionsOf(
      runOf([...computing(cpython, 50, [1, 1]), ...computing(pypy, 50, [1, 1])]),
    )
    expect(told).toContain(
      'CPython 3.11.2 and PyPy 3.9.16 have no Cython: cython nogil and cython prange could not be tried. To try them: python3 -m pip install cython, with the path of each in the place of python3.',
    )
    const bare = { ...pypy, cython: '0.29.32', headers: false }
    expect(cautionsOf(runOf(computing(bare, 50, [1, 1])))).toContain(
      'PyPy 3.9.16 has no C headers of its own (Python.h): cython nogil and cython prange could not be tried. To try them: on Debian apt-get install pypy3-dev, elsewhere its development package.',
    )
    const without = { ...cpython, compiler: null }
    expect(cautionsOf(runOf(computing(without, 50, [1, 1]))).join('\n')).toContain(
      'CPython 3.11.2 has no C compiler: cython nogil, cython prange and ctypes could not be tried. To try them: apt-get install gcc',
    )
  })

  it('is drawn as one picture: a column for each work, a row for each measure, a bar for each way', () => {
    const run = runOf([
      ...computing(null, 700, [3.9, 3.97]),
      ...computing(cpython, 50, [0.97, 1.02]),
      side(cpython, 'sleep', 'inline', 1, [50, 0.01, 0]),
      side(cpython, 'sleep', 'threads', 16, [780, 0.1, 0.05]),
    ])
    const [chart] = findingsOf(run)?.charts ?? []
    if (chart?.kind !== 'panels') throw new Error('no panels')
    expect(chart.columns).toEqual(['Computing: primes', 'Waiting: sleep'])
    expect(chart.groups.map(({ name, bars }) => [name, ...bars.map((bar) => bar.name)])).toEqual([
      ['Node', 'inline', 'threads', 'processes'],
      ['CPython 3.11.2', 'inline', 'threads', 'processes'],
    ])
    const [speedUp, cores] = chart.rows
    expect(speedUp?.panels[0]?.values.map((value) => value?.toFixed(2))).toEqual([
      ...['1.00', '3.90', '3.90', '1.00', '0.97', '3.90'],
    ])
    // Node did not wait, and nobody did so in processes.
    expect(speedUp?.panels[1]?.values).toEqual([null, null, null, 1, 15.6, null])
    expect(speedUp?.panels.map(({ mark }) => mark?.value)).toEqual([4, 16])
    expect(cores?.panels.map(({ mark }) => mark?.label)).toEqual(['4 cores', '4 cores'])
  })
})

describe('configurations of a run of several works and executors', () => {
  it('are named by who executes them and what they do, and no two alike', () => {
    const configurations = gil
      .configurations(plan, [compiling, pypy, { ...pypy, path: '/made/up/venv/pypy3' }])
      .map((each, id) => ({ ...each, id, content: null }))
    const names = [...configurationNames(configurations).values()]
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('Node, primes, threads × 4')
    expect(names).toContain('CPython 3.11.2, primes, threads × 4, cython nogil')
    expect(names).toContain('PyPy 3.9.16 (/made/up/venv/pypy3), sleep, processes × 16, spawn')
  })
})
