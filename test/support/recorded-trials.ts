import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { Storage } from '../../src/engine/storage/storage.ts'
import { ourProcesses, start } from './command.ts'

/** A run of short trials that takes far longer than it is let live. */
export const manyShortTrials: readonly string[] = [
  ...['--param', 'n=3000', '--tasks', '60', '--warmup', '0', '--repeat', '500', '--interval', '50'],
]

export interface Killed {
  /** Trials that were committed before. */
  readonly done: number
  /** What is not as it must be, in words. */
  readonly faults: readonly string[]
}

/** When an app is killed: some time after its start, or after it has told of its first trial. */
export interface Moment {
  readonly after: 'start' | 'first trial'
  readonly ms: number
}

/**
 * Kills a recording app with `kill -9` and looks at what it leaves. A trial that it has told of was
 * committed before.
 *
 * @param model under which it runs its trials
 * @param mostSurvivalMs by how much something of it may outlive the app
 */
export async function killRecording(
  database: string,
  model: string,
  { after, ms }: Moment,
  mostSurvivalMs = 2000,
): Promise<Killed> {
  const before = trialsOfNewest(database)
  const { child, ended, told } = start(database, 'run', '--models', model, ...manyShortTrials)
  if (after === 'first trial') {
    while (child.exitCode === null && !told().includes('trial 1/')) await setTimeout(5)
  }
  await setTimeout(ms)
  const isRunning = child.exitCode === null
  child.kill('SIGKILL')
  await ended
  const killedAt = performance.now()
  let left = await ourProcesses()
  while (left.length > 0 && performance.now() - killedAt < mostSurvivalMs) {
    await setTimeout(20)
    left = await ourProcesses()
  }
  const toldOf = told().match(/^trial \d+\/.* wall /gm)?.length ?? 0
  const kept = trialsOfNewest(database)
  const isLost = toldOf > (kept.run === before.run ? 0 : kept.done)
  const { done, faults } = existsSync(database) ? faultsOf(database) : { done: 0, faults: [] }
  return {
    done,
    faults: [
      ...(isRunning ? [] : [`the run ended by itself: ${told()}`]),
      ...(isLost ? [`${toldOf} trials were told of, ${kept.done} are kept`] : []),
      ...left.map((processId) => `process ${processId} is left`),
      ...faults,
    ],
  }
}

/** The newest run, and how many of its trials are done. */
function trialsOfNewest(path: string): { readonly run: number; readonly done: number } {
  if (!existsSync(path)) return { run: 0, done: 0 }
  const storage = new Storage(path, 'read')
  const [newest] = storage.library.list()
  storage.close()
  return { run: newest?.id ?? 0, done: newest?.trials_done ?? 0 }
}

/** Opens a database as an app does, and holds it against what every one must be. */
export function faultsOf(path: string): Killed {
  const storage = new Storage(path, 'write')
  try {
    const { database } = storage.opened
    const all = (sql: string) => database.prepare(sql).pluck().all() as (string | number)[]
    const faults = all('PRAGMA integrity_check')
      .filter((line) => line !== 'ok')
      .map(String)
    faults.push(
      ...all('SELECT "table" FROM pragma_foreign_key_check').map((t) => `${t} without parent`),
    )
    faults.push(
      ...all(`SELECT id FROM runs WHERE status = 'running'`).map((id) => `run ${id} is not marked`),
    )
    faults.push(
      ...all(`SELECT id FROM trials WHERE status = 'running'`).map(
        (id) => `trial ${id} is not marked`,
      ),
    )
    for (const [what, lacks] of Object.entries(whatATrialLacks)) {
      const ids = all(`SELECT id FROM trials WHERE status = 'done' AND NOT (${lacks})`)
      faults.push(...ids.map((id) => `trial ${id} is done without its ${what}`))
    }
    return { done: all(`SELECT 1 FROM trials WHERE status = 'done'`).length, faults }
  } catch (error) {
    return { done: 0, faults: [(error as Error).message] }
  } finally {
    storage.close()
  }
}

/** What there must be of a trial that is done, in SQL. */
const whatATrialLacks = {
  metrics: `(SELECT count(*) FROM metrics WHERE trial_id = trials.id
    AND key IN ('wall_ms', 'throughput_per_s', 'checksum_ok')) = 3`,
  phases: `EXISTS (SELECT 1 FROM phases WHERE trial_id = trials.id AND name = 'work' AND worker IS NULL)`,
  workers: `(SELECT count(*) FROM workers WHERE trial_id = trials.id) =
    (SELECT workers FROM configurations WHERE id = configuration_id)`,
  overview: `EXISTS (SELECT 1 FROM overviews WHERE trial_id = trials.id)`,
  samples: `EXISTS (SELECT 1 FROM sample_chunks WHERE trial_id = trials.id)`,
  'chunks of samples': `(SELECT count(*) = max(ordinal) + 1 FROM sample_chunks WHERE trial_id = trials.id)`,
}

/**
 * Records runs by several apps at once into one database, as several terminals do.
 *
 * @returns what is not as it must be, in words
 */
export async function recordTogether(database: string, apps: number): Promise<string[]> {
  const repeat = 4
  const flags = ['--param', 'n=3000', '--tasks', '60', '--warmup', '0', '--interval', '50']
  const started = Array.from({ length: apps }, (_, app) =>
    start(
      database,
      ...['run', '--models', 'threads,processes', '--workers', '1', ...flags],
      ...['--repeat', String(repeat), '--label', `terminal ${app}`, '--quiet', '--force'],
    ),
  )
  const faults: string[] = []
  for (const [app, { ended }] of started.entries()) {
    const { code, stderr } = await ended
    if (code !== 0 || stderr !== '') faults.push(`terminal ${app} ended with ${code}: ${stderr}`)
  }
  faults.push(...faultsOf(database).faults)
  const storage = new Storage(database, 'read')
  const runs = storage.library.list()
  storage.close()
  if (runs.length !== apps) faults.push(`${runs.length} runs of ${apps}`)
  for (const { label, status, trials_done: done } of runs) {
    if (status !== 'done') faults.push(`${label} is ${status}`)
    if (done !== 2 * repeat) faults.push(`${label} has ${done} trials of ${2 * repeat}`)
  }
  return faults
}
