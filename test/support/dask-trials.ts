import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect } from 'vitest'
import type { HostResult, TrialSpec, WorkerIdentity } from '../../src/engine/execution/protocol.ts'
import { Reaper } from '../../src/engine/execution/reaper.ts'
import { runTrial, type TrialOutcome } from '../../src/engine/execution/trial.ts'
import { sievePrimes } from '../../src/engine/workloads/primes.ts'
import { daskPython, leftOn, type OwnCluster } from './dask.ts'
import { programs } from './programs.ts'
import { type Scratch, until } from './scratch.ts'

export const primes: TrialSpec = {
  ...{ workload: 'primes', parameters: { n: 2000 }, seed: 1, isProbe: false, variant: null },
  ...{ model: 'processes', workers: 2, scheduling: 'static', tasks: 40, durationMs: null },
  ...{ intervalMs: 50, baselineMs: 10, expected: [sievePrimes(2000)] },
  ...{ folder: null, serverPort: null, scheduler: null },
}

/** Tasks that no one waits for the end of. */
export const endless: Partial<TrialSpec> = {
  parameters: { n: 3000 },
  expected: [sievePrimes(3000)],
  tasks: null,
  durationMs: 60_000,
}

export interface Trial {
  readonly host: number
  readonly crew: readonly WorkerIdentity[]
}

interface Where {
  /** Of the host, where it is not the one that ships. */
  readonly program?: string
  /** Is waited for at the end of the baseline: nothing has been brought to a worker, or started. */
  readonly beforeWorkers?: () => Promise<unknown>
}

export function sums({ workers }: HostResult) {
  const sum = (of: (summary: (typeof workers)[number]['summary']) => number) =>
    workers.reduce((total, { summary }) => total + of(summary), 0)
  return {
    tasks: sum((each) => each.tasks),
    indices: sum((each) => each.indexSum),
    wrong: sum((each) => each.wrong),
  }
}

export const allRight = { tasks: 40, indices: (40 * 39) / 2, wrong: 0 }

/** What a trial on a cluster of others says of it. */
export function onCluster({ address }: OwnCluster, changes: Partial<TrialSpec> = {}) {
  return { model: 'cluster' as const, scheduler: address, variant: address, ...changes }
}

/** Gives a test file trials on Dask, beside whose host there is a reaper: `const { run } = daskTrials(scratch)`. */
export function daskTrials(scratch: Scratch) {
  let reaper: Reaper
  beforeAll(async () => {
    reaper = await Reaper.start(programs.reaper)
  })
  afterAll(() => reaper.close())

  /**
   * Runs a trial on Dask.
   *
   * @param whileWorking is called once, a moment after the release
   * @param told is called with the tasks that are done, whenever workers tell
   */
  async function run(
    changes: Partial<TrialSpec>,
    whileWorking: (trial: Trial) => void = () => {},
    told: (tasks: number) => void = () => {},
    { program = join(programs.python, 'dask_host.py'), beforeWorkers }: Where = {},
  ): Promise<TrialOutcome & { readonly trial: Trial }> {
    let trial: Trial = { host: 0, crew: [] }
    let isWorking = true
    const outcome = await runTrial(
      { ...primes, ...changes },
      {
        runtime: 'python',
        interpreter: daskPython as string,
        program,
      },
      reaper,
      new AbortController().signal,
      {
        started: (host) => {
          trial = { ...trial, host }
        },
        crew: (crew) => {
          trial = { ...trial, crew }
        },
        phase: () => {},
        report({ workers }) {
          told(workers.tasks.reduce((total, each) => total + each, 0))
          if (!isWorking || workers.tasks.every((tasks) => tasks === 0)) return
          isWorking = false
          whileWorking(trial)
        },
        look: async (after) => (after === 'baseline' ? beforeWorkers?.() : undefined),
      },
    )
    return { ...outcome, trial }
  }

  async function finished(changes: Partial<TrialSpec>): Promise<HostResult & { trial: Trial }> {
    const outcome = await run(changes)
    if (outcome.status !== 'done') return expect.fail(JSON.stringify(outcome))
    return { ...outcome.result, trial: outcome.trial }
  }

  async function reasonOf(
    changes: Partial<TrialSpec>,
    whileWorking: (trial: Trial) => void = () => {},
    where: Where = {},
  ): Promise<string> {
    const outcome = await run(changes, whileWorking, () => {}, where)
    return outcome.status === 'failed' ? outcome.reason : expect.fail(JSON.stringify(outcome))
  }

  /** A copy of what ships in which a text of a file is another. */
  async function hostWith(file: string, text: string, other: string): Promise<string> {
    const folder = scratch.path(`host-${performance.now()}`)
    await cp(programs.python, folder, { recursive: true })
    const path = join(folder, file)
    const whole = await readFile(path, 'utf8')
    expect(whole).toContain(text)
    await writeFile(
      path,
      whole.replace(text, () => other),
    )
    return join(folder, 'dask_host.py')
  }

  /** One whose own process does something before all else, and those of its workers. */
  const hostThatBegins = (own: string, ofWorkers = 'pass') =>
    hostWith(
      'dask_host.py',
      "if __name__ == '__main__':\n",
      `if __name__ != '__main__':\n    ${ofWorkers}\nelse:\n    ${own}\n`,
    )

  return { run, finished, reasonOf, hostWith, hostThatBegins }
}

/** Waits for a scheduler to have heard that a client has gone; it does so a moment later. */
export async function untilLeft(cluster: OwnCluster, expected: unknown): Promise<void> {
  let left: unknown
  await until(`${JSON.stringify(expected)} is left`, () => {
    left = leftOn(cluster)
    return isDeepStrictEqual(left, expected)
  }).catch(() => expect(left).toEqual(expected))
}
