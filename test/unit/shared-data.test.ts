import { describe, expect, it } from 'vitest'
import { makeSharedData } from '../../src/engine/execution/host/shared-data.ts'
import { estimateMemory, whyItDoesNotFit } from '../../src/engine/session/guard.ts'
import { describeWorkloads, loadWorkload } from '../../src/engine/workloads/catalogue.ts'
import { parsePlan } from '../../src/shared/model/plan-check.ts'

const workloads = await describeWorkloads()
const gib = 1024 ** 3
const MiB = 1024 ** 2
const parameters = { size_mib: 2 }

function plan(document: object) {
  const result = parsePlan({ workload: 'scan-shared', ...document }, workloads, 2)
  return 'plan' in result ? result.plan : expect.fail(JSON.stringify(result.problems))
}

describe('scan-shared', () => {
  it('holds pages that are alike neither in one copy nor in two, and finds the same in both', async () => {
    const { shared, prepare, expected } = await loadWorkload('scan-shared')
    const copies = [0, 3].map((copy) => shared?.make(parameters, 7, copy) as SharedArrayBuffer)
    const pages = copies.flatMap((copy) =>
      Array.from({ length: copy.byteLength / 4096 }, (_, page) =>
        Buffer.from(copy, page * 4096, 4096).toString('latin1'),
      ),
    )
    expect(pages).toHaveLength(2 * 512)
    expect(new Set(pages).size).toBe(2 * 512)
    const checksums = await expected(parameters, 7)
    for (const [worker, sharedData] of copies.entries()) {
      const context = { seed: 7, worker, folder: null, serverPort: null, sharedData }
      const exchange = async (payload: string) => payload
      const kernel = await prepare(parameters, { ...context, exchange })
      expect(checksums?.map((_, index) => kernel.task(index))).toEqual(checksums)
    }
  })

  it('is made by the host only where workers share its memory, and only for work that has some', async () => {
    const spec = { workload: 'scan-shared', parameters, seed: 7, sharesData: true } as const
    expect((await makeSharedData({ ...spec, model: 'threads' }))?.byteLength).toBe(2 * MiB)
    expect((await makeSharedData({ ...spec, model: 'inline' }))?.byteLength).toBe(2 * MiB)
    expect(await makeSharedData({ ...spec, model: 'processes' })).toBeNull()
    // It is not even looked for.
    const none = { ...spec, model: 'threads', sharesData: false, workload: 'nothing' } as const
    expect(await makeSharedData(none)).toBeNull()
  })
})

describe('the memory guard', () => {
  it('counts shared data once for threads, and once for each process', () => {
    const rise = (model: string, workers: number) =>
      estimateMemory(plan({ models: [model], workers: [workers] }), 0, 100 * MiB).amount -
      estimateMemory(plan({ models: [model], workers: [workers] }), 0).amount
    expect(rise('inline', 4)).toBe(100 * MiB)
    expect(rise('threads', 4)).toBe(100 * MiB)
    expect(rise('processes', 4)).toBe(400 * MiB)
  })

  it('says how many would fit beside data that is there once, or beside a copy each', () => {
    const room = { memoryBytes: gib, tasks: [], openFiles: null }
    const advice = (models: string[]) =>
      whyItDoesNotFit(plan({ models, workers: [1000] }), 0, room, gib / 4) ?? ''
    const fitting = (why: string) => Number(/at most (\d+) would fit/.exec(why)?.[1])
    for (const model of ['threads', 'processes']) {
      const most = fitting(advice([model]))
      const why = (workers: number) =>
        whyItDoesNotFit(plan({ models: [model], workers: [workers] }), 0, room, gib / 4)
      expect(why(most)).toBeNull()
      expect(why(most + 1)).not.toBeNull()
    }
    expect(fitting(advice(['threads']))).toBeGreaterThan(10 * fitting(advice(['processes'])))
  })
})
