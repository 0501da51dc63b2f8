import { describe, expect, it } from 'vitest'
import { Lab } from '../../src/engine/lab.ts'
import { modelTraits, startMethods } from '../../src/shared/model/execution-model.ts'
import { type Interpreter, interpreterName } from '../../src/shared/model/interpreter.ts'
import { programs } from '../support/programs.ts'
import { pythonsToTest } from '../support/pythons.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

/** Work so small that many versions can be gone through. */
const workloads = {
  primes: { n: 2000 },
  squares: { start: 7 },
  sha256: { size_kib: 8, rounds: 2 },
  matmul: { n: 12 },
  sleep: { ms: 1 },
  file: { size_kib: 4 },
  http: { latency_ms: 1, size_kib: 4 },
  messages: { size_bytes: 256, round_trips: 3 },
}

/** Runs a plan in one interpreter, and says what became of each of its trials, a line for each. */
async function outcomes({ path }: Interpreter, document: object): Promise<string[]> {
  const lab = new Lab({ databasePath: scratch.path('versions.db'), programs, version: 'test' })
  try {
    const plan = await lab.checkPlan({
      ...{ runtimes: ['python'], interpreters: [path], workers: [2], tasks: 12 },
      ...{ repeat: 1, warmup: 0, interval_ms: 50, ...document },
    })
    const started = await lab.start(plan, { force: true, announce: () => {} })
    const { run } = await started.finished
    return run.trials.map(({ configuration_id: id, tasks_done: done, metrics, reason }) => {
      const { model, variant } = run.configurations.find((each) => each.id === id) ?? {}
      const came = metrics.checksum_ok === true ? `${done} right` : `${reason}`
      return `${[model, variant ?? []].flat().join(', ')}: ${came}`
    })
  } finally {
    await lab.close()
  }
}

const pythons = (await pythonsToTest()).map((each) => [interpreterName(each), each] as const)

it('there is a Python to test', () => {
  expect(pythons).not.toHaveLength(0)
})

describe.each(pythons)('%s', (_, interpreter) => {
  // A cluster is Dask's.
  const models = interpreter.models.filter((model) =>
    modelTraits[model].runtimes.includes('python'),
  )

  it('does each task once and right in every model that it has', async () => {
    const { squares: parameters } = workloads
    const found = await outcomes(interpreter, {
      ...{ workload: 'squares', parameters, tasks: 201, scheduling: 'dynamic', models },
      start_methods: startMethods,
    })
    const ways = models.flatMap((model) =>
      ['processes', 'pool', 'process-pool'].includes(model)
        ? startMethods.map((method) => `${model}, ${method}`)
        : [model],
    )
    expect(found.toSorted()).toEqual(ways.map((way) => `${way}: 201 right`).toSorted())
  })

  // Each worker of these imports everything anew, which a module may not be made for.
  const isolated = models.filter((model) => model === 'processes' || model === 'interpreters')

  it.each(Object.entries(workloads))(
    `finds for %s what Node finds, in ${isolated.join(' and ')}`,
    async (workload, parameters) => {
      const found = await outcomes(interpreter, { workload, parameters, models: isolated })
      expect(found).toHaveLength(isolated.length)
      for (const each of found) expect(each).toMatch(/: 12 right$/)
    },
  )
})
