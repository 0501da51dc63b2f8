import { describe, expect, it } from 'vitest'
import { findExpected } from '../../src/engine/execution/expectation.ts'
import { Lab, type LabOptions } from '../../src/engine/lab.ts'
import { formatNumber } from '../../src/shared/format.ts'
import { type Model, modelsOf } from '../../src/shared/model/execution-model.ts'
import type { RunEvent } from '../../src/shared/model/progress.ts'
import { briskMachine } from '../support/brisk-machine.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const nodeModels = modelsOf('node')
let labs = 0

async function run(
  document: object,
  options: Partial<LabOptions> & { readonly stopAt?: (event: RunEvent) => boolean } = {},
) {
  const { stopAt = () => false, ...rest } = options
  const lab = new Lab({
    ...{ databasePath: scratch.path(`${labs++}.db`), programs, version: 'test', ...rest },
    machine: { ...briskMachine, ...rest.machine },
  })
  const plan = await lab.checkPlan(document)
  const started = await lab.start(plan, {
    force: true,
    announce: (event) => {
      if (stopAt(event)) started.stop()
    },
  })
  const { run: seen } = await started.finished
  return { seen, lab }
}

/** More work than anybody waits for, in tasks of a second and more. */
const endless = {
  ...{ workload: 'primes', parameters: { n: 20_000_000 }, tasks: 10_000, interval_ms: 50 },
  ...{ repeat: 1, warmup: 0, workers: [2] },
}

/** A trial that is at work at its deadline: on a busy machine it may take three times as long to come to it. */
async function runToDeadline(model: Model, timeout_s = 3): ReturnType<typeof runWithin> {
  const ran = await runWithin(model, timeout_s)
  const isAtWork = ran.seen.trials[0]?.phases.at(-1)?.name === 'work'
  if (isAtWork || timeout_s > 20) return ran
  await ran.lab.close()
  return runToDeadline(model, 3 * timeout_s)
}

async function runWithin(model: Model, timeout_s: number) {
  return { ...(await run({ ...endless, models: [model], timeout_s })), timeout_s }
}

describe.each(nodeModels)('a trial of %s', (model) => {
  it('that has not ended at its deadline has failed, says who had not, and is kept as far as it went', async () => {
    const { seen, lab, timeout_s } = await runToDeadline(model)
    const [trial] = seen.trials
    const who = model === 'inline' ? 'the host' : 'worker 0 \\(.*\\), worker 1'
    const seconds = formatNumber(timeout_s)
    const words = new RegExp(`^the trial was ended after ${seconds} s: ${who} .*had? not finished`)
    expect(trial).toMatchObject({ status: 'failed', reason: expect.stringMatching(words) })
    expect(trial?.phases.at(-1)?.name).toBe('work')
    expect((await lab.saved.samples(trial?.id ?? 0)).length).toBeGreaterThan(3)
    expect(seen.status).toBe('failed')
    expect(await lab.saved.run(seen.id)).toEqual(seen)
    await lab.close()
  })

  it('is over when the run is stopped, though nobody in it listens', async () => {
    const { seen, lab } = await run(
      { ...endless, models: [model], tasks: null, duration_s: 80_000 },
      { stopAt: (event) => event.type === 'phase' && event.name === 'work' },
    )
    expect(seen).toMatchObject({ status: 'interrupted', reason: 'stopped by the user' })
    expect(seen.trials.map(({ status }) => status)).toEqual(['interrupted'])
    await lab.close()
  })

  it('that holds more memory than it may has failed, and says how much', async () => {
    const { seen, lab } = await run({
      ...{ ...endless, models: [model], workers: [1], memory_mib: 200 },
      ...{ workload: 'allocate', parameters: { size_mib: 400 }, tasks: 100_000_000 },
    })
    expect(seen.trials[0]).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(
        /^the trial was ended: its processes held [2-9]\d\d MiB of memory, at most 200 MiB are allowed$/,
      ),
    })
    await lab.close()
  })
})

it('a run’s memory is bound by what can be had where its plan does not say', async () => {
  const machine = { cores: () => 2, availableMemoryBytes: async () => 200 * 1024 ** 2 }
  const work = { workload: 'allocate', parameters: { size_mib: 400 }, tasks: 100_000_000 }
  const { seen, lab } = await run({ ...endless, ...work, models: ['threads'] }, { machine })
  expect(seen.trials[0]?.reason).toMatch(/at most 180 MiB were to be had$/)
  await lab.close()
})

/** Rows whose right answers take minutes to find. */
const unanswered = {
  ...{ ...endless, workload: 'mandelbrot' },
  parameters: { width: 4096, height: 4096, iterations: 10_000 },
}

it('a run is over when it is stopped while the expected results are being found', async () => {
  const { seen, lab } = await run(unanswered, {
    stopAt: (event) => event.type === 'preparing' && event.what === 'finding the expected results',
  })
  expect(seen).toMatchObject({ status: 'interrupted', trials: [] })
  await lab.close()
})

it('the expected results are not looked for without end', async () => {
  const request = { ...unanswered, seed: 1 }
  const search = findExpected(programs.expectation, request, new AbortController().signal, 200)
  await expect(search).rejects.toThrow(
    'the expected results of mandelbrot were not found within 0.2 s',
  )
})

it('a plan whose workers are too many for the system is refused, before anything is started', async () => {
  const tasks = [{ name: 'pids.max of the cgroup', allowed: 200, used: 30 }]
  const machine = {
    ...{ cores: () => 2, availableMemoryBytes: async () => 2 ** 40 },
    taskLimits: () => ({ tasks, openFiles: null }),
  }
  const options = { databasePath: scratch.path('refused.db'), programs, version: 'test', machine }
  const lab = new Lab(options)
  const plan = await lab.checkPlan({ workers: [64] })
  const words = /64 processes need up to 752 kernel threads, 170 more .* at most 11 would fit$/
  await expect(lab.start(plan, { force: false, announce: () => {} })).rejects.toMatchObject({
    code: 'does-not-fit',
    message: expect.stringMatching(words),
  })
  expect((await lab.estimate({ workers: [64] })).doesNotFit).toMatch(words)
  expect(await lab.library.all()).toEqual([])
  await lab.close()
})

it('the deadline holds before the work too', async () => {
  const work = { ...endless, workload: 'sleep', parameters: { ms: 60_000 } }
  const crew = { models: ['processes'], workers: [16], timeout_s: 0.1 }
  const { seen, lab } = await run({ ...work, ...crew })
  expect(seen.trials[0]).toMatchObject({
    status: 'failed',
    reason: expect.stringMatching(
      /^the trial was ended after 0.100 s: (its host had not begun|its host was still alone|not all of its 16 workers had been (started|prepared))$/,
    ),
  })
  await lab.close()
})
