import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { monotonicMs } from '../../src/engine/clock.ts'
import { startHttpServer } from '../../src/engine/execution/http-server.ts'
import type { HostReport, HostResult, TrialSpec } from '../../src/engine/execution/protocol.ts'
import { Reaper } from '../../src/engine/execution/reaper.ts'
import { runTrial, type TrialOutcome } from '../../src/engine/execution/trial.ts'
import { loadWorkload } from '../../src/engine/workloads/catalogue.ts'
import { modelsOf } from '../../src/shared/model/execution-model.ts'
import { programs } from '../support/programs.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()
const nodeModels = modelsOf('node')

let reaper: Reaper
beforeAll(async () => {
  reaper = await Reaper.start(programs.reaper)
})
afterAll(() => reaper.close())

const primes: TrialSpec = {
  workload: 'primes',
  parameters: { n: 2000 },
  seed: 1,
  isProbe: false,
  variant: null,
  model: 'threads',
  workers: 2,
  scheduling: 'static',
  tasks: 40,
  durationMs: null,
  intervalMs: 50,
  baselineMs: 10,
  expected: [303],
  folder: null,
  serverPort: null,
}

/** Tasks that no one waits for the end of: one is some days of work. */
const endless: TrialSpec = {
  ...primes,
  workload: 'mandelbrot',
  parameters: { width: 4096, height: 4096, iterations: 10_000 },
  tasks: 1_000_000,
  expected: null,
}

/** A host whose task has started a process that leaves the group, and tells its number in place of a time. */
const escaping = `
  const forever = ['-e', 'setInterval(() => {}, 1000)']
  const { pid } = require('node:child_process')
    .spawn(process.execPath, forever, { detached: true, stdio: 'inherit' })
  process.on('message', () => process.send({ type: 'released', at: pid }))
`

interface Watched {
  readonly outcome: TrialOutcome
  readonly phases: readonly string[]
  readonly reports: readonly HostReport[]
  readonly host: number
}

async function watch(
  spec: TrialSpec,
  options: { signal?: AbortSignal; onPhase?: (name: string, host: number) => void } = {},
): Promise<Watched> {
  const phases: string[] = []
  const reports: HostReport[] = []
  let host = 0
  const signal = options.signal ?? new AbortController().signal
  const outcome = await runTrial(
    spec,
    { runtime: 'node', program: programs.host },
    reaper,
    signal,
    {
      started: (processId) => {
        host = processId
      },
      phase: (name) => {
        phases.push(name)
        options.onPhase?.(name, host)
      },
      crew: () => {},
      report: (report) => reports.push(report),
      look: async () => {},
    },
  )
  return { outcome, phases, reports, host }
}

function resultOf({ outcome }: Watched): HostResult {
  if (outcome.status !== 'done') expect.fail(JSON.stringify(outcome))
  return outcome.result
}

