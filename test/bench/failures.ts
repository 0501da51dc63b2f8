import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { Lab } from '../../src/engine/lab.ts'
import { failures } from '../../src/shared/model/failure.ts'
import { ourProcesses } from '../support/command.ts'
import { programs } from '../support/programs.ts'
import type { Benchmark } from './benchmark.ts'
import { runPlan } from './with-lab.ts'

const trials = 200
/** Short waits: that a failure is survived shows as well after a small leak and a short silence. */
const plan = {
  experiment: 'failures',
  workers: [2],
  repeat: trials / (2 * failures.length),
  parameters: { deadline_ms: 200, leak_mb: 20, watch_s: 1 },
}
/** Trials after which the app has loaded and compiled what it needs. */
const settled = 40
/** More is no noise of its garbage collection. */
const mostGrowth = 32 * 2 ** 20

/** What is not as it should be after so many failures in a row: none where app and database are unharmed. */
async function faultsAfterFailures(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'corescope-bench-'))
  const databasePath = join(folder, 'bench.db')
  const lab = new Lab({ databasePath, programs, version: 'bench' })
  const rss: number[] = []
  const faults: string[] = []
  try {
    const before = performance.now()
    const run = await runPlan(lab, plan, (event) => {
      if (event.type === 'trial-ended') rss.push(process.memoryUsage.rss())
    })
    const seconds = (performance.now() - before) / 1000
    const kept = await lab.saved.run(run.id)
    await lab.close()
    const sound = kept.trials.filter(({ status }) => status === 'done')
    if (sound.length !== trials) faults.push(`${sound.length} of ${trials} trials were kept`)
    faults.push(...reasonsOf(kept.trials.flatMap(({ reason }) => reason ?? [])))

    const database = new Database(databasePath, { readonly: true })
    const integrity = database.pragma('integrity_check', { simple: true })
    database.close()
    if (integrity !== 'ok') faults.push(`the database: ${integrity}`)

    const then = middle(rss.slice(settled, 2 * settled))
    const now = middle(rss.slice(-settled))
    if (now - then > mostGrowth) faults.push('the app has grown')
    const left = await processesLeft()
    if (left > 0) faults.push(`${left} processes are left`)

    const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1)
    console.error(
      `  trials    ${sound.length} kept in ${seconds.toFixed(0)} s; integrity_check ${integrity}; ${left} processes left`,
    )
    console.error(
      `  app       ${mebibytes(then)} MiB in trials ${settled} to ${2 * settled}, ${mebibytes(now)} MiB in the last ${settled}`,
    )
    for (const fault of faults) console.error(`  fault     ${fault}`)
    return faults.length
  } finally {
    await lab.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function reasonsOf(all: readonly string[]): string[] {
  return [...new Set(all)]
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** The reaper is the last to go, at once after the app has let it. */
async function processesLeft(): Promise<number> {
  const deadline = performance.now() + 2000
  for (;;) {
    const { length } = await ourProcesses()
    if (length === 0 || performance.now() > deadline) return length
    await setTimeout(50)
  }
}

export const failuresBenchmark: Benchmark = {
  name: 'failures-200',
  asked: `${trials} failure-lab trials in a row: all kept, the database whole, the app no more than ${mostGrowth / 2 ** 20} MiB larger, no process left: 0 faults`,
  unit: 'faults',
  isMet: (measured) => measured === 0,
  measure: faultsAfterFailures,
}
