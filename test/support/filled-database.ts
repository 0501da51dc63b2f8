import type { Database } from 'better-sqlite3'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { thisOwner } from '../../src/engine/storage/liveness.ts'
import { RunLibrary } from '../../src/engine/storage/run-library.ts'
import { RunRecording } from '../../src/engine/storage/run-recording.ts'
import { describeWorkloads } from '../../src/engine/workloads/catalogue.ts'
import { parsePlan } from '../../src/shared/model/plan-check.ts'
import type { Run } from '../../src/shared/model/run.ts'
import type { Sample } from '../../src/shared/model/sample.ts'
import { timedRows } from './timed-rows.ts'

/** What fills a database: some trials in each run, some chunks of samples in each trial. */
export interface Filling {
  readonly runs: number
  readonly trials: number
  readonly chunks: number
}

const parsed = parsePlan({}, await describeWorkloads(), 2)
if ('problems' in parsed) throw new Error('no plan')
const { plan } = parsed

/** Makes a database with runs that differ from each other in every table; it is closed afterwards. */
export function fillDatabase(path: string, { runs, trials, chunks }: Filling): void {
  const { database } = openDatabase(path, 'write')
  const recording = new RunRecording(database)
  for (let run = 0; run < runs; run++) {
    const { id, configurationIds } = recording.create({
      uid: `uid ${run}`,
      plan: { ...plan, notes: `notes of ${run}` },
      label: `run ${run}`,
      configurations: (['threads', 'processes'] as const).map((model) => ({
        workload: 'primes',
        parameters: { n: 1000 + run },
        runtime: 'node',
        interpreter: null,
        variant: null,
        content: null,
        model,
        workers: 2,
        scheduling: 'static',
      })),
      trialsPlanned: trials,
      startedAt: Date.parse('2026-01-02T03:04:05Z') + run * 1000,
      owner: thisOwner(),
    })
    recording.keepWarnings(id, [{ code: 'spread', message: `of ${run}` }])
    for (let ordinal = 0; ordinal < trials; ordinal++) {
      const trial = recording.startTrial(id, {
        configurationId: configurationIds[ordinal % 2] as number,
        ordinal,
        index: ordinal,
        warmUp: false,
        startedAt: 0,
      })
      const batches = Array.from({ length: chunks }, (_, chunk) => ({
        ordinal: chunk,
        stream: 'machine' as const,
        samples: timedRows(samplesOf(run, ordinal, chunk)),
      }))
      recording.keepProgress(id, 0, batches, { id: trial, releasedMs: 100, tasksDone: 1 })
      recording.endTrial(trial, {
        status: 'done',
        reason: null,
        releasedMs: 100,
        tasksDone: ordinal,
        memoryBasis: 'rss',
        metrics: { wall_ms: 1000 + ordinal + run / 8, throughput_per_s: 5 + ordinal },
        phases: [{ name: 'work', worker: null, start_ms: 100, end_ms: 1100 + run }],
        workers: [0, 1].map((index) => ({ ...worker, index, tasks: ordinal + index })),
      })
    }
    recording.endRun(id, {
      status: 'done',
      reason: null,
      endedAt: Date.parse('2026-01-02T04:04:05Z') + run * 1000,
      trialsPlanned: trials,
    })
  }
  database.close()
}

function samplesOf(run: number, ordinal: number, chunk: number) {
  return Array.from({ length: 30 }, (_, tick) => ({
    t_ms: chunk * 1000 + tick * 33.5,
    dt_ms: 33,
    values: Object.fromEntries(
      Array.from({ length: 8 }, (_, core) => [
        `core.${core}.busy`,
        Math.sin(run + ordinal * 3 + chunk * 7 + tick * 11 + core),
      ]),
    ),
  }))
}

/** A run with all its samples, by the number of its trial. */
export interface WholeRun {
  readonly run: Run
  readonly samples: ReadonlyMap<number, readonly Sample[]>
}

/** All that is in a database. */
export function readWhole(database: Database): WholeRun[] {
  const library = new RunLibrary(database)
  return library.list().map(({ id }) => {
    const run = library.read(id) as Run
    return { run, samples: new Map(run.trials.map((t) => [t.id, [...library.samples(t.id)]])) }
  })
}

const worker = {
  process_id: 11,
  thread_id: 2,
  busy_ms: 900.5,
  cpu_ms: null,
  spawn_ms: 40,
  teardown_ms: 3,
  os_thread_id: null,
  pss_bytes: null,
  uss_bytes: null,
  voluntary_switches: 4,
  involuntary_switches: null,
  migrations: null,
  rss_bytes: null,
  heap_used_bytes: 5_000_000,
}
