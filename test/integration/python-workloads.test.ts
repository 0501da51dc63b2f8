import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HttpServer, startHttpServer } from '../../src/engine/execution/http-server.ts'
import type { TrialSpec } from '../../src/engine/execution/protocol.ts'
import { loadWorkload } from '../../src/engine/workloads/catalogue.ts'
import { interpreterName } from '../../src/shared/model/interpreter.ts'
import type { ParameterValues } from '../../src/shared/model/workload.ts'
import { programs } from '../support/programs.ts'
import { pythonsFound, pythonsToTest } from '../support/pythons.ts'
import { scratchFolder } from '../support/scratch.ts'
import { primes, reaperOfTests, trialWatcher } from '../support/watched-trial.ts'

const pythons = await pythonsToTest()
const withCython = (await pythonsFound()).find(
  ({ implementation, cython, compiler }) => implementation === 'CPython' && cython && compiler,
)
const scratch = scratchFolder()
const tasks = 12

const reaper = reaperOfTests()
const watchTrial = trialWatcher(reaper)
let server: HttpServer
beforeAll(async () => {
  server = await startHttpServer(programs.httpServer, reaper())
})
afterAll(() => server.close())

async function trialOf(interpreter: string, change: Partial<TrialSpec>) {
  const inline = { model: 'inline', workers: 1, tasks, baselineMs: 1, expected: null } as const
  const where = { serverPort: server.port, folder: scratch.path('.') }
  const program = join(programs.python, 'host.py')
  const spec = { ...primes, ...inline, ...where, ...change }
  return (await watchTrial(spec, { runtime: 'python', interpreter, program })).outcome
}

/** How many tasks were done, and how many of them wrong. */
async function doneIn(...given: Parameters<typeof trialOf>): Promise<[number, number]> {
  const outcome = await trialOf(...given)
  if (outcome.status !== 'done') expect.fail(JSON.stringify(outcome))
  const summaries = outcome.result.workers.map(({ summary }) => summary)
  const sum = (of: 'tasks' | 'wrong') => summaries.reduce((total, each) => total + each[of], 0)
  return [sum('tasks'), sum('wrong')]
}

/** What Node finds: in its kernel, where the catalogue has no table of it. */
async function checksums(name: string, parameters: ParameterValues, seed: number) {
  const { expected, prepare } = await loadWorkload(name)
  const table = await expected(parameters, seed)
  if (table !== null) return table
  const context = { seed, worker: 0, folder: null, serverPort: null, sharedData: null }
  const kernel = await prepare(parameters, { ...context, exchange: async (text) => text })
  return Promise.all(Array.from({ length: tasks }, (_, index) => kernel.task(index)))
}

const works: readonly (readonly [string, ParameterValues, number])[] = [
  ['primes', { n: 2 }, 1],
  ['primes', { n: 5000 }, 1],
  ['squares', { start: 0 }, 1],
  // The largest, and round to the first.
  ['squares', { start: 94_906_260 }, 1],
  ['sha256', { size_kib: 1, rounds: 3 }, 0],
  ['sha256', { size_kib: 700, rounds: 2 }, 4_294_967_295],
  ['matmul', { n: 2 }, 7],
  ['matmul', { n: 33 }, 1],
  ['sleep', { ms: 3 }, 1],
  ['file', { size_kib: 70 }, 123_456],
  ['http', { latency_ms: 1, size_kib: 90 }, 1],
  ['messages', { size_bytes: 1, round_trips: 2 }, 1],
  ['messages', { size_bytes: 5000, round_trips: 2 }, 99],
]

