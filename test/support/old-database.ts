import { deflateRawSync } from 'node:zlib'
import BetterSqlite3, { type Database } from 'better-sqlite3'
import { migrate, migrations } from '../../src/engine/storage/migrations.ts'

/**
 * A database as an older Corescope has left it, with rows in each of its tables: two runs of two trials,
 * the second run over a module of the user's own. What is written here is never changed, as the steps
 * are not: it stands for files that are out there.
 *
 * @param version 1–5
 */
export function makeOldDatabase(path: string, version: number): void {
  const database = new BetterSqlite3(path)
  database.pragma('journal_mode = WAL')
  migrate(database, migrations.slice(0, version))
  for (const run of [1, 2]) {
    insert(database, 'runs', {
      ...{ id: run, uid: `uid ${run}`, label: `old ${run}`, notes: 'ñ', status: 'done' },
      ...{ plan: JSON.stringify(plan), trials_planned: 2, started_at: 1.7e12 + run },
      ...{ ended_at: 1.7e12 + 60_000, owner_process: 7, owner_host: 'old', heartbeat_at: 1.7e12 },
      ...(version >= 2 ? { deleted_at: null } : {}),
    })
    insert(database, 'environments', {
      ...{ run_id: run, moment: 'before' },
      document: '{"hostname":"old","logical_cores":2}',
    })
    insert(database, 'warnings', { run_id: run, code: 'battery', message: `of ${run}` })
    insert(database, 'configurations', {
      ...{ id: run, run_id: run, workload: run === 1 ? 'primes' : './own.mjs' },
      ...{ parameters: '{"n":1000}', runtime: 'node', model: 'threads', workers: 1 },
      scheduling: 'static',
      ...ofConfiguration(version, run),
    })
    for (const ordinal of [0, 1]) insertTrial(database, version, run, ordinal)
  }
  if (version >= 5) {
    insert(database, 'tags', { run_id: 1, tag: 'émigré' })
    insert(database, 'baselines', { workload: 'primes', run_id: 1 })
    insert(database, 'settings', { name: 'keeping', value: '{"thin_after_days":30}' })
    database
      .prepare(
        'UPDATE runs SET is_kept = 1, sample_bytes = ?, thinned_at = ?, imported_at = ? WHERE id = 2',
      )
      .run(2 * oldChunk.length, 1.7e12 + 3, 1.7e12 + 4)
    database.prepare('UPDATE runs SET sample_bytes = ? WHERE id = 1').run(2 * oldChunk.length)
  }
  database.close()
}

/** What an own module was stood where variants are, until there was a column for it. */
function ofConfiguration(version: number, run: number): Readonly<Record<string, unknown>> {
  if (version < 4) return {}
  const content = 'a1b2c3d4e5f6'
  if (version === 4) return { variant: run === 1 ? 'clone' : content }
  return run === 1 ? { variant: 'clone', content: null } : { variant: null, content }
}

function insertTrial(database: Database, version: number, run: number, ordinal: number): void {
  const id = 10 * run + ordinal
  insert(database, 'trials', {
    ...{ id, run_id: run, configuration_id: run, ordinal, repetition: ordinal, warm_up: 0 },
    ...{
      status: 'done',
      started_at: 1.7e12,
      released_ms: 100,
      tasks_done: id,
      memory_basis: 'rss',
    },
    ...(version >= 4 ? { observations: '{"seen":1}' } : {}),
  })
  insert(database, 'metrics', { trial_id: id, key: 'wall_ms', value: id + 0.125 })
  insert(database, 'phases', { trial_id: id, name: 'work', start_ms: 100, end_ms: 400 })
  insert(database, 'workers', {
    ...{ trial_id: id, ordinal: 0, process_id: 11, thread_id: 2, tasks: 9, busy_ms: 900.5 },
    ...(version >= 3 ? { os_thread_id: 12, voluntary_switches: 4 } : {}),
  })
  insert(database, 'sample_chunks', {
    ...{ trial_id: id, ordinal: 0, stream: 'machine', samples: 2, data: oldChunk },
    ...(version >= 2 ? { from_ms: 100.5, to_ms: 350 } : {}),
  })
  if (version >= 5) {
    insert(database, 'task_spans', { trial_id: id, worker: 0, tasks: 9, data: oldChunk })
  }
  if (version >= 2) {
    insert(database, 'overviews', { trial_id: id, data: deflateRawSync('{"cores":2}') })
  }
}

function insert(database: Database, table: string, row: Readonly<Record<string, unknown>>): void {
  const columns = Object.keys(row)
  database
    .prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.map(() => '?')})`)
    .run(...Object.values(row))
}

const plan = {
  ...{ workload: 'primes', parameters: { n: 1000 }, models: ['threads'], workers: [1], notes: 'ñ' },
}

/** What `oldChunk` holds, from the release of the barrier. */
export const oldSamples = [
  { stream: 'machine', t_ms: 0.5, dt_ms: 0, values: { 'core.0.busy': 0.25 } },
  {
    ...{ stream: 'machine', t_ms: 250, dt_ms: 249.5 },
    values: { 'core.0.busy': 1 / 3, 'core.1.busy': 0 },
  },
]

/** Packed by Corescope 0.1.0. */
const oldChunk = Buffer.from(
  'M2FgYKhWKk7MLchJLVayMtJRKk4tygQxo5WS84tS9Qz0kkqLK5V0IDxDCC+2lgEEQsEkXlrhAYMBSF1kKUP+has/GBwcGBzs7esZAA==',
  'base64',
)
