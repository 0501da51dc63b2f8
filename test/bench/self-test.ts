import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Lab } from '../../src/engine/lab.ts'
import type { SelfTestPart, SelfTestReport } from '../../src/shared/model/self-test.ts'
import { programs } from '../support/programs.ts'
import type { Benchmark } from './benchmark.ts'

let report: Promise<SelfTestReport> | undefined

/** `corescope selftest` as it ships, made once for all three. */
function selfTest(): Promise<SelfTestReport> {
  report ??= makeSelfTest()
  return report
}

async function makeSelfTest(): Promise<SelfTestReport> {
  const folder = await mkdtemp(join(tmpdir(), 'corescope-bench-'))
  const lab = new Lab({ databasePath: join(folder, 'bench.db'), programs, version: 'bench' })
  try {
    const silent = { begins: () => {}, stage: () => {}, hear: () => {} }
    const made = await (await lab.selfTest({}, silent)).finished
    for (const warning of made.warnings) console.error(`  note      ${warning}`)
    return made
  } finally {
    await lab.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The parts of a contest, each told beside the figure that is asked for. */
async function partsOf(contest: SelfTestPart['contest']): Promise<readonly SelfTestPart[]> {
  const parts = (await selfTest()).parts.filter((part) => part.contest === contest)
  for (const { figure, how, measured, interval, found } of parts) {
    const between =
      interval === null ? '' : ` [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`
    console.error(`  ${how}  ${figure} ${measured?.toFixed(3) ?? 'none'}${between}: ${found}`)
  }
  return parts
}

/** Simulated comparisons of 100 of which the throughput's verdict is the right one. */
async function rightOf100(contest: 'a-a' | 'a-b'): Promise<number> {
  const share = (await partsOf(contest)).find(
    ({ figure, how }) => figure === 'throughput_per_s' && how === 'simulated',
  )?.measured
  if (share == null) return Number.NaN
  return 100 * (contest === 'a-a' ? 1 - share : share)
}

const simulated = 'drawn from 30 recorded rounds, 10 trials a side'

export const selfTestBenchmarks: readonly Benchmark[] = [
  {
    name: 'a-a',
    asked: `same work on both sides: "no difference" in ≥ 95 of 100 (500 ${simulated})`,
    unit: 'of 100',
    isMet: (measured) => measured >= 95,
    measure: () => rightOf100('a-a'),
  },
  {
    name: 'a-b',
    asked: `5 % more work on one side: found in ≥ 90 of 100 (500 ${simulated})`,
    unit: 'of 100',
    isMet: (measured) => measured >= 90,
    measure: () => rightOf100('a-b'),
  },
  {
    name: 'memory-64-mb',
    asked: 'PSS and USS of workers that hold 64 MiB against those that hold 1 MiB, off by ≤ 3',
    unit: '%',
    isMet: (measured) => measured <= 3,
    async measure() {
      const parts = (await partsOf('held')).filter(({ figure }) => figure !== 'peak_rss_bytes')
      return Math.max(...parts.map(({ measured }) => 100 * Math.abs((measured ?? Number.NaN) - 1)))
    },
  },
]