describe.each(pythons.map((each) => [interpreterName(each), each] as const))(
  'in %s',
  (_, { path, numpy }) => {
    it.each(works)('%s with %j, seed %d, finds what Node finds', async (name, given, seed) => {
      const expected = await checksums(name, given, seed)
      const spec = { workload: name, parameters: given, seed, expected }
      expect(await doneIn(path, spec)).toEqual([tasks, 0])
    })

    it.runIf(Boolean(numpy))('matmul by NumPy finds the same', async () => {
      const work = { workload: 'matmul', parameters: { n: 33 }, seed: 5 }
      const expected = await checksums('matmul', work.parameters, 5)
      expect(await doneIn(path, { ...work, expected, variant: 'numpy' })).toEqual([tasks, 0])
    })

    it('a result that is not what was expected is wrong', async () => {
      const work = { workload: 'sha256', parameters: { size_kib: 1, rounds: 1 } }
      const expected = await checksums('sha256', work.parameters, 1)
      expect(await doneIn(path, { ...work, seed: 2, expected })).toEqual([tasks, tasks])
      // Its kernel checks that by itself.
      const squares = { workload: 'squares', parameters: { start: 3 } }
      expect(await doneIn(path, { ...squares, expected: null })).toEqual([tasks, 0])
    })

    it('the threads of a process share one buffer', async () => {
      const work = { workload: 'sha256', parameters: { size_kib: 16_384, rounds: 1 } }
      const outcome = await trialOf(path, { ...work, model: 'threads', workers: 8, tasks: 8 })
      if (outcome.status !== 'done') expect.fail(JSON.stringify(outcome))
      const { baselineRssBytes, hostRssBytes } = outcome.result
      expect(Number(hostRssBytes) - Number(baselineRssBytes)).toBeLessThan(8 * 16 * 1024 ** 2)
    })

    it.each(['pipe', 'queue', 'shared-memory'])(
      'texts go between processes and host by %s',
      async (transport) => {
        const work = { workload: 'messages', parameters: { size_bytes: 70_000, round_trips: 3 } }
        const expected = await checksums('messages', work.parameters, 1)
        const way = { model: 'processes' as const, workers: 2, variant: `spawn, ${transport}` }
        expect(await doneIn(path, { ...work, ...way, expected })).toEqual([tasks, 0])
      },
    )

    it('kernels are compiled, or it says in a line what is missing', async () => {
      const folder = scratch.path(`kernels of ${interpreterName(pythonOf(path))}`)
      const built = await buildKernels(path, folder)
      expect(Object.keys(built)).toEqual(['ctypes', 'cython nogil', 'cython prange'])
      for (const [kernel, { made, missing }] of Object.entries(built)) {
        const variant = kernel === 'cython prange' ? 'cython prange, 2 threads' : kernel
        const spec = { variant, kernels: folder, expected: [303] }
        if (made !== undefined) expect(await doneIn(path, spec)).toEqual([tasks, 0])
        else {
          expect(missing).toMatch(/^[^\n]+(install|CC)[^\n]+$/)
          expect(await trialOf(path, spec)).toMatchObject({
            status: 'failed',
            reason: expect.stringMatching(`the kernel ${kernel} has not been compiled for`),
          })
        }
      }
      const without = await buildKernels(path, folder, { CC: '/nowhere/cc' })
      expect(without.ctypes?.missing).toMatch(/^CC names \/nowhere\/cc, which is not there/)
      const none = await buildKernels(path, folder, { CC: '', PATH: '/nowhere' })
      expect(none.ctypes?.missing).toMatch(/^no C compiler was found .*; install one: /)
    })

    it.each([
      ['threads', 'lock', 200_000],
      ['threads', 'message', 1000],
      ['threads', 'plain', null],
      ['threads', 'methods', null],
      ['processes', 'spawn, lock', 200_000],
      ['processes', 'spawn, own counter', 200_000],
      ['processes', 'spawn, message', 1000],
      ['processes', 'spawn, plain', null],
    ] as const)('%s race: %s', async (model, variant, kept) => {
      const parameters = { updates: 100_000, messages: 500 }
      const probe = { workload: 'races', isProbe: true, parameters, tasks: null }
      const outcome = await trialOf(path, { ...probe, model, variant, workers: 2 })
      if (outcome.status !== 'observed') expect.fail(JSON.stringify(outcome))
      const { updates, counted, lost } = outcome.result.observations
      expect(Number(counted) + Number(lost)).toBe(updates)
      expect(Number(lost)).toBeGreaterThanOrEqual(0)
      if (kept !== null) expect([updates, lost]).toEqual([kept, 0])
    })
  },
)

