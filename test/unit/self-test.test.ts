import { describe, expect, it } from 'vitest'
import { selfTestReport } from '../../src/cli/terminal/self-test-report.ts'
import { compareModels } from '../../src/engine/analysis/comparison.ts'
import { differenceBetween } from '../../src/engine/analysis/difference.ts'
import { recordedPart, simulatedPart } from '../../src/engine/selftest/judgement.ts'
import { memoryParts, memoryRun } from '../../src/engine/selftest/memory.ts'
import { wilsonInterval } from '../../src/engine/selftest/proportion.ts'
import { SelfTest } from '../../src/engine/selftest/self-test.ts'
import { countHits, drawSides, type Round } from '../../src/engine/selftest/simulation.ts'
import { roundsOf, speedRun } from '../../src/engine/selftest/speed.ts'
import type { MetricKey } from '../../src/shared/model/metric.ts'
import { LabError } from '../../src/shared/model/problem.ts'
import type { Run, Trial } from '../../src/shared/model/run.ts'
import { selfTestDefaults, selfTestProblems } from '../../src/shared/model/self-test.ts'
import { randomNumbers } from '../../src/shared/random.ts'
import { exampleRun } from '../support/example-run.ts'

const { signal } = new AbortController()
const few = { comparisons: 40, signal }
const next = randomNumbers(11)
/** A throughput that scatters evenly by so many per cent about its middle. */
const about = (middle: number, percent: number) =>
  middle * (1 + ((next() / 2 ** 32 - 0.5) * 2 * percent) / 100)

/** Rounds in which the slowed side is slower by so much, and all scatter by a per cent. */
function roundsWith(slowdown: number, count = 30): Round[] {
  return Array.from({ length: count }, () => ({
    a: about(300, 1),
    again: about(300, 1),
    b: about(300 / (1 + slowdown), 1),
  }))
}

describe('the interval of a proportion', () => {
  // R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven
  // methods", 1998, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is as published', (hits, cases, low, high) => {
    const found = wilsonInterval(hits, cases)
    expect(found[0]).toBeCloseTo(low, 4)
    expect(found[1]).toBeCloseTo(high, 4)
  })
})

describe('the interval of none and of all', () => {
  it('holds none and all themselves', () => {
    for (const cases of [1, 7, 100, 500]) {
      expect(wilsonInterval(0, cases)[0]).toBe(0)
      expect(wilsonInterval(cases, cases)[1]).toBe(1)
    }
  })
})

describe('a simulated comparison', () => {
  const rounds = Array.from({ length: 20 }, (_, at) => ({ a: at, again: at + 100, b: at + 200 }))
  const roundOf = (value: number) => value % 100

  it('has ten whole rounds, none of them twice', () => {
    for (let draw = 0; draw < 50; draw++) {
      const { a, b } = drawSides(rounds, 'a-b', next)
      expect(a.map(roundOf)).toEqual(b.map(roundOf))
      expect(new Set(a.map(roundOf)).size).toBe(10)
      expect(b.every((value) => value >= 200)).toBe(true)
    }
  })

  it('leaves no round out for good', () => {
    const seen = new Set<number>()
    for (let draw = 0; draw < 50; draw++) {
      for (const value of drawSides(rounds, 'a-a', next).a) seen.add(roundOf(value))
    }
    expect(seen.size).toBe(20)
  })

  it('gives both of two like trials, one to each side, as chance has it', () => {
    const firsts = new Set<boolean>()
    for (let draw = 0; draw < 20; draw++) {
      const { a, b } = drawSides(rounds, 'a-a', next)
      a.forEach((value, at) => {
        expect([value, b[at]].toSorted((one, other) => Number(one) - Number(other))).toEqual([
          roundOf(value),
          roundOf(value) + 100,
        ])
        firsts.add(value < 100)
      })
    }
    expect(firsts.size).toBe(2)
  })

  it('is drawn the same for the same seed, and others for another', async () => {
    const drawn = async (seed: number) => {
      const seen: string[] = []
      await countHits(rounds, 'a-b', (sides, own) => seen.push(JSON.stringify([sides, own])) > 0, {
        comparisons: 6,
        seed,
        signal,
      })
      return seen
    }
    expect(await drawn(3)).toEqual(await drawn(3))
    expect(await drawn(3)).not.toEqual(await drawn(4))
    expect(new Set(await drawn(3)).size).toBe(6)
  })

  it('counts the hits, and stops when it is asked to', async () => {
    const stopping = new AbortController()
    let judged = 0
    const isHit = () => judged++ % 3 === 0
    const many = { comparisons: 9, seed: 1 }
    expect(await countHits(rounds, 'a-a', isHit, { ...many, signal })).toBe(3)
    const stopped = countHits(rounds, 'a-a', () => judged++ > 0, {
      comparisons: 1e9,
      seed: 1,
      signal: stopping.signal,
    })
    setTimeout(() => stopping.abort('enough'), 5)
    await expect(stopped).rejects.toBe('enough')
  })
})