const total = (result: HostResult, of: 'tasks' | 'wrong' | 'indexSum') =>
  result.workers.reduce((sum, { summary }) => sum + summary[of], 0)

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
    const spec = { ...primes, model, workers, scheduling, tasks: null, durationMs: 120 }
    const result = resultOf(await watch(spec))
    expect(total(result, 'tasks')).toBeGreaterThan(workers)
    for (const { summary } of result.workers) {
      expect(summary.endedAt - result.releasedAt).toBeGreaterThan(100)
    }
  })

  it('takes its times in the order of its phases, on one clock', async () => {
    const before = monotonicMs()
    const result = resultOf(await watch({ ...primes, model, workers }))
    for (const worker of result.workers) {
      const times = [
        before,
        result.baselineFrom,
        result.baselineTo,
        worker.startCalledAt,
        worker.readyAt,
        result.allReadyAt,
        result.releasedAt,
        worker.summary.startedAt,
        worker.summary.endedAt,
        worker.endCalledAt,
        worker.exitedAt,
        monotonicMs(),
      ]
      expect(times.toSorted((a, b) => a - b)).toEqual(times)
    }
  })

  it('does each of many short and uneven tasks once, dynamic', async () => {
    const { expected } = await loadWorkload('mandelbrot')
    const parameters = { width: 128, height: 240, iterations: 10_000 }
    const each = { ...primes, model, workers, scheduling: 'dynamic' } as const
    const uneven = { workload: 'mandelbrot', parameters, expected: await expected(parameters, 1) }
    const trivial = { workload: 'squares', parameters: { start: 7 }, expected: null }
    for (const [work, tasks] of [[trivial, 20_011] as const, [uneven, 480] as const]) {
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
    const spec = { ...primes, model, workers, tasks: null, durationMs: 400 }
    const { reports } = await watch(spec)
    const tasks = reports.map(({ workers: each }) =>
      each.tasks.reduce((sum, done) => sum + done, 0),
    )
    expect(reports.length).toBeGreaterThan(4)
    expect(tasks.toSorted((a, b) => a - b)).toEqual(tasks)
    expect(tasks.at(-1)).toBeGreaterThan(0)
  })

  it('is over at once when it is stopped in the middle of a task', async () => {
    const stop = new AbortController()
    const spec = { ...primes, model, workers, parameters: { n: 20_000_000 } }
    const watched = await watch(spec, {
      signal: stop.signal,
      onPhase: (name) => name === 'work' && stop.abort(),
    })
    expect(watched.outcome).toEqual({ status: 'interrupted' })
    expect(isAlive(watched.host)).toBe(false)
  })

  it('has failed where its host dies, and takes its workers along', async () => {
    const spec = { ...primes, model, workers, parameters: { n: 20_000_000 } }
    let workerProcesses: number[] = []
    const { outcome } = await watch(spec, {
      onPhase: async (name, host) => {
        if (name !== 'work') return
        workerProcesses = await childrenOf(host)
        process.kill(host, 'SIGSEGV')
      },
    })
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
    const stop = new AbortController()
    let workerProcesses: number[] = []
    const spec = { ...endless, model, workers: model === 'inline' ? 1 : 3 }
    const watched = await watch(spec, {
      signal: stop.signal,
      onPhase: async (name, host) => {
        if (name !== phase) return
        workerProcesses = await childrenOf(host)
        stop.abort()
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
  const stop = new AbortController()
  let escaped = 0
  const outcome = await runTrial(primes, { runtime: 'node', program }, reaper, stop.signal, {
    ...{ started() {}, report() {}, crew() {}, look: async () => {} },
    phase(_, at) {
      escaped = at
      onTestFinished(() => void process.kill(at, 'SIGKILL'))
      stop.abort()
    },
  })
  expect(outcome).toEqual({ status: 'interrupted' })
  expect(isAlive(escaped)).toBe(true)
})

it('a trial that is stopped while its host is being started is over at once', async () => {
  const stop = new AbortController()
  const trial = watch({ ...primes, parameters: { n: 20_000_000 } }, { signal: stop.signal })
  stop.abort()
  expect((await trial).outcome).toEqual({ status: 'interrupted' })
})

it('a worker process that dies fails its trial, by name', async () => {
  const spec: TrialSpec = { ...primes, model: 'processes', parameters: { n: 20_000_000 } }
  const { outcome } = await watch(spec, {
    onPhase: async (name, host) => {
      if (name === 'work') process.kill((await childrenOf(host))[0] as number, 'SIGKILL')
    },
  })
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
  const outcome = await runTrial(
    primes,
    { runtime: 'node', program: '/nowhere/host.cjs' },
    reaper,
    new AbortController().signal,
    { started() {}, phase() {}, crew() {}, report() {}, look: async () => {} },
  )
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
    const server = await startHttpServer(programs.httpServer, reaper)
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
    server.close()
    expect([total(result, 'tasks'), total(result, 'wrong')]).toEqual([80, 0])
  })
})

describe('the lab’s own server', () => {
  it('answers nothing but its own pages, within its bounds', async () => {
    const server = await startHttpServer(programs.httpServer, reaper)
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
    server.close()
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
