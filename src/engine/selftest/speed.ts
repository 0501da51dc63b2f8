import type { Difference } from '../../shared/model/comparison.ts'
import type { PlanDocument } from '../../shared/model/plan.ts'
import type { Run } from '../../shared/model/run.ts'
import type { SelfTestOptions, SelfTestPart } from '../../shared/model/self-test.ts'
import { countedTrials } from '../analysis/statistics.ts'
import { wilsonInterval } from './proportion.ts'
import { missing, type RunToMake } from './run-to-make.ts'
import { type Contest, contestOf, countHits, type Round, trialsOfSide } from './simulation.ts'

/**
 * The work: hashing takes time in proportion to what is hashed, so that a slow-down is made by hashing
 * more, and known to the tenth of a per cent. (Measured: 1,050 KiB take 1.051 times as long as 1,000,
 * 1,100 take 1.098 times.)
 */
const size_kib = 1000
const rounds = 4
/** Short, so that a round is over before a machine has changed much. */
const trialMs = 250
const seed = 1

export function speedRun({ trials, slowdown_percent }: SelfTestOptions): RunToMake {
  const asMuch = { size_kib, rounds }
  const more = { size_kib: Math.round(size_kib * (1 + slowdown_percent / 100)), rounds }
  const document: PlanDocument = {
    workload: 'sha256',
    parameters: asMuch,
    models: ['threads'],
    workers: [1],
    duration_s: trialMs / 1000,
    repeat: trials,
    warmup: 1,
    seed,
    label: `self-test: the same work twice, and ${slowdown_percent} % more of it`,
    notes:
      'Three configurations in turn: A, A again, and B, which is A with more to hash. What is said of A and B is known beforehand.',
  }
  const arm = { workload: 'sha256', runtime: 'node', model: 'threads', workers: 1 } as const
  return {
    what: 'speed',
    document,
    configurations: [asMuch, asMuch, more].map((parameters) => ({
      ...arm,
      parameters,
      scheduling: 'static',
    })),
  }
}

/** The rounds of which all three trials count. */
export function roundsOf(run: Pick<Run, 'configurations' | 'trials'>): Round[] {
  const [a, again, b] = run.configurations.map(
    (configuration) =>
      new Map(
        countedTrials(run, configuration).map(({ index, metrics }) => [
          index,
          metrics.throughput_per_s,
        ]),
      ),
  )
  return [...(a ?? [])].flatMap(([index, first]) => {
    const round = { a: first, again: again?.get(index), b: b?.get(index) }
    return Object.values(round).every((value) => typeof value === 'number') ? [round as Round] : []
  })
}

const isNoWinner = (difference: Difference | null) => difference?.verdict === 'no difference shown'
const isWinner = (difference: Difference | null) =>
  difference?.verdict === 'a' || difference?.verdict === 'b'
const isFirst = (difference: Difference | null) => difference?.verdict === 'a'

/** Both sides as they were really run, all trials of them. */
export function recordedParts(
  recorded: readonly Round[],
  { slowdown_percent }: SelfTestOptions,
): SelfTestPart[] {
  const sides = `${recorded.length} trials a side`
  const [a, again, b] = (['a', 'again', 'b'] as const).map((arm) =>
    recorded.map((round) => round[arm]),
  ) as [number[], number[], number[]]
  return [
    recordedPart(
      'a-a-recorded',
      'the same work on both sides, as recorded: no winner is named',
      contestOf(a, again, seed),
      isNoWinner,
      sides,
    ),
    recordedPart(
      'a-b-recorded',
      `${slowdown_percent} % more work on one side, as recorded: the other is named`,
      contestOf(a, b, seed),
      isFirst,
      sides,
    ),
  ]
}

function recordedPart(
  name: 'a-a-recorded' | 'a-b-recorded',
  asked: string,
  difference: Difference | null,
  isRight: (difference: Difference | null) => boolean,
  sides: string,
): SelfTestPart {
  if (difference === null) return missing(name, asked, 'ratio', tooFew(0))
  const { ratio, ci95, verdict } = difference
  const words = {
    a: 'the first side is named the faster one',
    b: 'the second side is named the faster one',
    'no difference shown': 'no difference shown',
    'too few trials to say': 'too few trials to say',
  }
  return {
    name,
    asked,
    measured: ratio,
    unit: 'ratio',
    interval: ci95 === null ? null : { low: ci95[0], high: ci95[1], kind: 'bootstrap' },
    ok: isRight(difference),
    found: `${sides}: ${verdict === null ? 'nothing is said' : words[verdict]}`,
    readings: [],
  }
}

/** Comparisons that are simulated of each kind. */
export const comparisons = 1000
const mostFalse = 0.05
const leastFound = 0.9

/**
 * How often a winner is named where there is none, and how often the slow-down is found.
 *
 * @throws what the signal is aborted with
 */
export async function simulatedParts(
  recorded: readonly Round[],
  { slowdown_percent }: SelfTestOptions,
  signal: AbortSignal,
): Promise<SelfTestPart[]> {
  const sides = `with ${trialsOfSide} trials a side`
  const share = async (
    name: 'a-a-simulated' | 'a-b-simulated',
    contest: Contest,
    asked: string,
    isHit: (difference: Difference | null) => boolean,
    isMet: (share: number) => boolean,
  ): Promise<SelfTestPart> => {
    if (recorded.length < trialsOfSide)
      return missing(name, asked, 'share', tooFew(recorded.length))
    const hits = await countHits(recorded, contest, isHit, { comparisons, seed, signal })
    const [low, high] = wilsonInterval(hits, comparisons)
    return {
      name,
      asked,
      measured: hits / comparisons,
      unit: 'share',
      interval: { low, high, kind: 'wilson' },
      ok: isMet(hits / comparisons),
      found: `in ${hits} of ${comparisons} comparisons that were drawn from ${recorded.length} rounds`,
      readings: [],
    }
  }
  return [
    await share(
      'a-a-simulated',
      'a-a',
      `the same work on both sides, ${sides}: a winner is named in at most 5 of 100`,
      isWinner,
      (value) => value <= mostFalse,
    ),
    await share(
      'a-b-simulated',
      'a-b',
      `${slowdown_percent} % more work on one side, ${sides}: found in at least 90 of 100`,
      isFirst,
      (value) => value >= leastFound,
    ),
  ]
}

function tooFew(found: number): string {
  return `${found} rounds of three good trials each are too few; ${trialsOfSide} are needed`
}

export const caution =
  'The rates are simulated: each comparison draws 10 of the recorded rounds, and leaves to chance which of two like trials belongs to which side. They show how often verdicts err where trials scatter as these did; what another hour on this machine brings they cannot show, and their intervals are those of the drawing alone.'
