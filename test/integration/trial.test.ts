import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { monotonicMs } from '../../src/engine/clock.ts'
import { type HttpServer, startHttpServer } from '../../src/engine/execution/http-server.ts'
import type { TrialSpec } from '../../src/engine/execution/protocol.ts'
import { loadWorkload } from '../../src/engine/workloads/catalogue.ts'
import { modelsOf } from '../../src/shared/model/execution-model.ts'
import { programs } from '../support/programs.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'
import {
  endlessPrimes,
  expectInOrder,
  primes,
  progressOf,
  reaperOfTests,
  resultOf,
  total,
  trialWatcher,
  type Watching,
  withTimeFor,
} from '../support/watched-trial.ts'

const scratch = scratchFolder()
const nodeModels = modelsOf('node')

/** Tasks that no one waits for the end of: one is some days of work. */
const endless: TrialSpec = {
  ...primes,
  workload: 'mandelbrot',
  parameters: { width: 4096, height: 4096, iterations: 10_000 },
  tasks: 1_000_000,
  expected: null,
}

/** Tasks of which some take many times longer than others, with what each comes to. */
const uneven = (async () => {
  const parameters = { width: 128, height: 240, iterations: 10_000 }
  const { expected } = await loadWorkload('mandelbrot')
  return { workload: 'mandelbrot', parameters, expected: await expected(parameters, 1) }
})()

/** A host whose task has started a process that leaves the group, and tells its number in place of a time. */
const escaping = `
  const forever = ['-e', 'setInterval(() => {}, 1000)']
  const { pid } = require('node:child_process')
    .spawn(process.execPath, forever, { detached: true, stdio: 'inherit' })
  process.on('message', () => process.send({ type: 'released', at: pid }))
`

const reaper = reaperOfTests()
const watchTrial = trialWatcher(reaper)
const watch = (spec: TrialSpec, watching?: Watching) =>
  watchTrial(spec, { runtime: 'node', program: programs.host }, watching)

let server: HttpServer
beforeAll(async () => {
  server = await startHttpServer(programs.httpServer, reaper())
})
afterAll(() => server.close())

describe.each(nodeModels)('a trial of %s', (model) => {
  const workers = model === 'inline' ? 1 : 3

  it.each(['static', 'dynamic'] as const)('does each task once, %s', async (scheduling) => {
    const watched = await watch({ ...primes, model, workers, scheduling })
    const result = resultOf(watched)
    expect(watched.phases).toEqual(['baseline', 'spawn', 'barrier', 'work', 'teardown'])
    expect(result.workers).toHaveLength(workers)
    expect(total(result, 'tasks')).toBe(40)
    expect(total(result, 'indexSum')).toBe((40 * 39) / 2)
    expect(total(result, 'wrong')).toBe(0)
  })

  it.each(['static', 'dynamic'] as const)('ends when its time is up, %s', async (scheduling) => {
    const spec = { ...primes, model, workers, scheduling, tasks: null }
    const worked = await withTimeFor(workers, 120, async (durationMs) => {
      const result = resultOf(await watch({ ...spec, durationMs }))
      // Where its last task ended says less: on a busy machine it may come to none between that and the end.
      for (const { endCalledAt } of result.workers) {
        expect(endCalledAt - result.releasedAt).toBeGreaterThan(durationMs - 1)
      }
      return result
    })
    expect(total(worked, 'tasks')).toBeGreaterThan(workers)
  })

  it('takes its times in the order of its phases, on one clock', async () => {
    const before = monotonicMs()
    const result = resultOf(await watch({ ...primes, model, workers }))
    expectInOrder(result)
    expect(before).toBeLessThanOrEqual(result.baselineFrom)
    for (const { exitedAt } of result.workers) expect(exitedAt).toBeLessThanOrEqual(monotonicMs())
  })

  it('does each of many short and uneven tasks once, dynamic', async () => {
    const each = { ...primes, model, workers, scheduling: 'dynamic' } as const
    const trivial = { workload: 'squares', parameters: { start: 7 }, expected: null }
    for (const [work, tasks] of [[trivial, 20_011] as const, [await uneven, 480] as const]) {
      const result = resultOf(await watch({ ...each, ...work, tasks }))
      expect(total(result, 'tasks')).toBe(tasks)
      expect(total(result, 'indexSum')).toBe((tasks * (tasks - 1)) / 2)
      expect(total(result, 'wrong')).toBe(0)
    }
  })

  it('counts every wrong result, and names the first', async () => {
    const result = resultOf(await watch({ ...primes, model, workers, expected: [303, 304] }))
    expect(total(result, 'wrong')).toBe(20)
    const first = result.workers.find(({ summary }) => summary.firstWrong !== null)
    expect(first?.summary.firstWrong?.found).toBe(303)
    expect((first?.summary.firstWrong?.index ?? 0) % 2).toBe(1)
  })

  it('reports what it does while it does it', async () => {
    const spec = { ...primes, model, workers, tasks: null, durationMs: 60_000 }
    const told = await progressOf((watching) => watch(spec, watching))
    expect(told.toSorted((a, b) => a - b)).toEqual(told)
    expect(told.at(-1)).toBeGreaterThan(0)
  })

  it('is over at once when it is stopped in the middle of a task', async () => {
    const watched = await watch(
      { ...endlessPrimes, model, workers },
      { onPhase: (name, { stop }) => name === 'work' && stop() },
    )
    expect(watched.outcome).toEqual({ status: 'interrupted' })
    expect(isAlive(watched.host)).toBe(false)
  })

  it('has failed where its host dies, and takes its workers along', async () => {
    let workerProcesses: number[] = []
    const { outcome } = await watch(
      { ...endlessPrimes, model, workers },
      {
        onPhase: async (name, { host }) => {
          if (name !== 'work') return
          workerProcesses = await childrenOf(host)
          process.kill(host, 'SIGSEGV')
        },
      },
    )
    expect(outcome).toMatchObject({ status: 'failed', reason: /the host ended by signal SIGSEGV/ })
    if (model === 'processes' && process.platform === 'linux') {
      expect(workerProcesses).toHaveLength(workers)
    }
    await until('workers are gone', () => !workerProcesses.some(isAlive))
  })
})

