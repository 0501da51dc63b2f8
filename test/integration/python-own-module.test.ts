import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { inspectModule } from '../../src/engine/execution/own/inspection.ts'
import type { TrialSpec } from '../../src/engine/execution/protocol.ts'
import { Lab } from '../../src/engine/lab.ts'
import type { OwnExports } from '../../src/engine/workloads/workload.ts'
import type { Model } from '../../src/shared/model/execution-model.ts'
import { interpreterName } from '../../src/shared/model/interpreter.ts'
import { programs } from '../support/programs.ts'
import { pythonsToTest } from '../support/pythons.ts'
import { scratchFolder } from '../support/scratch.ts'
import { primes, total, trialWatcher, withTimeFor } from '../support/watched-trial.ts'

const pythons = await pythonsToTest()
const python = pythons[0]?.path ?? ''
const scratch = scratchFolder()
const template = fileURLToPath(new URL('../../resources/templates/my_task.py', import.meta.url))
const models: readonly Model[] = [
  ...(['inline', 'threads', 'processes', 'pool', 'thread-pool', 'process-pool'] as const),
]
const bare: OwnExports = { inputs: false, setup: false, check: false }

const watchTrial = trialWatcher()

async function moduleOf(name: string, lines: readonly string[]): Promise<string> {
  const path = scratch.path(name)
  await writeFile(path, `${lines.join('\n')}\n`)
  return path
}

async function trialOf(
  workload: string,
  model: Model,
  change: Partial<TrialSpec> = {},
  interpreter = python,
) {
  const workers = model === 'inline' ? 1 : 2
  const own = { workload, parameters: {}, seed: 7, expected: null, own: bare }
  const launch = {
    runtime: 'python' as const,
    interpreter,
    program: join(programs.python, 'host.py'),
  }
  const spec = { ...primes, ...own, model, workers, tasks: 20, ...change }
  return (await watchTrial(spec, launch)).outcome
}

/** How many tasks were done and how many were wrong. */
async function doneIn(...given: Parameters<typeof trialOf>): Promise<[number, number]> {
  const outcome = await trialOf(...given)
  if (outcome.status !== 'done') expect.fail(JSON.stringify(outcome))
  const summaries = outcome.result.workers.map(({ summary }) => summary)
  const sum = (of: 'tasks' | 'wrong') => summaries.reduce((total, each) => total + each[of], 0)
  return [sum('tasks'), sum('wrong')]
}

async function problemOf(path: string, deadlineMs?: number): Promise<string> {
  const asked = { interpreter: python, ...(deadlineMs && { deadlineMs }) }
  const found = await inspectModule(path, programs, asked).catch((error: Error) => error)
  return found instanceof Error ? found.message : expect.fail(JSON.stringify(found))
}

describe.each(pythons.map((each) => [interpreterName(each), each.path] as const))(
  'in %s',
  (_, interpreter) => {
    it.each(models)(
      '%s: each task gets its input, the context and what setup returned',
      async (model) => {
        const path = await moduleOf(`given ${model}.py`, [
          'class Point:',
          '    def __init__(self, x): self.x = x',
          'def inputs(count): return (Point(x) for x in range(3))',
          'def setup(): return "made"',
          'def task(point, context):',
          '    assert (context.setup, context.seed) == ("made", 7), context',
          `    assert 0 <= context.worker < context.workers == ${model === 'inline' ? 1 : 2}`,
          '    return Point(point.x + 10 * (context.index % 3))',
          'def check(output, point): return isinstance(output, Point) and output.x == 11 * point.x',
        ])
        const own = { inputs: true, setup: true, check: true }
        for (const scheduling of ['static', 'dynamic'] as const) {
          expect(await doneIn(path, model, { own, scheduling }, interpreter)).toEqual([20, 0])
        }
      },
    )
  },
)

it('the template runs as a run, and is told by its content', async () => {
  const lab = new Lab({ databasePath: scratch.path('own.db'), programs, version: 'test' })
  const plan = await lab.checkPlan({
    ...{ workload: template, models: ['inline', 'threads', 'processes'], workers: [2], tasks: 12 },
    ...{ repeat: 1, warmup: 0, interval_ms: 50 },
  })
  expect(plan.runtimes).toEqual(['python'])
  const { run } = await (await lab.start(plan, { force: false, announce() {} })).finished
  await lab.close()
  expect(run.trials.map(({ status, tasks_done }) => [status, tasks_done])).toEqual([
    ...[0, 1, 2].map(() => ['done', 12]),
  ])
  const { fingerprint } = await inspectModule(template, programs, { interpreter: python })
  expect(run.configurations.map(({ content }) => content)).toEqual([0, 1, 2].map(() => fingerprint))
})