it.runIf(withCython)(
  'Cython’s kernels count as others do, without the lock and in threads',
  async () => {
    const interpreter = withCython?.path ?? ''
    const folder = scratch.path('kernels of Cython')
    const built = await buildKernels(interpreter, folder)
    for (const kernel of ['cython nogil', 'cython prange']) {
      // Where its headers are not there it says so, which is looked at above.
      if (built[kernel]?.made === undefined) continue
      for (const n of [2, 3, 30_011]) {
        const expected = await checksums('primes', { n }, 1)
        const spec = {
          parameters: { n },
          variant: `${kernel}, 2 threads`,
          kernels: folder,
          expected,
        }
        expect(await doneIn(interpreter, spec)).toEqual([tasks, 0])
      }
    }
  },
)

it.runIf(withCython && process.platform === 'linux')(
  'kernels let others go on while they count, and use as many threads as they are told to',
  async () => {
    const folder = scratch.path('kernels that are looked at')
    const built = await buildKernels(withCython?.path ?? '', folder)
    // Wakes again and again while a kernel counts, which it cannot where that keeps the lock.
    const program = `
import os, sys, threading, time
sys.path.insert(0, sys.argv[1])
from corescope.compiled import load_primes
count = load_primes(sys.argv[2], sys.argv[3].split(', '))
looks = []
def look():
    while True:
        looks.append(len(os.listdir('/proc/self/task')))
        time.sleep(0.01)
threading.Thread(target=look, daemon=True).start()
before = len(looks)
count(3_000_000)
print(len(looks) - before, max(looks))`
    for (const [variant, threads] of [
      ['ctypes', 2],
      ['cython nogil', 2],
      ['cython prange, 4 threads', 5],
    ] as const) {
      if (built[variant.split(',')[0] as string]?.made === undefined) continue
      const given = ['-c', program, programs.python, folder, variant]
      const { stdout } = await promisify(execFile)(withCython?.path ?? '', given)
      const [looks, most] = stdout.split(' ').map(Number)
      expect(looks, variant).toBeGreaterThan(4)
      expect(most, variant).toBe(threads)
    }
  },
)

it.runIf(pythons.length > 0)('texts go the way that is named', async () => {
  const program = `
import sys
sys.path.insert(0, sys.argv[1])
from multiprocessing import get_context
from corescope.transports import open_transport
for name in ('pipe', 'queue', 'shared-memory', 'spawn'):
    transport = open_transport(['spawn', name], get_context('spawn'), 10)
    transport.attached()
    print(type(transport.end).__name__)`
  const { stdout } = await promisify(execFile)(pythons[0]?.path ?? '', [
    ...['-c', program, programs.python],
  ])
  expect(stdout.trim().split(/\s+/)).toEqual(['_PipeEnd', '_QueueEnd', '_MemoryEnd', '_PipeEnd'])
})

it.runIf(pythons.length > 0 && process.platform !== 'win32')(
  'a race whose counter is killed before it may begin has failed',
  async () => {
    const path = scratch.path('killed_counter.py')
    await writeFile(
      path,
      `
import os, signal, sys, time
sys.path.insert(0, sys.argv[1])
if __name__ == '__main__':
    from multiprocessing import active_children
    from corescope.probes.races import observe
    def begin():
        # It has told that it is ready, and waits a moment later.
        time.sleep(1)
        os.kill(active_children()[0].pid, signal.SIGKILL)
    work = {'folder': None, 'variant': 'spawn, own counter', 'parameters': {'updates': 1000, 'messages': 1}}
    try:
        print(observe(dict(work, workers=2, model='processes'), begin))
    except ValueError as error:
        print(error)
`,
    )
    const given = [path, programs.python]
    const { stdout } = await promisify(execFile)(pythons[0]?.path ?? '', given, { timeout: 60_000 })
    expect(stdout).toBe('a counter ended before its time\n')
  },
)

function pythonOf(path: string) {
  return pythons.find((each) => each.path === path) ?? expect.fail('no such Python')
}

async function buildKernels(
  interpreter: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Record<string, { readonly made?: string; readonly missing?: string }>> {
  await mkdir(folder, { recursive: true })
  const program = join(programs.python, 'build_kernels.py')
  const { stdout } = await promisify(execFile)(interpreter, [program, '--out', folder], {
    env: { ...process.env, ...env },
  })
  expect(stdout.trim().split('\n')).toHaveLength(1)
  return JSON.parse(stdout)
}