describe('what the self-test says of speed', () => {
  const judged = { figure: 'throughput_per_s', slowdown_percent: 5 } as const

  it('names hardly ever a winner where there is none, and always finds what is clear', async () => {
    const rounds = roundsWith(0.05)
    const none = await simulatedPart({ ...judged, contest: 'a-a', rounds }, few)
    expect(none).toMatchObject({ ok: true, unit: 'share', interval: { kind: 'wilson' } })
    expect(none.measured).toBeLessThanOrEqual(0.05)
    const clear = await simulatedPart({ ...judged, contest: 'a-b', rounds }, few)
    expect(clear).toMatchObject({ ok: true, measured: 1, interval: { high: 1 } })
    expect(clear.found).toBe('40 of 40 comparisons drawn from 30 rounds')
  })

  it('misses where the slow-down is not there, or a winner is where none should be', async () => {
    const rounds = roundsWith(0)
    const notThere = await simulatedPart({ ...judged, contest: 'a-b', rounds }, few)
    expect(notThere).toMatchObject({ ok: false })
    expect(notThere.measured).toBeLessThan(0.1)
    expect(recordedPart({ ...judged, contest: 'a-b', rounds })).toMatchObject({ ok: false })
    const apart = rounds.map((round) => ({ ...round, again: round.a * 1.2 }))
    expect(recordedPart({ ...judged, contest: 'a-a', rounds: apart })).toMatchObject({
      ok: false,
      found: 'the second is named the better one, 30 trials a side',
    })
  })

  it('counts a winner on either side where there should be none', async () => {
    const twoKinds = Array.from({ length: 20 }, () => ({ a: 100, again: 200, b: 100 }))
    // Ten tosses of a coin: by chance a side now and then has nearly all of one kind.
    const wins = { a: 0, b: 0 }
    await countHits(
      twoKinds,
      'a-a',
      ({ a, b }, seed) => {
        const verdict = differenceBetween(a, b, { better: 'higher', seed })?.verdict
        if (verdict === 'a' || verdict === 'b') wins[verdict]++
        return false
      },
      { comparisons: 200, seed: 1, signal },
    )
    expect(Math.min(wins.a, wins.b)).toBeGreaterThan(0)
    const part = await simulatedPart(
      { ...judged, contest: 'a-a', rounds: twoKinds },
      { comparisons: 200, signal },
    )
    expect(part.measured).toBe((wins.a + wins.b) / 200)
  })

  it('takes less CPU time for better, and names the right side', () => {
    const rounds = roundsWith(-0.05)
    const part = recordedPart({ ...judged, figure: 'cpu_per_task_ms', contest: 'a-b', rounds })
    expect(part).toMatchObject({ ok: true, interval: { kind: 'bootstrap' } })
    expect(part.measured).toBeCloseTo(1.05, 1)
    expect(recordedPart({ ...judged, contest: 'a-b', rounds })).toMatchObject({
      ok: false,
      found: 'the second is named the better one, 30 trials a side',
    })
  })

  it('gives no figure from too few rounds, and says why', async () => {
    const tooFew = { ...judged, contest: 'a-b', rounds: roundsWith(0.05, 19) } as const
    expect(await simulatedPart(tooFew, few)).toMatchObject({
      measured: null,
      interval: null,
      ok: false,
      found: '19 rounds of three good trials each are too few; 20 are needed',
    })
    expect(recordedPart({ ...tooFew, rounds: [] })).toMatchObject({ measured: null, ok: false })
  })
})

/** A run as a self-test makes one, with figures made up by configuration and round. */
function madeUp(
  wanted: ReturnType<typeof memoryRun>,
  rounds: number,
  figureOf: (configuration: number, round: number) => Partial<Record<MetricKey, number>>,
): Run {
  const [trial] = exampleRun.trials as [Trial]
  const configurations = wanted.configurations.map((each, id) => ({ ...each, id, content: null }))
  return {
    ...exampleRun,
    configurations,
    trials: configurations.flatMap(({ id }) =>
      Array.from({ length: rounds }, (_, index) => ({
        ...trial,
        id: id * rounds + index,
        configuration_id: id,
        index,
        metrics: { ...trial.metrics, ...figureOf(id, index) },
      })),
    ),
  }
}

