import { describe, expect, it } from 'vitest'
import { describeWorkloads } from '../../src/engine/workloads/catalogue.ts'
import { describeOwn } from '../../src/engine/workloads/own.ts'
import { planFlags } from '../../src/shared/model/plan.ts'
import { parsePlan } from '../../src/shared/model/plan-check.ts'

const workloads = [
  ...(await describeWorkloads()),
  describeOwn('./my_task.py'),
  describeOwn('./my-task.mjs'),
]

function problemsOf(document: unknown) {
  const result = parsePlan(document, workloads, 4)
  return 'problems' in result ? result.problems : []
}

describe('a plan', () => {
  it('is complete when nothing is given: primes, threads and processes, on every core, under 30 s', () => {
    const result = parsePlan({}, workloads, 4)
    expect(result).toEqual({
      plan: {
        workload: 'primes',
        parameters: { n: 100_000 },
        models: ['threads', 'processes'],
        workers: [4],
        tasks: null,
        duration_s: 2,
        repeat: 3,
        max_repeat: 30,
        warmup: 1,
        scheduling: 'static',
        experiment: null,
        runtimes: ['node'],
        interpreters: [],
        start_methods: ['spawn'],
        transports: ['pipe'],
        scheduler: null,
        threads_per_worker: null,
        scaling: 'strong',
        interval_ms: 250,
        sampler: 'auto',
        timeout_s: 600,
        memory_mib: null,
        seed: 1,
        label: '',
        notes: '',
      },
    })
  })

  it('takes a fixed number of tasks instead of a duration', () => {
    const result = parsePlan({ tasks: 10 }, workloads, 4)
    expect(result).toMatchObject({ plan: { tasks: 10, duration_s: null } })
  })

  it('of a module that Python alone can load runs in Python where nothing else is said', () => {
    expect(parsePlan({ workload: './my_task.py' }, workloads, 4)).toMatchObject({
      plan: { runtimes: ['python'] },
    })
    expect(parsePlan({ workload: './my-task.mjs' }, workloads, 4)).toMatchObject({
      plan: { runtimes: ['node'] },
    })
  })

  it.each<[string, unknown, string, RegExp]>([
    ['no object', 7, '', /7 is not allowed; allowed: an object with workload, parameters/],
    ['a list', [], '', /an empty list is not allowed/],
    ['an unknown key', { worker: 2 }, '', /unknown: "worker"; allowed: workload, .*notes/],
    [
      'an unknown workload',
      { workload: 'prime' },
      'workload',
      /"prime" is unknown; allowed: primes/,
    ],
    [
      'a workload that Python does not have',
      { workload: 'mandelbrot', runtimes: ['node', 'python'] },
      'workload',
      /^mandelbrot is not there for node and python; allowed with node and python: primes, sha256, squares, matmul, messages, sleep, file, http$/,
    ],
    [
      'a workload whose tasks speak with the host, on Dask',
      { workload: 'messages', runtimes: ['dask'] },
      'workload',
      /^messages is not there for dask; allowed with dask: primes, sha256, squares, matmul, sleep, file, http$/,
    ],
    [
      'a module of Python in Node',
      { workload: './my_task.py', runtimes: ['node'] },
      'runtimes',
      /^node cannot load my_task.py; allowed: python, dask$/,
    ],
    [
      'a module of Node in Python',
      { workload: './my-task.mjs', runtimes: ['python'] },
      'runtimes',
      /^python cannot load my-task.mjs; allowed: node$/,
    ],
    [
      'an unknown model',
      { models: ['fibers'] },
      'models[0]',
      /allowed: inline, threads, processes/,
    ],
    ['a model twice', { models: ['threads', 'threads'] }, 'models', /each once/],
    ['no model', { models: [] }, 'models', /a list of 1 to 8/],
    [
      'no workers',
      { workers: [0] },
      'workers[0]',
      /^0 is not allowed; allowed: a whole number from 1/,
    ],
    ['negative workers', { workers: [2, -1] }, 'workers[1]', /^-1 is not allowed/],
    ['half a worker', { workers: [1.5] }, 'workers[0]', /^1.5 is not allowed/],
    ['too many workers', { workers: [1e9] }, 'workers[0]', /to 4096/],
    ['workers that are no number', { workers: [Number.NaN] }, 'workers[0]', /^NaN is not allowed/],
    ['endless work', { duration_s: Number.POSITIVE_INFINITY }, 'duration_s', /^Infinity is not/],
    ['tasks as a text', { tasks: '10' }, 'tasks', /^"10" is not allowed; allowed: a whole number/],
    ['tasks and a duration', { tasks: 1, duration_s: 1 }, 'tasks', /allowed: one of the two/],
    [
      'an unknown parameter',
      { parameters: { m: 1 } },
      'parameters.m',
      /unknown to primes; allowed: n/,
    ],
    ['a name of every object', { parameters: { toString: 1 } }, 'parameters.toString', /unknown/],
    ['a parameter out of range', { parameters: { n: 1 } }, 'parameters.n', /from 2 to 20000000/],
    ['a parameter not whole', { parameters: { n: 2.5 } }, 'parameters.n', /a whole number/],
    ['a parameter as text', { parameters: { n: 'x' } }, 'parameters.n', /allowed: a number/],
    ['a label too long', { label: 'x'.repeat(10_001) }, 'label', /10001 characters are too many/],
    [
      'repetitions in words',
      { repeat: 'often' },
      'repeat',
      /^"often" is not allowed; allowed: auto, or a whole number from 1 to 1000$/,
    ],
    [
      'too many repetitions',
      { repeat: 1001 },
      'repeat',
      /^1001 is not allowed; allowed: auto, or a whole number from 1 to 1000$/,
    ],
    ['half a repetition', { repeat: 2.5 }, 'repeat', /^2.5 is not allowed; allowed: auto, or/],
    [
      'fewer repetitions than say anything',
      { repeat: 'auto', max_repeat: 4 },
      'max_repeat',
      /^4 is not allowed; allowed: a whole number from 5 to 1000$/,
    ],
    ['no time at all', { timeout_s: 0 }, 'timeout_s', /from 0.1 to 86400 s/],
    ['hardly any memory', { memory_mib: 63 }, 'memory_mib', /from 64 to \d+ MiB/],
    ['a hasty sampler', { interval_ms: 49 }, 'interval_ms', /from 50 to 10000 ms/],
  ])('refuses %s', (_, document, path, message) => {
    const problems = problemsOf(document)
    expect(problems[0]?.path).toBe(path)
    expect(problems[0]?.message).toMatch(message)
  })

  it('keeps an error text on one line, whatever was given', () => {
    const nasty = 'a\n\u001b[31mb'.repeat(50)
    const documents = [{ workload: nasty }, { parameters: { [nasty]: 1 } }, { [nasty]: 1 }]
    for (const { path, message } of documents.flatMap(problemsOf)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point.
      expect(path + message).not.toMatch(/[\u0000-\u001f]/)
      // What was given is cut short; what is allowed is as long as it is.
      expect(message.split('; allowed:')[0]?.length).toBeLessThan(200)
    }
  })

  it('that was kept can be run again as it is', () => {
    for (const document of [
      {},
      { repeat: 'auto', max_repeat: 9 },
      { tasks: 5, workers: [1, 2], parameters: { n: 10 } },
    ]) {
      const result = parsePlan(document, workloads, 4)
      const plan = 'plan' in result ? result.plan : expect.fail('no plan')
      expect(parsePlan(JSON.parse(JSON.stringify(plan)), workloads, 8)).toEqual({ plan })
    }
  })

  it('that is too large for anyone to read is refused', () => {
    expect(problemsOf({ workers: [1, 2, 3, 4, 5, 6], repeat: 1000 })[0]?.message).toMatch(
      /12012 trials of \d+ workers in all are too many; allowed: at most 10000 trials/,
    )
    const auto = { workers: [1, 2, 3, 4, 5, 6], repeat: 'auto', max_repeat: 1000 }
    expect(problemsOf(auto)[0]).toMatchObject({
      path: 'max_repeat',
      message: expect.stringContaining('12012 trials'),
    })
    expect(problemsOf({ workers: [4096], repeat: 100 })[0]?.message).toMatch(/250000 workers/)
  })

  it('has a flag for every field', () => {
    expect(planFlags().map(({ flag }) => flag)).toEqual([
      'workload',
      'param',
      'experiment',
      'runtime',
      'interpreter',
      'models',
      'workers',
      'tasks',
      'duration',
      'repeat',
      'max-repeat',
      'warmup',
      'scheduling',
      'start-method',
      'transport',
      'scheduler',
      'threads-per-worker',
      'scaling',
      'interval',
      'sampler',
      'timeout',
      'max-memory',
      'seed',
      'label',
      'notes',
    ])
  })
})
