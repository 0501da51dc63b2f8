import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { median } from 'simple-statistics'
import { Lab } from '../../src/engine/lab.ts'
import { type RunsQuery, runOrders } from '../../src/shared/contract.ts'
import { makeLibrary } from '../support/made-up-library.ts'
import { cli, programs } from '../support/programs.ts'
import type { Benchmark } from './benchmark.ts'

const run = promisify(execFile)
const runs = 10_000
const rounds = 9
const startRounds = 15

const firstPage: RunsQuery = {
  ...{ search: '', order: 'started_at', descending: true, offset: 0, limit: 100 },
}

/** What a user asks of the list, by name. */
const questions: Readonly<Record<string, Partial<RunsQuery>>> = {
  list: {},
  'a word': { search: 'governor' },
  'two words': { search: 'governor birch' },
  'a word that is nowhere': { search: 'zeppelin' },
  'a word with an accent': { search: 'ÉMIGRÉ' },
  ...Object.fromEntries(
    runOrders.flatMap((order) => [
      [`by ${order}`, { order }],
      [`by ${order}, rising`, { order, descending: false }],
    ]),
  ),
  'of a workload': { workload: 'sha256' },
  'of a model': { model: 'processes' },
  'of a machine': { machine: 'cedar' },
  'of a status': { status: 'failed' },
  'of a tag': { tag: 'node 26' },
  'of a month': { from: '2025-01-01T00:00:00.000Z', before: '2025-02-01T00:00:00.000Z' },
  'of all at once': { search: 'fan', workload: 'sort', machine: 'birch', order: 'label' },
}

async function withLibraries<T>(use: (full: string, small: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'corescope-bench-'))
  try {
    makeLibrary(join(folder, 'full.db'), runs)
    makeLibrary(join(folder, 'small.db'), 30)
    return await use(join(folder, 'full.db'), join(folder, 'small.db'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const labAt = (databasePath: string) => new Lab({ databasePath, programs, version: 'bench' })

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function medianOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await timed(work))
  return median(times)
}

const foundBenchmark: Benchmark = {
  name: 'library-10000',
  asked:
    'of 10,000 runs the first page of 100: list, search, sort, filter, facets, the slowest ≤ 50',
  unit: 'ms',
  isMet: (measured) => measured <= 50,
  measure: () =>
    withLibraries(async (full) => {
      const lab = labAt(full)
      await lab.library.page({ ...firstPage, limit: 1 })
      const times: number[] = []
      const tell = (name: string, ms: number, found: number) => {
        console.error(`  ${name.padEnd(28)} ${ms.toFixed(1).padStart(6)} ms  ${found} found`)
        times.push(ms)
      }
      for (const [name, question] of Object.entries(questions)) {
        const query = { ...firstPage, ...question }
        const { total } = await lab.library.page(query)
        tell(name, await medianOf(() => lab.library.page(query)), total)
      }
      tell('facets', await medianOf(() => lab.library.facets()), runs)
      await lab.close()
      return Math.max(...times)
    }),
}

const startBenchmark: Benchmark = {
  name: 'library-start',
  asked:
    'what 10,000 runs add to 30: to "corescope runs", to opening for the first page; the most, quickest of 15 in turn, ≤ 25',
  unit: 'ms',
  isMet: (measured) => measured <= 25,
  measure: () =>
    withLibraries(async (full, small) => {
      const ways: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
        runs: (path) => corescope(path, 'runs'),
        async opening(path) {
          const lab = labAt(path)
          await lab.library.page(firstPage)
          await lab.close()
        },
      }
      const added: number[] = []
      for (const [name, way] of Object.entries(ways)) {
        const [ofFull, ofSmall]: [number[], number[]] = [[], []]
        for (let round = 0; round < startRounds; round++) {
          ofSmall.push(await timed(() => way(small)))
          ofFull.push(await timed(() => way(full)))
        }
        // The quickest of each: what else the machine does adds, and takes nothing away.
        const [more, less] = [Math.min(...ofFull), Math.min(...ofSmall)]
        console.error(`  ${name.padEnd(10)} ${more.toFixed(1)} ms, with 30 runs ${less.toFixed(1)}`)
        added.push(more - less)
      }
      return Math.max(...added)
    }),
}

function corescope(path: string, name: string): Promise<unknown> {
  const env = { ...process.env, CORESCOPE_DB: path }
  return run(process.execPath, [cli, name], { env, maxBuffer: 1e8 })
}

export const libraryBenchmarks: readonly Benchmark[] = [foundBenchmark, startBenchmark]
