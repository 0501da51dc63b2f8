import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from 'simple-statistics'
import { Lab } from '../../../src/engine/lab.ts'
import { programs } from '../../support/programs.ts'
import type { Benchmark } from '../benchmark.ts'
import { type RecordedHour, recordHour } from './record.ts'

const rounds = 9
const mostPoints = 2000
const what = 'an hour at 10 Hz × 64 cores × 64 worker processes'

let recorded: Promise<RecordedHour> | undefined

/** Recorded once, for all that is asked of it. */
function hour(): Promise<RecordedHour> {
  if (recorded === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'corescope-bench-'))
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
    recorded = recordHour(join(folder, 'hour.db'))
  }
  return recorded
}

/** From nothing open to the trial over time, in ms. */
async function opening({ path, trialId }: RecordedHour): Promise<number> {
  const from = performance.now()
  const lab = new Lab({ databasePath: path, programs, version: 'bench' })
  const { timeline } = await lab.saved.timeline(trialId)
  const took = performance.now() - from
  await lab.close()
  const points = timeline.t.length
  if (points > mostPoints || points < mostPoints / 4) throw new Error(`${points} points a series`)
  return took
}

export const hourBenchmarks: readonly Benchmark[] = [
  {
    name: 'hour-size',
    asked: `${what}: database with all of it, ≤ 80`,
    unit: 'MB',
    isMet: (measured) => measured <= 80,
    measure: async () => (await hour()).bytes / 1e6,
  },
  {
    name: 'hour-recording',
    asked: `${what}: CPU time of recording, a batch a second, ≤ 3`,
    unit: '% of a core',
    isMet: (measured) => measured <= 3,
    measure: async () => (await hour()).cpuMs / 36_000,
  },
  {
    name: 'hour-overview',
    asked: `${what}: opened as an overview of ≤ ${mostPoints} points a series, database included, median of ${rounds}, ≤ 150`,
    unit: 'ms',
    isMet: (measured) => measured <= 150,
    async measure() {
      const large = await hour()
      const times: number[] = []
      for (let round = 0; round < rounds; round++) times.push(await opening(large))
      console.error(`  rounds    ${times.map((time) => time.toFixed(0)).join(' ')}`)
      return median(times)
    },
  },
]
