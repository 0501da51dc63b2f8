import { describe, expect, it } from 'vitest'
import { compareModels } from '../../src/engine/analysis/comparison.ts'
import {
  isPreciseEnough,
  precisionOf,
  precisionWarnings,
} from '../../src/engine/analysis/precision.ts'
import { comparedRun, type Throughputs } from '../support/example-comparison.ts'

/** Different values from `1 - spread` to `1 + spread` times a middle. */
function around(middle: number, spread: number, count: number): number[] {
  return Array.from(
    { length: count },
    (_, at) => middle * (1 + spread * ((2 * at) / (count - 1) - 1)),
  )
}

function autoRun(...sides: readonly Throughputs[]) {
  const run = comparedRun(...sides)
  return { ...run, plan: { ...run.plan, repeat: 'auto' as const } }
}

const widths = (run: ReturnType<typeof autoRun>) =>
  precisionOf(run).map(({ halfWidth }) => halfWidth)

describe('a run that is repeated until it is precise', () => {
  it('is precise where half of each interval is within 3 % of its ratio', () => {
    const of = (...list: (number | null)[]) =>
      isPreciseEnough(list.map((halfWidth) => ({ configurations: [], halfWidth })))
    expect([of(0.03), of(0.0301), of(0.01, 0.02), of(0.01, 0.04)]).toEqual([
      true,
      false,
      true,
      false,
    ])
    expect([of(0.01, null), of()]).toEqual([false, true])
  })

  it('knows the half width of each pair as a share of its ratio', () => {
    const run = autoRun(
      ['threads', 2, ...around(100, 0.1, 9)],
      ['processes', 2, ...around(300, 0.1, 9)],
    )
    const [ci95, ratio] = [
      compareModels(run).comparisons[0]?.ci95 ?? [0, 0],
      compareModels(run).comparisons[0]?.ratio ?? 0,
    ]
    expect(ratio).toBeCloseTo(3, 12)
    expect(widths(run)).toEqual([(ci95[1] - ci95[0]) / 2 / ratio])
  })

  it('ends for its precision alone: the same spread about another ratio is as precise', () => {
    const spread = around(100, 0.05, 9)
    const run = (factor: number) =>
      autoRun(['threads', 2, ...spread], ['processes', 2, ...spread.map((each) => each * factor)])
    const [alike, apart] = [run(1), run(4)]
    const verdictOf = (each: typeof alike) => compareModels(each).comparisons[0]?.verdict
    expect([verdictOf(alike), verdictOf(apart)]).toEqual(['no difference shown', 'b'])
    expect(widths(apart)[0]).toBeCloseTo(widths(alike)[0] as number, 9)
  })

  it('goes on where a difference is clear and its size is not', () => {
    const run = autoRun(
      ['threads', 2, ...around(100, 0.3, 9)],
      ['processes', 2, ...around(900, 0.3, 9)],
    )
    expect(compareModels(run).comparisons[0]?.verdict).toBe('b')
    expect(isPreciseEnough(precisionOf(run))).toBe(false)
  })

  it('ends where the size is clear and no difference shows', () => {
    const run = autoRun(
      ['threads', 2, ...around(100, 0.01, 9)],
      ['processes', 2, ...around(100, 0.01, 9)],
    )
    expect(compareModels(run).comparisons[0]?.verdict).toBe('no difference shown')
    expect(isPreciseEnough(precisionOf(run))).toBe(true)
  })

  it('looks at each configuration by itself where nothing is paired', () => {
    const run = autoRun(
      ['threads', 2, ...around(100, 0.01, 7)],
      ['threads', 4, ...around(100, 0.5, 7)],
    )
    const [steady, wild] = widths(run)
    expect(steady).toBeLessThan(0.011)
    expect(wild).toBeGreaterThan(0.1)
  })

  it('is not precise with fewer than five trials that count', () => {
    const five = around(100, 0.001, 5)
    expect(widths(autoRun(['threads', 2, ...five], ['processes', 2, ...five.slice(1)]))).toEqual([
      null,
    ])
    expect(widths(autoRun(['threads', 2, ...five.slice(1)]))).toEqual([null])
  })

  it('does not wait for what has no trial that counts', () => {
    const five = around(100, 0.001, 5)
    expect(widths(autoRun(['threads', 2, ...five], ['processes', 2]))).toEqual([])
    expect(widths(autoRun(['threads', 2], ['threads', 4, ...five]))).toHaveLength(1)
  })

  it('says at its end how precise it is, or warns that it is not', () => {
    const precise = autoRun(
      ['threads', 2, ...around(100, 0.01, 9)],
      ['processes', 2, ...around(100, 0.01, 9)],
    )
    expect(compareModels(precise).sentences.at(-1)).toMatch(
      /^Repeated until precise: after 9 trials of each, the ratios of throughput are known within ± [01]\.\d % \(± 3\.0 % were asked for\)\.$/,
    )
    expect(precisionWarnings(precise)).toEqual([])
    const rough = autoRun(
      ['threads', 2, ...around(100, 0.3, 9)],
      ['processes', 2, ...around(100, 0.3, 9)],
    )
    expect(compareModels(rough).sentences.join()).not.toContain('Repeated until')
    expect(precisionWarnings(rough)).toEqual([
      {
        code: 'precision',
        message: expect.stringMatching(
          /^the throughput of processes × 2 : threads × 2 is known within ± \d+\.\d % only, where ± 3\.0 % were asked for/,
        ),
      },
    ])
  })

  it('is the only one that is spoken of so', () => {
    const rough = comparedRun(
      ['threads', 2, ...around(100, 0.3, 9)],
      ['processes', 2, 1, 2, 3, 4, 5],
    )
    expect(precisionWarnings(rough)).toEqual([])
    const precise = comparedRun(['threads', 2, 1, 1, 1, 1, 1], ['processes', 2, 1, 1, 1, 1, 1])
    expect(compareModels(precise).sentences.join()).not.toContain('Repeated until')
  })
})