it.each(['threads', 'processes', 'pool'] as const)(
  '%s: each task has its own input where the clock decides how many there are',
  async (model) => {
    const path = await moduleOf(`timed ${model}.py`, [
      'def inputs(count): return range(5)',
      'def task(given, context): return given == context.index % 5',
      'def check(output): return output',
    ])
    const own = { inputs: true, setup: false, check: true }
    const worked = await withTimeFor(0, 100, async (durationMs) => {
      const outcome = await trialOf(path, model, { own, tasks: null, durationMs })
      return outcome.status === 'done' ? outcome.result : expect.fail(JSON.stringify(outcome))
    })
    expect(total(worked, 'tasks')).toBeGreaterThan(0)
    expect(total(worked, 'wrong')).toBe(0)
  },
)

it('a task takes two arguments, one or none; a name that is taken and modules beside it do no harm', async () => {
  // Where it says that nothing is to be kept, nothing would be anyway.
  vi.stubEnv('PYTHONDONTWRITEBYTECODE', undefined)
  onTestFinished(() => void vi.unstubAllEnvs())
  const one = await moduleOf('one.py', ['def task(i): return i', 'def check(o, i): return o == i'])
  const none = await moduleOf('none.py', ['def task(): return 5', 'def check(o): return o == 5'])
  await moduleOf('beside.py', ['FIVE = 5'])
  const json = await moduleOf('json.py', [
    'import beside',
    'class Five: pass',
    'def task(i): return Five()',
    'def check(o): return isinstance(o, Five) and beside.FIVE == 5',
  ])
  for (const path of [one, none, json]) {
    for (const model of ['threads', 'processes'] as const) {
      expect(await doneIn(path, model, { own: { ...bare, check: true } })).toEqual([20, 0])
    }
  }
  // It is known by what is in it now: nothing of it is kept.
  const kept = await readdir(scratch.path('__pycache__')).catch(() => [])
  expect(kept.filter((name) => !name.startsWith('beside.'))).toEqual([])
  const wrong = await moduleOf('wrong.py', ['def task(i): return i', 'def check(o): return o < 5'])
  expect(await doneIn(wrong, 'threads', { own: { ...bare, check: true } })).toEqual([20, 15])
})

describe.each(['threads', 'processes', 'pool'] as const)('what fails in %s', (model) => {
  it.each([
    [
      'raising',
      ['def inner(i):', '    if i == 3: raise ValueError("bad")', 'def task(i): inner(i)'],
      /in task 3: ValueError: bad, at raising\.py:2$/,
      ['at inner (raising.py:2)', 'at task (raising.py:3)'],
    ],
    [
      'ending',
      ['import sys', 'def task(i):', '    if i == 4: sys.exit(9)'],
      /in task 4: the module ended its worker with sys\.exit\(9\), at ending\.py:3$/,
      ['at task (ending.py:3)'],
    ],
    [
      'setting_up',
      ['def setup(): 1 / 0', 'def task(i): pass'],
      /failed: setup\(\) failed: ZeroDivisionError: division by zero, at setting_up\.py:1$/,
      ['at setup (setting_up.py:1)'],
    ],
  ] as const)('is told with the module’s own frames: %s', async (name, lines, reason, frames) => {
    const outcome = await trialOf(await moduleOf(`${name}.py`, lines), model)
    expect(outcome).toMatchObject({ status: 'failed', reason: expect.stringMatching(reason) })
    expect(outcome).toMatchObject({ frames })
  })
})

it.each(['processes', 'pool', 'process-pool'] as const)(
  'what %s cannot be sent is named by its part, and threads do not mind',
  async (model) => {
    const output = await moduleOf('output.py', ['def task(i): return {"rows": [1, lambda: 2]}'])
    const inputs = await moduleOf('inputs.py', [
      'def inputs(n): return [{"f": open(__file__)} for i in range(n)]',
      'def task(given): return 1',
    ])
    const own = { ...bare, inputs: true }
    const why = async (outcome: ReturnType<typeof trialOf>) => {
      const found = await outcome
      return found.status === 'failed' ? found.reason : expect.fail(JSON.stringify(found))
    }
    expect(await why(trialOf(output, model))).toMatch(/cannot be pickled.*output\['rows'\]\[1\]: /)
    expect(await why(trialOf(inputs, model, { own }))).toMatch(
      /^what inputs\(\) .*inputs\[0\]\['f'\]: /,
    )
    expect(await doneIn(output, 'threads')).toEqual([20, 0])
    expect(await doneIn(inputs, 'thread-pool', { own })).toEqual([20, 0])
  },
)

