import type { PlanDocument } from '../../shared/model/plan.ts'
import type { Run } from '../../shared/model/run.ts'
import type { SelfTestFigure, SelfTestOptions } from '../../shared/model/self-test.ts'
import { countedTrials } from '../analysis/statistics.ts'
import type { RunToMake } from './run-to-make.ts'
import type { Round } from './simulation.ts'

/**
 * The work: hashing takes time in proportion to what is hashed, so that a slow-down is made by hashing
 * more, and known. (Measured: 1,050 KiB take 1.051 times as long as 1,000, 1,100 take 1.098 times.)
 */
const size_kib = 1000
const rounds = 4
/** Short, so that a round is over before a machine has changed much. */
const duration_s = 0.25
const warmup = 1

/** The same work as two configurations, and more of it as a third. */
export function speedRun({ trials, slowdown_percent }: SelfTestOptions): RunToMake {
  const asMuch = { size_kib, rounds }
  const more = { size_kib: Math.round(size_kib * (1 + slowdown_percent / 100)), rounds }
  const document: PlanDocument = {
    workload: 'sha256',
    parameters: asMuch,
    models: ['threads'],
    workers: [1],
    duration_s,
    repeat: trials,
    warmup,
    label: `self-test: the same work twice, and ${slowdown_percent} % more of it`,
    notes:
      'Three configurations in turn: A, A again, and B, which is A with more to hash. What is to be said of them is known beforehand.',
  }
  const arm = {
    workload: 'sha256',
    runtime: 'node',
    interpreter: null,
    model: 'threads',
    workers: 1,
    variant: null,
  } as const
  const configurations = [asMuch, asMuch, more].map(
    (parameters) => ({ ...arm, parameters, scheduling: 'static' }) as const,
  )
  return { what: 'speed', document, trials: trials + warmup, configurations }
}

/**
 * What the speed is judged by: throughput, which is what users ask for and what other programs disturb
 * most, and CPU time, which they hardly touch. Where the second finds the slow-down and the first does
 * not, it is the machine that is too busy.
 */
export const speedFigures = ['throughput_per_s', 'cpu_per_task_ms'] as const

/** A figure in each of the rounds of which all three trials count. */
export function roundsOf(
  run: Pick<Run, 'configurations' | 'trials'>,
  figure: SelfTestFigure,
): Round[] {
  const [a, again, b] = run.configurations.map(
    (configuration) =>
      new Map(
        countedTrials(run, configuration).map(({ index, metrics }) => [index, metrics[figure]]),
      ),
  )
  return [...(a ?? [])].flatMap(([index, first]) => {
    const round = { a: first, again: again?.get(index), b: b?.get(index) }
    return Object.values(round).every((value) => typeof value === 'number') ? [round as Round] : []
  })
}
