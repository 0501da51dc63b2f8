import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomNumbers } from '../../src/shared/random.ts'
import { killRecording, recordTogether } from '../support/recorded-trials.ts'
import type { Benchmark } from './benchmark.ts'

const kills = 200
const apps = 8

/** A quarter of the kills comes while the run is prepared, the others while trials are recorded, in ms. */
const moments = [
  { after: 'start', latest: 1500 },
  { after: 'first trial', latest: 1200 },
  { after: 'first trial', latest: 1200 },
  { after: 'first trial', latest: 1200 },
] as const

async function withDatabase<T>(use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'corescope-bench-'))
  try {
    return await use(join(folder, 'bench.db'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const killsBenchmark: Benchmark = {
  name: 'kills-200',
  asked: `${kills} × kill -9 at random moments of a recording run, under threads and processes in turn: opens, integrity_check ok, committed trials complete, run marked, no process left after 2 s; faults = 0`,
  unit: 'faults',
  isMet: (faults) => faults === 0,
  measure: () =>
    withDatabase(async (path) => {
      const seed = Date.now() % 2 ** 32
      const next = randomNumbers(seed)
      let faults = 0
      let committed = 0
      for (let kill = 0; kill < kills; kill++) {
        const model = kill % 2 === 0 ? 'threads' : 'processes'
        // Each of the moments under each of the models.
        const { after, latest } = moments[Math.floor(kill / 2) % 4] as (typeof moments)[number]
        const ms = Math.round((next() / 2 ** 32) * latest)
        const killed = await killRecording(path, model, { after, ms })
        faults += killed.faults.length
        committed = killed.done
        for (const fault of killed.faults)
          console.error(`  kill ${kill} (${model}, ${ms} ms after ${after}): ${fault}`)
      }
      console.error(`  seed      ${seed}; ${committed} trials were committed and are complete`)
      return faults
    }),
}

const writersBenchmark: Benchmark = {
  name: 'eight-writers',
  asked: `${apps} terminals record into one database at once: no error, no lost trial; faults = 0`,
  unit: 'faults',
  isMet: (faults) => faults === 0,
  measure: () =>
    withDatabase(async (path) => {
      const faults = await recordTogether(path, apps)
      for (const fault of faults) console.error(`  ${fault}`)
      return faults.length
    }),
}

export const safetyBenchmarks = [killsBenchmark, writersBenchmark]
