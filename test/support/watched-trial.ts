import { afterAll, beforeAll, expect } from 'vitest'
import type {
  HostReport,
  HostResult,
  TrialSpec,
  WorkerIdentity,
} from '../../src/engine/execution/protocol.ts'
import { Reaper } from '../../src/engine/execution/reaper.ts'
import type { HostLaunch } from '../../src/engine/execution/runtimes/runtime.ts'
import { runTrial, type TrialOutcome } from '../../src/engine/execution/trial.ts'
import type { PhaseName } from '../../src/shared/model/run.ts'
import { programs } from './programs.ts'

/** A trial that is over in a moment, right in each of its tasks. */
export const primes: TrialSpec = {
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

/** The same with tasks that no one waits for the end of. */
export const endlessPrimes: TrialSpec = {
  ...primes,
  parameters: { n: 20_000_000 },
  tasks: 1000,
  expected: null,
}

/** A trial in the midst of what it does. */
export interface GoingTrial {
  readonly host: number
  readonly crew: readonly WorkerIdentity[]
  readonly stop: () => void
}

/** A trial that is over, and what was heard of it. */
export interface WatchedTrial {
  readonly outcome: TrialOutcome
  readonly phases: readonly string[]
  readonly reports: readonly HostReport[]
  readonly crew: readonly WorkerIdentity[]
  readonly host: number
}

export interface Watching {
  /** A phase begins. */
  readonly onPhase?: (name: PhaseName, going: GoingTrial, at: number) => unknown
  readonly onReport?: (report: HostReport, going: GoingTrial) => unknown
  /** Stops it from outside. */
  readonly stopping?: AbortController
}

/** One reaper for the tests of a file; it is there from the first of them on. */
export function reaperOfTests(): () => Reaper {
  let reaper: Reaper
  beforeAll(async () => {
    reaper = await Reaper.start(programs.reaper)
  })
  afterAll(() => reaper.close())
  return () => reaper
}

export type WatchTrial = (
  spec: TrialSpec,
  launch: HostLaunch,
  watching?: Watching,
) => Promise<WatchedTrial>

export function trialWatcher(reaper = reaperOfTests()): WatchTrial {
  return async (spec, launch, { onPhase, onReport, stopping = new AbortController() } = {}) => {
    const phases: string[] = []
    const reports: HostReport[] = []
    let crew: readonly WorkerIdentity[] = []
    let host = 0
    const going = () => ({ host, crew, stop: () => stopping.abort() })
    const outcome = await runTrial(spec, launch, reaper(), stopping.signal, {
      started(processId) {
        host = processId
      },
      phase(name, at) {
        phases.push(name)
        onPhase?.(name, going(), at)
      },
      crew(workers) {
        crew = workers
      },
      report(report) {
        reports.push(report)
        onReport?.(report, going())
      },
      look: async () => {},
    })
    return { outcome, phases, reports, crew, host }
  }
}

export function resultOf({ outcome }: WatchedTrial): HostResult {
  if (outcome.status !== 'done') expect.fail(JSON.stringify(outcome))
  return outcome.result
}

/**
 * A trial that has time for more than so many tasks: where a busy machine has kept it from them, once more
 * with four times as long.
 *
 * @param run the trial, with the time it is given in ms; what it must be in any case is looked at there
 */
export async function withTimeFor(
  tasks: number,
  firstMs: number,
  run: (durationMs: number) => Promise<HostResult>,
): Promise<HostResult> {
  for (let durationMs = firstMs; ; durationMs *= 4) {
    const result = await run(durationMs)
    if (total(result, 'tasks') > tasks || durationMs > 10_000) return result
  }
}

/** Of all workers together. */
export function total(result: HostResult, of: 'tasks' | 'wrong' | 'indexSum'): number {
  return result.workers.reduce((sum, { summary }) => sum + summary[of], 0)
}

/** That each moment of each worker comes after the one before it, whoever has told it. */
export function expectInOrder(result: HostResult): void {
  for (const { startCalledAt, readyAt, summary, endCalledAt, exitedAt } of result.workers) {
    const { baselineFrom, baselineTo, allReadyAt, releasedAt } = result
    const before = [baselineFrom, baselineTo, startCalledAt, readyAt, allReadyAt, releasedAt]
    const moments = [...before, summary.startedAt, summary.endedAt, endCalledAt, exitedAt]
    expect(moments.toSorted((a, b) => a - b)).toEqual(moments)
  }
}

/** Has a trial work without end, stops it when it has told a few times how far it is, and returns that. */
export async function progressOf(
  watch: (watching: Watching) => Promise<WatchedTrial>,
): Promise<readonly number[]> {
  const told: number[] = []
  const { outcome } = await watch({
    onReport({ workers }, { stop }) {
      told.push(workers.tasks.reduce((sum, done) => sum + done, 0))
      if (told.length > 4 && told.at(-1) !== 0) stop()
    },
  })
  expect(outcome).toEqual({ status: 'interrupted' })
  return told
}
