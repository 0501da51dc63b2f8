import { describe, expect, it } from 'vitest'
import { crossing } from '../../src/engine/experiments/crossings.ts'
import { largestText, sizeText } from '../../src/engine/experiments/transport-list.ts'
import transports from '../../src/engine/experiments/transports.ts'
import type { CurveChart } from '../../src/shared/model/chart.ts'
import type { Plan, PlanDocument } from '../../src/shared/model/plan.ts'
import { parsePlan } from '../../src/shared/model/plan-check.ts'
import { observedRun } from '../support/observed-run.ts'

function planned(document: PlanDocument): Plan {
  const parsed = parsePlan({ ...document, experiment: 'transports' }, [], 8, [transports])
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems))
  return parsed.plan
}

/** A run in which the round trips are what a formula of the payload's bytes says, in ms. */
function ranWith(
  document: PlanDocument,
  tripMs: Readonly<Record<string, (bytes: number) => number>>,
  trials = 1,
) {
  const plan = planned(document)
  return observedRun(
    plan,
    transports.configurations(plan).flatMap((configuration) => {
      const bytes = Number(configuration.parameters.payload_bytes)
      const ms = tripMs[configuration.variant ?? '']?.(bytes)
      if (ms === undefined) return []
      const seen = Array.from({ length: trials }, (_, at) => ({
        round_trip_ms: ms * (1 + at / 100),
        megabytes_per_s: (2 * bytes) / 1000 / ms,
      }))
      return [{ ...configuration, observed: seen }]
    }),
  )
}

const curve = (...points: (readonly [number, number])[]) => points.map(([x, y]) => ({ x, y }))

describe('where two curves cross', () => {
  it('is found between the measured places, on logarithms', () => {
    // A constant of 40 and y = x, which meet at 40, between 10 and 1000.
    const flat = curve([10, 40], [1000, 40])
    const rising = curve([10, 10], [1000, 1000])
    expect(crossing(flat, rising)).toBeCloseTo(40, 9)
    expect(crossing(rising, flat)).toBeNull()
  })

  it('is the last place, where noise at equal heights makes them change about before', () => {
    const a = curve([1, 2], [10, 0.999], [100, 1.001], [1000, 1])
    const b = curve([1, 1], [10, 1], [100, 1], [1000, 4])
    const x = crossing(a, b) as number
    expect(x).toBeGreaterThan(100)
    expect(x).toBeLessThan(1000)
  })

  it('is nowhere where they only differ by chance on one side', () => {
    const a = curve([1, 1.01], [10, 1], [100, 1])
    const b = curve([1, 1], [10, 2], [100, 4])
    expect(crossing(a, b)).toBeNull()
  })
})

