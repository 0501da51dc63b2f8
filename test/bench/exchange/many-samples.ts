import { openDatabase } from '../../../src/engine/storage/database.ts'
import { thisOwner } from '../../../src/engine/storage/liveness.ts'
import { RunRecording } from '../../../src/engine/storage/run-recording.ts'
import type { Configuration } from '../../../src/shared/model/run.ts'
import type { SampleSeries } from '../../../src/shared/model/sample.ts'
import type { TimedRow } from '../../../src/shared/sample-row.ts'
import { exampleRun } from '../../support/example-run.ts'

const cores = 64
const workers = 64
const intervalMs = 100
/** Samples of a stream that are kept together: those of two seconds. */
const chunkSamples = 20

const ofCores = [
  'machine.memory_used_bytes',
  ...numbered(cores, (core) => `core.${core}.busy`),
] as readonly SampleSeries[]
const ofWorkers = [
  ...['tree.rss_bytes', 'tree.cpu_share', 'host.rss_bytes'],
  ...numbered(workers, (worker) => `worker.${worker}.tasks_done`),
  ...numbered(workers, (worker) => `worker.${worker}.cpu_share`),
  ...numbered(workers, (worker) => `worker.${worker}.rss_bytes`),
] as readonly SampleSeries[]

/** Writes a run whose samples come to so many rows of a table, or some more; returns its number. */
export function writeManySamples(path: string, rows: number): number {
  const { database } = openDatabase(path, 'write')
  const recording = new RunRecording(database)
  const { id: _, ...configuration } = exampleRun.configurations[0] as Configuration
  const run = recording.create({
    uid: 'many-samples',
    plan: exampleRun.plan,
    label: 'many samples',
    configurations: [{ ...configuration, workers }],
    trialsPlanned: 1,
    startedAt: Date.now(),
    owner: thisOwner(),
  })
  const id = recording.startTrial(run.id, {
    configurationId: run.configurationIds[0] as number,
    ...{ ordinal: 0, index: 0, warmUp: false, startedAt: Date.now() },
  })
  const rowsOfChunk = chunkSamples * (cores + 1 + workers + 2)
  for (let chunk = 0; chunk * rowsOfChunk < rows; chunk++) {
    const from = chunk * chunkSamples
    recording.keepProgress(
      run.id,
      Date.now(),
      [
        { ordinal: 2 * chunk, stream: 'machine', samples: samplesFrom(from, ofCores) },
        { ordinal: 2 * chunk + 1, stream: 'reports', samples: samplesFrom(from, ofWorkers) },
      ],
      { id, releasedMs: 300.125, tasksDone: 0 },
    )
  }
  const [trial] = exampleRun.trials
  recording.endTrial(id, {
    ...{ status: 'done', reason: null, releasedMs: 300.125, tasksDone: 0, memoryBasis: null },
    ...{ metrics: trial?.metrics ?? {}, phases: [], workers: [] },
  })
  recording.endRun(run.id, {
    ...{ status: 'done', reason: null, endedAt: Date.now(), trialsPlanned: 1 },
  })
  database.close()
  return run.id
}

function numbered(count: number, name: (at: number) => string): string[] {
  return Array.from({ length: count }, (_, at) => name(at))
}

/** With as many digits as what is measured has. */
function samplesFrom(first: number, series: readonly SampleSeries[]): TimedRow[] {
  return Array.from({ length: chunkSamples }, (_, at) => {
    const t = (first + at) * intervalMs
    return {
      t_ms: t + Math.sin(t),
      dt_ms: intervalMs + Math.sin(t) / 10,
      series,
      values: Float64Array.from(series, (name, place) =>
        name.endsWith('_bytes')
          ? 4096 * (10_000 + ((place * 7 + first + at) % 997))
          : name.endsWith('_done')
            ? (first + at) * 13 + place
            : (1 + Math.sin(t + place)) / 2,
      ),
    }
  })
}
