import type { Difference, Verdict } from '../../shared/model/comparison.ts'
import { metrics } from '../../shared/model/metric.ts'
import type { SelfTestFigure, SelfTestPart } from '../../shared/model/self-test.ts'
import { differenceBetween } from '../analysis/difference.ts'
import { missing } from './missing.ts'
import { wilsonInterval } from './proportion.ts'
import { type Contest, countHits, type Round, type Sides, trialsOfSide } from './simulation.ts'

/** What the verdicts on one figure are held against. */
export interface Judged {
  readonly figure: SelfTestFigure
  readonly contest: Contest
  readonly slowdown_percent: number
  readonly rounds: readonly Round[]
}

/** Comparisons that are simulated of each kind, where nothing else is said. */
export const usualComparisons = 500
const seed = 1

/** The very procedure of every run is put to the test. */
function differenceIn(figure: SelfTestFigure, { a, b }: Sides, ownSeed: number): Difference | null {
  const better = metrics[figure].better as 'higher' | 'lower'
  return differenceBetween(a, b, { better, seed: ownSeed })
}

/** Both sides as they were really run, all trials of them. */
export function recordedPart({ figure, contest, slowdown_percent, rounds }: Judged): SelfTestPart {
  const kind = { figure, contest, how: 'recorded', unit: 'ratio' } as const
  const asked =
    contest === 'a-a' ? 'no winner is named' : `${slowdown_percent} % more work is found`
  const a = rounds.map((round) => round.a)
  const b = rounds.map((round) => (contest === 'a-a' ? round.again : round.b))
  const difference = differenceIn(figure, { a, b }, seed)
  if (difference === null) return missing(kind, asked, tooFew(rounds.length))
  const { ratio, ci95, verdict } = difference
  return {
    ...kind,
    asked,
    measured: ratio,
    interval: ci95 === null ? null : { low: ci95[0], high: ci95[1], kind: 'bootstrap' },
    ok: verdict === (contest === 'a-a' ? 'no difference shown' : 'a'),
    found: `${words[verdict as Verdict]}, ${rounds.length} trials a side`,
    readings: [],
  }
}

const words: Readonly<Record<Verdict, string>> = {
  a: 'the first is named the better one',
  b: 'the second is named the better one',
  'no difference shown': 'no difference shown',
  'too few trials to say': 'too few trials to say',
}

/**
 * How often a winner is named where there is none, or how often the slow-down is found.
 *
 * @throws what the signal is aborted with
 */
export async function simulatedPart(
  { figure, contest, slowdown_percent, rounds }: Judged,
  { comparisons, signal }: { readonly comparisons: number; readonly signal: AbortSignal },
): Promise<SelfTestPart> {
  const kind = { figure, contest, how: 'simulated', unit: 'share' } as const
  const asked =
    contest === 'a-a'
      ? `a winner is named in at most 5 of 100, ${trialsOfSide} trials a side`
      : `${slowdown_percent} % more work is found in at least 90 of 100, ${trialsOfSide} trials a side`
  if (rounds.length < fewestRounds) return missing(kind, asked, tooFew(rounds.length))
  const isHit = (sides: Sides, ownSeed: number) => {
    const verdict = differenceIn(figure, sides, ownSeed)?.verdict
    return verdict === 'a' || (contest === 'a-a' && verdict === 'b')
  }
  const hits = await countHits(rounds, contest, isHit, { comparisons, seed, signal })
  const [low, high] = wilsonInterval(hits, comparisons)
  const share = hits / comparisons
  return {
    ...kind,
    asked,
    measured: share,
    interval: { low, high, kind: 'wilson' },
    ok: contest === 'a-a' ? share <= 0.05 : share >= 0.9,
    found: `${hits} of ${comparisons} comparisons drawn from ${rounds.length} rounds`,
    readings: [],
  }
}

/**
 * Of fewer rounds two drawings have most in common, and a share of them says nothing: of as many as a side
 * has they are all the same.
 */
const fewestRounds = 2 * trialsOfSide

function tooFew(found: number): string {
  return `${found} rounds of three good trials each are too few; ${fewestRounds} are needed`
}

export const caution = `The shares are simulated: each comparison draws ${trialsOfSide} of the recorded rounds and leaves to chance which of two like trials belongs to which side. They show how often verdicts err where trials scatter as these did; what another hour on this machine brings they cannot show, and their intervals are those of the drawing alone.`