describe('the transports', () => {
  it('are each run with every payload, from the smallest to the largest', () => {
    const all = transports.configurations(planned({}))
    expect(all).toHaveLength(7 * 7)
    const sizes = all
      .filter(({ variant }) => variant === 'pipe')
      .map(({ parameters }) => sizeText(Number(parameters.payload_bytes)))
    expect(sizes).toEqual(['16 B', '256 B', '4 KiB', '64 KiB', '1 MiB', '16 MiB', '64 MiB'])
  })

  it('leave out payloads that are no string any more, and say so', () => {
    const gibibyte = 2 ** 30
    const plan = planned({ parameters: { smallest_bytes: largestText, largest_bytes: gibibyte } })
    const largest = (name: string) =>
      transports
        .configurations(plan)
        .filter(({ variant }) => variant === name)
        .map(({ parameters }) => parameters.payload_bytes)
    expect(largest('fork json')).toEqual([largestText])
    expect(largest('fork advanced')).toEqual([largestText, gibibyte])
    // The text of the largest, between its quotes and with the end of its line, is as long as can be.
    expect((largestText / 3) * 4 + 3).toBeLessThanOrEqual(2 ** 29 - 24)
    expect((largestText / 3 + 1) * 4 + 3).toBeGreaterThan(2 ** 29 - 24)
    const { cautions } = transports.findings(observedRun(plan, []))
    expect(cautions[0]).toBe(
      'fork json has no figure above 384 MiB: the text would be longer than a string can be.',
    )
  })

  it('refuse a plan that asks for what they do not do', () => {
    const wrong = planned({
      models: ['inline', 'threads'],
      workers: [2],
      parameters: { smallest_bytes: 32, largest_bytes: 16 },
    })
    expect(transports.problems?.(wrong).map(({ path }) => path)).toEqual([
      'models',
      'workers',
      'parameters.smallest_bytes',
    ])
    expect(transports.problems?.(planned({}))).toEqual([])
  })

  it('say which way is the cheapest at both ends, and where they cross', () => {
    const run = ranWith(
      {},
      {
        'structured clone': (bytes) => 0.01 + bytes / 1e6,
        transfer: () => 0.02,
        'fork json': (bytes) => 0.04 + bytes / 1e5,
        'fork advanced': (bytes) => 0.05 + bytes / 4e5,
        file: (bytes) => 0.9 + bytes / 3e5,
      },
      5,
    )
    const { sentences, charts, tables } = transports.findings(run)
    expect(sentences).toEqual([
      'With 16 B the cheapest way to a thread and back is structured clone (10.2 µs); to a process fork json (41 µs).',
      'With 64 MiB the cheapest way to a thread and back is transfer (20.4 µs); to a process fork advanced (171 ms, 784 MB/s).',
      expect.stringMatching(
        /^From about \d+(\.\d)? KiB on a transfer is faster than a structured clone\.$/,
      ),
      expect.stringMatching(
        /^From about .* on fork with advanced serialization is faster than fork with json\.$/,
      ),
      'At every size fork with advanced serialization is faster than a file.',
      'A message by fork with json takes 4.01 times as long as a structured clone to a thread with 16 B, 10.0 times with 64 MiB.',
    ])
    const [times, rates] = charts as [CurveChart, CurveChart]
    expect(times.marks.map(({ label }) => label)).toEqual([
      'transfer beats structured clone',
      'fork advanced beats fork json',
    ])
    // Where 0.01 + x / 1e6 is 0.02, but for the straight line between 4 and 64 KiB.
    expect(times.marks[0]?.x).toBeGreaterThan(4096)
    expect(times.marks[0]?.x).toBeLessThan(65_536)
    expect(times.series.map(({ name, points }) => [name, points.length])).toEqual([
      ['structured clone', 7],
      ['transfer', 7],
      ['fork json', 7],
      ['fork advanced', 7],
      ['file', 7],
    ])
    expect(times.series[1]?.points[0]?.low).toBeCloseTo(0.02, 9)
    expect(rates.series[0]?.model).toBe('threads')
    expect(tables[0]?.rows[1]?.map(({ text }) => text).slice(0, 3)).toEqual([
      'transfer',
      'thread',
      '20.4 µs',
    ])
  })

  it('say where trials do not agree', () => {
    const plan = planned({ models: ['threads'] })
    const [first, second] = transports.configurations(plan)
    if (first === undefined || second === undefined) throw new Error('there are some')
    const seen = (...trips: number[]) => trips.map((round_trip_ms) => ({ round_trip_ms }))
    const run = observedRun(plan, [
      { ...first, observed: seen(1, 1.4, 1.3) },
      { ...second, observed: seen(1, 1.6, 1) },
    ])
    expect(transports.findings(run).cautions).toEqual([
      expect.stringMatching(/^In 1 of 2 figures the trials differ by more than half: /),
    ])
  })

  it('say nothing of a run in which nothing has been seen', () => {
    const { sentences, tables } = transports.findings(observedRun(planned({}), []))
    expect(sentences).toEqual([])
    expect(tables).toEqual([])
  })
})
