import type { MetricKey } from './metric.ts'
import type { Range } from './plan-limits.ts'
import { type Problem, shown } from './problem.ts'

export interface SelfTestOptions {
  /** Trials of each of the three arms of its speed part. */
  readonly trials: number
  /** By how much more work the slowed arm has, in per cent. */
  readonly slowdown_percent: number
}

export const selfTestLimits = {
  trials: { minimum: 20, maximum: 300 },
  slowdown_percent: { minimum: 3, maximum: 100 },
} as const satisfies Readonly<Record<keyof SelfTestOptions, Range>>

export const selfTestDefaults: SelfTestOptions = { trials: 30, slowdown_percent: 5 }

/** What is wrong with options as a user gave them: with each that is left out, nothing. */
export function selfTestProblems(
  given: Readonly<Partial<Record<keyof SelfTestOptions, unknown>>>,
): Problem[] {
  const bad = (path: keyof SelfTestOptions, allowed: string): Problem[] => {
    const value = given[path]
    const { minimum, maximum } = selfTestLimits[path]
    const isNumber = typeof value === 'number' && value >= minimum && value <= maximum
    const isRight = isNumber && (path !== 'trials' || Number.isInteger(value))
    if (value === undefined || isRight) return []
    return [{ path, message: `${shown(value)} is not allowed; allowed: ${allowed}` }]
  }
  return [
    ...bad('trials', 'a whole number from 20 to 300'),
    ...bad(
      'slowdown_percent',
      'a number from 3 to 100 (%); less would lie within what no verdict is given on',
    ),
  ]
}

/** The figures whose verdicts, or whose reading, are put to the test. */
export const selfTestFigures = [
  'throughput_per_s',
  'cpu_per_task_ms',
  'peak_rss_bytes',
  'peak_pss_bytes',
  'peak_uss_bytes',
] as const satisfies readonly MetricKey[]
export type SelfTestFigure = (typeof selfTestFigures)[number]

/** One thing that the tool is asked to prove of itself, beside what was measured. */
export interface SelfTestPart {
  readonly figure: SelfTestFigure
  /** `a-a`: the same work on both sides. `a-b`: more work on the second. `held`: memory that is held. */
  readonly contest: 'a-a' | 'a-b' | 'held'
  /** From the trials as they were run, or from comparisons drawn from them. */
  readonly how: 'recorded' | 'simulated'
  /** What is asked, in words. */
  readonly asked: string
  /** A share (0–1) where it is simulated, else a ratio; null where it could not be had. */
  readonly measured: number | null
  readonly unit: 'share' | 'ratio'
  readonly interval: SelfTestInterval | null
  /** Null where the platform does not tell what is needed. */
  readonly ok: boolean | null
  /** What was found, or why nothing was, in words. */
  readonly found: string
  /** By configuration, where memory was read. */
  readonly readings: readonly MemoryReading[]
}

export interface SelfTestInterval {
  readonly low: number
  readonly high: number
  /** `bootstrap` and `wilson` at 95 %; `range` from the smallest to the largest that was seen. */
  readonly kind: 'bootstrap' | 'wilson' | 'range'
}

/** What workers held, and by how much more the reading rose for it. */
export interface MemoryReading {
  /** A configuration in the words of the plan, as `threads × 1`. */
  readonly configuration: string
  readonly held_bytes: number
  /** Median over the rounds, and the smallest and the largest of them. */
  readonly read_bytes: number
  readonly lowest_bytes: number
  readonly highest_bytes: number
}

export interface SelfTestReport {
  readonly status: 'done' | 'failed' | 'interrupted'
  /** Why it is not `done`; null where it is. */
  readonly reason: string | null
  /** Whether it is done, and nothing that could be measured here was missed. */
  readonly passed: boolean
  readonly options: SelfTestOptions
  /** Numbers of the runs that hold its trials. */
  readonly runs: readonly number[]
  readonly parts: readonly SelfTestPart[]
  /** What the simulated rates can show, and what they cannot. */
  readonly caution: string
  /** What made its figures less sure meanwhile, one of each kind. */
  readonly warnings: readonly string[]
}