it.each(
  nodeModels.flatMap((model) =>
    ['baseline', 'spawn', 'barrier'].map((phase) => [model, phase] as const),
  ),
)(
  'a trial of %s that is stopped in its phase %s is over, and leaves nobody',
  async (model, phase) => {
    let workerProcesses: number[] = []
    const spec = { ...endless, model, workers: model === 'inline' ? 1 : 3 }
    const watched = await watch(spec, {
      onPhase: async (name, { host, stop }) => {
        if (name !== phase) return
        workerProcesses = await childrenOf(host)
        stop()
      },
    })
    expect(watched.outcome).toEqual({ status: 'interrupted' })
    expect(watched.phases).not.toContain('teardown')
    expect(isAlive(watched.host)).toBe(false)
    await until('workers are gone', () => !workerProcesses.some(isAlive))
  },
)

it('a trial is over with its host, though a process in a group of its own holds its output', async () => {
  const program = scratch.path('host.cjs')
  await writeFile(program, escaping)
  let escaped = 0
  const { outcome } = await watchTrial(
    primes,
    { runtime: 'node', program },
    {
      onPhase(_, { stop }, at) {
        escaped = at
        onTestFinished(() => void process.kill(at, 'SIGKILL'))
        stop()
      },
    },
  )
  expect(outcome).toEqual({ status: 'interrupted' })
  expect(isAlive(escaped)).toBe(true)
})

it('a trial that is stopped while its host is being started is over at once', async () => {
  const stopping = new AbortController()
  const trial = watch(endlessPrimes, { stopping })
  stopping.abort()
  expect((await trial).outcome).toEqual({ status: 'interrupted' })
})

it('a worker process that dies fails its trial, by name', async () => {
  const { outcome } = await watch(
    { ...endlessPrimes, model: 'processes' },
    {
      onPhase: async (name, { host }) => {
        if (name === 'work') process.kill((await childrenOf(host))[0] as number, 'SIGKILL')
      },
    },
  )
  expect(outcome).toMatchObject({
    status: 'failed',
    reason: /worker \d \(process \d+\) ended before its time: signal SIGKILL/,
  })
})

it('a task that throws fails its trial, with its number and its own words', async () => {
  const spec: TrialSpec = { ...primes, workload: 'http', expected: null, serverPort: 1, workers: 1 }
  const { outcome } = await watch(spec)
  expect(outcome).toMatchObject({
    status: 'failed',
    reason: /^worker 0 \(thread 1\) failed in task 0: Error: connect ECONNREFUSED [\d.:]+$/,
  })
})

it('a host whose program is missing is a failed trial, not a fault of the app', async () => {
  const { outcome } = await watchTrial(primes, { runtime: 'node', program: '/nowhere/host.cjs' })
  expect(outcome).toMatchObject({ status: 'failed', reason: /ended with exit code 1: .*Error/ })
})

describe.each(nodeModels)('input and output, by %s', (model) => {
  it('writes files, syncs, reads back and compares', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'corescope-test-'))
    const { expected } = await loadWorkload('file')
    const parameters = { size_kib: 8 }
    const spec: TrialSpec = {
      ...primes,
      workload: 'file',
      parameters,
      model,
      folder,
      workers: model === 'inline' ? 1 : 2,
      expected: await expected(parameters, 1),
    }
    const result = resultOf(await watch(spec))
    await rm(folder, { recursive: true })
    expect([total(result, 'tasks'), total(result, 'wrong')]).toEqual([40, 0])
  })

  it('asks the lab’s own server', async () => {
    const { expected } = await loadWorkload('http')
    const parameters = { latency_ms: 1, size_kib: 2 }
    const spec: TrialSpec = {
      ...primes,
      workload: 'http',
      parameters,
      model,
      workers: model === 'inline' ? 1 : 2,
      tasks: 80,
      serverPort: server.port,
      expected: await expected(parameters, 1),
    }
    const result = resultOf(await watch(spec))
    expect([total(result, 'tasks'), total(result, 'wrong')]).toEqual([80, 0])
  })
})

describe('the lab’s own server', () => {
  it('answers nothing but its own pages, within its bounds', async () => {
    const status = async (path: string, init?: RequestInit) =>
      (await fetch(`http://127.0.0.1:${server.port}${path}`, init)).status
    expect(await status('/page/3?size_kib=1&latency_ms=0')).toBe(200)
    expect(await status('/page/64?size_kib=1&latency_ms=0')).toBe(400)
    expect(await status('/page/3?size_kib=99999&latency_ms=0')).toBe(400)
    expect(await status('/page/3?size_kib=1&latency_ms=99999')).toBe(400)
    expect(await status('/page/3?size_kib=-1&latency_ms=0')).toBe(400)
    expect(await status('/../../etc/passwd')).toBe(400)
    expect(await status('//')).toBe(400)
    expect(await status('/page/3?size_kib=1&latency_ms=0', { method: 'POST' })).toBe(400)
  })
})

/** Processes that a process has started, by `/proc`; none where there is no such thing. */
async function childrenOf(parent: number): Promise<number[]> {
  const { readFile } = await import('node:fs/promises')
  const path = `/proc/${parent}/task/${parent}/children`
  await setTimeout(1)
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.split(' ').filter(Boolean).map(Number)
}