describe('the rounds of a run', () => {
  const run = madeUp(speedRun(selfTestDefaults), 4, (id, index) => ({
    throughput_per_s: 10 * id + index,
  }))

  it('hold what the three arms did in the same round', () => {
    const rounds = roundsOf(run, 'throughput_per_s')
    expect(rounds[2]).toEqual({ a: 2, again: 12, b: 22 })
    expect(rounds).toHaveLength(4)
  })

  it('leave out those in which a trial does not count', () => {
    const trials = run.trials.map((trial) =>
      trial.id === 5 ? { ...trial, status: 'void' as const } : trial,
    )
    const kept = roundsOf({ ...run, trials }, 'throughput_per_s')
    expect(kept.map(({ a }) => a)).toEqual([0, 2, 3])
    expect(roundsOf(run, 'cpu_per_task_ms')).toEqual([])
  })
})

describe('what the self-test says of memory', () => {
  const MiB = 1024 * 1024
  const wanted = memoryRun()
  /** Host and workers weigh something, more in each round; what is held is read `factor` times. */
  const read = (factor: number) => (id: number, round: number) => {
    const { workers, parameters } = wanted.configurations[id] as (typeof wanted.configurations)[0]
    const held = workers * (parameters.size_mib as number) * MiB
    return { peak_pss_bytes: 40 * MiB + round * 9 * MiB + factor * held, peak_rss_bytes: 1 }
  }

  it('holds by what the reading rises against what is held, whatever else there is', () => {
    const [, pss] = memoryParts(madeUp(wanted, 5, read(1)))
    expect(pss).toMatchObject({ figure: 'peak_pss_bytes', measured: 1, ok: true })
    expect(
      pss?.readings.map(({ configuration, held_bytes }) => [configuration, held_bytes]),
    ).toEqual([
      ['threads × 1', 63 * MiB],
      ['processes × 1', 63 * MiB],
      ['processes × 2', 126 * MiB],
    ])
  })

  it('has each size compared with its like, and with no other', () => {
    const { comparisons } = compareModels(madeUp(wanted, 5, read(1)))
    const sizeOf = (id: number) => wanted.configurations[id]?.parameters.size_mib
    const pairs = comparisons
      .filter(({ metric }) => metric === 'peak_pss_bytes')
      .map(({ a, b }) => [sizeOf(a), sizeOf(b)])
    expect(pairs).toEqual([
      [1, 1],
      [64, 64],
    ])
  })

  it('misses more than 3 % to either side, and says of which configuration', () => {
    for (const factor of [0.96, 1.04]) {
      const worst = memoryParts(
        madeUp(wanted, 5, (id, round) => read(id === 3 ? factor : 1)(id, round)),
      )[1]
      expect(worst?.ok).toBe(false)
      expect(worst?.found).toContain('processes × 1')
    }
    expect(memoryParts(madeUp(wanted, 5, read(1.02)))[1]?.ok).toBe(true)
  })

  it('says what is not available here, and does not count it as missed', () => {
    const [, , uss] = memoryParts(madeUp(wanted, 5, read(1)))
    expect(uss).toMatchObject({ measured: null, ok: null, found: 'not available here' })
  })

  it('misses what only some configurations have', () => {
    const run = madeUp(wanted, 2, read(1))
    const trials = run.trials.filter((trial) => trial.configuration_id !== 5)
    expect(memoryParts({ ...run, trials })[1]).toMatchObject({ measured: null, ok: false })
  })
})

describe('the options of a self-test', () => {
  it('may be left out', () => {
    expect(selfTestProblems({})).toEqual([])
    expect(selfTestProblems({ trials: 20, slowdown_percent: 7.5 })).toEqual([])
  })

  it.each([19, 301, 20.5, 'many', Number.NaN, null])('refuse %s trials', (trials) => {
    expect(selfTestProblems({ trials })).toMatchObject([
      {
        path: 'trials',
        message: expect.stringContaining('allowed: a whole number from 20 to 300'),
      },
    ])
  })

  it.each([2, 101, '5 %'])('refuse a slow-down of %s', (slowdown_percent) => {
    expect(selfTestProblems({ slowdown_percent })).toMatchObject([{ path: 'slowdown_percent' }])
  })
})

