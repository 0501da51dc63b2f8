import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHttpServer } from '../../src/engine/execution/http-server.ts'
import type { HostResult, TrialSpec } from '../../src/engine/execution/protocol.ts'
import { Reaper } from '../../src/engine/execution/reaper.ts'
import { runTrial } from '../../src/engine/execution/trial.ts'
import { Lab } from '../../src/engine/lab.ts'
import { loadWorkload } from '../../src/engine/workloads/catalogue.ts'
import { type Model, modelsOf } from '../../src/shared/model/execution-model.ts'
import { briskMachine } from '../support/brisk-machine.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'

const MiB = 1024 ** 2
const scratch = scratchFolder()
const nodeModels = modelsOf('node')

let reaper: Reaper
beforeAll(async () => {
  reaper = await Reaper.start(programs.reaper)
})
afterAll(() => reaper.close())

/** A trial of 40 tasks, as a run would have it made. */
async function trialOf(
  name: string,
  parameters: Record<string, number>,
  rest: Partial<TrialSpec> & { readonly model: Model },
): Promise<HostResult> {
  const { expected, shared } = await loadWorkload(name)
  const spec: TrialSpec = {
    ...{ isProbe: false, variant: null, workload: name, parameters, seed: 1 },
    ...{ workers: rest.model === 'inline' ? 1 : 3 },
    ...{ scheduling: 'static', tasks: 40, durationMs: null, intervalMs: 50, baselineMs: 10 },
    ...{ folder: null, serverPort: null, sharesData: shared !== undefined },
    expected: await expected(parameters, 1),
    ...rest,
  }
  const outcome = await runTrial(
    spec,
    { runtime: 'node', program: programs.host },
    reaper,
    new AbortController().signal,
    {
      ...{ started() {}, phase() {}, crew() {}, report() {}, look: async () => {} },
    },
  )
  return outcome.status === 'done' ? outcome.result : expect.fail(JSON.stringify(outcome))
}

const total = ({ workers }: HostResult, of: 'tasks' | 'wrong' | 'indexSum') =>
  workers.reduce((sum, { summary }) => sum + summary[of], 0)

describe.each(nodeModels)('by %s', (model) => {
  it.each(['static', 'dynamic'] as const)(
    'texts go to the host and back, %s',
    async (scheduling) => {
      const parameters = { size_bytes: 70_000, round_trips: 3 }
      const result = await trialOf('messages', parameters, { model, scheduling })
      expect([total(result, 'tasks'), total(result, 'wrong')]).toEqual([40, 0])
      expect(total(result, 'indexSum')).toBe((40 * 39) / 2)
    },
  )

  it('pages are fetched from the lab’s own server and read', async () => {
    const server = await startHttpServer(programs.httpServer, reaper)
    const parameters = { latency_ms: 1, words: 300, links: 20 }
    const result = await trialOf('crawl', parameters, { model, serverPort: server.port, tasks: 80 })
    server.close()
    expect([total(result, 'tasks'), total(result, 'wrong')]).toEqual([80, 0])
  })

  it('all workers read one set of data, and hold it as often as the model makes them', async () => {
    const size = 96
    const result = await trialOf('scan-shared', { size_mib: size }, { model, tasks: 6 })
    expect([total(result, 'tasks'), total(result, 'wrong')]).toEqual([6, 0])
    const rise = (Number(result.hostRssBytes) - Number(result.baselineRssBytes)) / MiB
    if (model === 'processes') {
      expect(rise).toBeLessThan(size)
      for (const { summary } of result.workers) {
        expect((summary.rssBytes as number) / MiB).toBeGreaterThan(size)
      }
    } else {
      expect(rise).toBeGreaterThan(size)
      expect(rise).toBeLessThan(2 * size)
    }
  })
})

it('a run has its threads share the data, and estimates their memory so', async () => {
  const size_mib = 96
  const document = {
    ...{ workload: 'scan-shared', parameters: { size_mib }, models: ['threads'], workers: [4] },
    ...{ tasks: 8, repeat: 1, warmup: 0, interval_ms: 50 },
  }
  const database = { databasePath: scratch.path('shared.db'), programs, version: 'test' }
  const lab = new Lab({
    ...database,
    machine: { ...briskMachine, cores: () => 4, availableMemoryBytes },
  })
  const started = await lab.start(await lab.checkPlan(document), { force: false, announce() {} })
  const { run } = await started.finished
  expect(run.reason).toBeNull()
  const { peak_rss_bytes, baseline_rss_bytes } = run.trials[0]?.metrics ?? expect.fail('no trial')
  const rise = ((peak_rss_bytes as number) - (baseline_rss_bytes as number)) / MiB
  expect(rise).toBeGreaterThan(size_mib)
  expect(rise).toBeLessThan(3 * size_mib)
  const four = await lab.estimate({ ...document, models: ['processes'] })
  expect(four.doesNotFit).toMatch(
    /4 processes of scan-shared need about \d+ MiB .* at most 2 would/,
  )
  expect((await lab.estimate(document)).doesNotFit).toBeNull()
  await lab.close()
})

/** Room for the host, its data and four threads, or for two processes with a copy each. */
async function availableMemoryBytes(): Promise<number> {
  return 400 * MiB
}

it('a wrong text that comes back makes its task wrong', async () => {
  const { prepare, expected } = await loadWorkload('messages')
  const parameters = { size_bytes: 10, round_trips: 4 }
  const sent: string[] = []
  const exchange = async (payload: string) => {
    sent.push(payload)
    return sent.length === 2 ? `${payload.slice(0, -1)}!` : payload
  }
  const context = { seed: 1, worker: 0, folder: null, serverPort: null, sharedData: null, exchange }
  const kernel = await prepare(parameters, context)
  const checksums = await expected(parameters, 1)
  expect(await kernel.task(0)).not.toBe(checksums?.[0])
  expect(sent.map(({ length }) => length)).toEqual([10, 10, 10, 10])
  expect(await kernel.task(1)).toBe(checksums?.[1])
})

it('the lab’s own server gives no page of its site beyond its bounds', async () => {
  const server = await startHttpServer(programs.httpServer, reaper)
  const status = async (query: string) =>
    (await fetch(`http://127.0.0.1:${server.port}/site/${query}`)).status
  const asked = 'latency_ms=0&words=5&links=2&seed=4294967295'
  expect(await status(`63?${asked}`)).toBe(200)
  expect(await status(`64?${asked}`)).toBe(400)
  expect(await status(`3?${asked.replace('words=5', 'words=100001')}`)).toBe(400)
  expect(await status(`3?${asked.replace('links=2', 'links=1001')}`)).toBe(400)
  expect(await status(`3?${asked.replace('4294967295', '4294967296')}`)).toBe(400)
  expect(await status('3?latency_ms=0')).toBe(400)
  server.close()
})