describe('a task that writes where the host speaks', () => {
  it.each([
    ['crew', '{"type":"crew","workers":null}'],
    ['paths', '{"type":"crew","workers":[{"processId":"../1","threadId":0,"osThreadId":"1"}]}'],
    ['report', '{"type":"report","at":1e999,"rssBytes":1,"cpuMs":1,"workers":{"at":[1,2]}}'],
    ['phase', '{"type":"phase","name":"constructor","at":1}'],
    ['finished', '{"type":"finished","result":{"workers":[]}}'],
    ['failed', '{"type":"failed","reason":{},"frames":"at x"}'],
    ['unknown', '{"type":"hello"}'],
  ])('fails in one line, and nothing of it is heard: %s', async (name, said) => {
    const path = await moduleOf(`says_${name}.py`, [
      'import os',
      `said = ${JSON.stringify(`\n${said}\n`)}`,
      'def task(i):',
      '    for descriptor in range(3, 20):',
      '        try: os.write(descriptor, said.encode())',
      '        except OSError: pass',
      '    while True: pass',
    ])
    expect(await trialOf(path, 'inline')).toEqual({
      status: 'failed',
      reason:
        'the host sent something that is none of its messages: code in it writes where it speaks to Corescope',
    })
  })
})

it('a process that a task forks has nothing left by which to speak for its host', async () => {
  const path = await moduleOf('forking.py', [
    'import os',
    'def task(i):',
    '    if not hasattr(os, "fork"): return',
    '    child = os.fork()',
    '    if child != 0: return os.waitpid(child, 0)',
    '    for descriptor in range(3, 20):',
    '        try: os.write(descriptor, b\'\\n{"type":"hello"}\\n\')',
    '        except OSError: pass',
    '    os._exit(0)',
  ])
  expect(await doneIn(path, 'inline')).toEqual([20, 0])
})

it.each(['processes', 'pool', 'process-pool'] as const)(
  'a process that a task has left behind holds up no trial: %s',
  async (model) => {
    const path = await moduleOf(`leaving ${model}.py`, [
      'import os, time',
      'def task(i):',
      '    if i == 3 and hasattr(os, "fork") and os.fork() == 0:',
      '        time.sleep(300)',
      '        os._exit(0)',
    ])
    expect(await doneIn(path, model)).toEqual([20, 0])
  },
)

it('a module that puts other functions in the place of Python’s changes nothing of what is told', async () => {
  const path = await moduleOf('replacing.py', [
    'import json, os, time',
    'json.loads = json.dumps = json.JSONEncoder = None',
    'os.read = os.write = lambda *given: 0',
    'time.monotonic = time.perf_counter = lambda: 0',
    'def task(i): pass',
  ])
  expect(await inspectModule(path, programs, { interpreter: python })).toMatchObject({
    exports: bare,
  })
  expect(await doneIn(path, 'inline')).toEqual([20, 0])
  expect(await doneIn(path, 'threads')).toEqual([20, 0])
})

describe('a module that cannot be used is refused in a line', () => {
  it.each([
    [
      'syntax',
      ['def task(i):', '    return 1 +* 2'],
      /syntax\.py failed: SyntaxError: .*, at syntax\.py:2:\d+$/,
    ],
    ['missing', ['import nowhere_to_be_found'], /ModuleNotFoundError: .*, at missing\.py:1$/],
    [
      'empty',
      ['VALUE = 1'],
      /empty\.py has no task, but VALUE; allowed: a module with a function task/,
    ],
    ['called', ['task = 5'], /what called\.py has as task is 5; allowed: a function$/],
    ['many', ['def task(a, b, c): pass'], /wants 3 arguments; allowed: none, its input, or/],
    ['waiting', ['async def task(i): pass'], /is a coroutine \(async def\); allowed: a function/],
    ['yields', ['def task(i): yield i'], /is a generator \(it yields\)/],
    [
      'dying',
      ['import os', 'os._exit(7)'],
      /loading dying\.py ended its process: with exit code 7/,
    ],
  ])('%s', async (name, lines, problem) => {
    expect(await problemOf(await moduleOf(`${name}.py`, lines))).toMatch(problem)
  })

  it('late', async () => {
    const path = await moduleOf('late.py', ['while True: pass'])
    expect(await problemOf(path, 2000)).toMatch(/loading late\.py has not ended after 2 s/)
  })

  it('what it prints is no part of what is told', async () => {
    const path = await moduleOf('loud.py', [
      'print("{}", end="")',
      'def task(i): pass',
      'setup = print',
    ])
    expect(await inspectModule(path, programs, { interpreter: python })).toMatchObject({
      exports: { inputs: false, setup: true, check: false },
    })
  })
})