describe('a self-test', () => {
  const silent = {
    begins: () => {},
    stage: () => {},
    hear: () => {},
    options: selfTestDefaults,
    comparisons: 20,
  }
  const finished = (run: Run) => ({
    id: run.id,
    stop: () => {},
    finished: Promise.resolve({ run, storageFailure: null }),
  })

  it('says first how long it will take, and ends with the run that failed', async () => {
    const told: unknown[] = []
    const report = await new SelfTest({
      ...silent,
      begins: (time) => told.push(time),
      stage: (what) => told.push(what),
      start: async () => finished({ ...exampleRun, status: 'failed', reason: 'the host ended' }),
    }).finished
    expect(told[0]).toBeGreaterThan(30_000)
    expect(told[1]).toContain('30 rounds')
    expect(report).toMatchObject({
      status: 'failed',
      passed: false,
      reason: 'the run for speed failed: the host ended',
      runs: [3],
      parts: [],
    })
    expect(selfTestReport(report)).toContain('what was measured is kept: run 3')
  })

  it('stops the run it is in, and keeps what is measured', async () => {
    let end = (_: { run: Run; storageFailure: null }) => {}
    const stopped: string[] = []
    const selfTest = new SelfTest({
      ...silent,
      start: async () => ({
        id: 3,
        stop: () => {
          stopped.push('run')
          end({ run: { ...exampleRun, status: 'interrupted' }, storageFailure: null })
        },
        finished: new Promise((resolve) => {
          end = resolve
        }),
      }),
    })
    await new Promise(setImmediate)
    selfTest.stop()
    const report = await selfTest.finished
    expect(stopped).toEqual(['run'])
    expect(report).toMatchObject({ status: 'interrupted', passed: false, runs: [3] })
  })

  it('keeps what it has where a later run cannot be started, and passes on where none can', async () => {
    const speed = madeUp(speedRun(selfTestDefaults), 12, () => ({
      throughput_per_s: about(300, 0.5),
      cpu_per_task_ms: about(3, 0.5),
    }))
    const doesNotFit = new LabError('does-not-fit', 'too little memory')
    const madeOf = (runs: Run[]) =>
      new SelfTest({
        ...silent,
        start: async () => {
          const run = runs.shift()
          if (run === undefined) throw doesNotFit
          return finished(run)
        },
      }).finished
    const report = await madeOf([speed])
    expect(report).toMatchObject({ status: 'failed', reason: 'too little memory', runs: [3] })
    expect(report.parts).toHaveLength(8)
    await expect(madeOf([])).rejects.toBe(doesNotFit)
  })

  it('passes where nothing is missed, and says what is not available', async () => {
    const speed = madeUp(speedRun(selfTestDefaults), 24, (id) => ({
      throughput_per_s: about(id === 2 ? 280 : 300, 0.5),
      cpu_per_task_ms: about(id === 2 ? 3.2 : 3, 0.5),
    }))
    const memory = madeUp(memoryRun(), 2, (id) => ({
      peak_rss_bytes: ([1, 64, 1, 64, 2, 128][id] as number) * 1024 * 1024,
    }))
    const runs = [speed, { ...memory, id: 4 }]
    const report = await new SelfTest({
      ...silent,
      start: async () => finished(runs.shift() as Run),
    }).finished
    expect(report).toMatchObject({ status: 'done', passed: true, runs: [3, 4] })
    expect(report.parts.map(({ ok }) => ok)).toEqual([...Array(9).fill(true), null, null])
    const text = selfTestReport(report)
    expect(text).toContain('memory (PSS), memory (USS) not available')
    expect(text).toContain(report.caution)
    expect(text).not.toContain('MISSED')
  })

  it('tells what to do where throughput alone is too disturbed', () => {
    const part = {
      figure: 'throughput_per_s',
      contest: 'a-b',
      how: 'simulated',
      asked: 'so',
      measured: 0.4,
      unit: 'share',
      interval: { low: 0.3, high: 0.5, kind: 'wilson' },
      ok: false,
      found: 'little',
      readings: [],
    } as const
    const text = selfTestReport({
      ...{ status: 'done', reason: null, passed: false, options: selfTestDefaults },
      ...{ runs: [8], parts: [part], caution: 'mind this', warnings: ['it was busy'] },
    })
    expect(text).toContain('MISSED  throughput, simulated')
    expect(text).toContain('Not passed: A against B (throughput, simulated).')
    expect(text).toContain('40 % (95 % interval 30 % to 50 %): little')
    expect(text).toContain('found in CPU time but not in throughput')
    expect(text).toContain('corescope doctor')
    expect(text).toContain('note: it was busy')
  })
})
