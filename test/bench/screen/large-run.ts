import { TrialRecorder } from '../../../src/engine/session/recorder.ts'
import { openDatabase } from '../../../src/engine/storage/database.ts'
import { thisOwner } from '../../../src/engine/storage/liveness.ts'
import { RunLibrary } from '../../../src/engine/storage/run-library.ts'
import { RunRecording } from '../../../src/engine/storage/run-recording.ts'
import type { Model } from '../../../src/shared/model/execution-model.ts'
import type { Configuration } from '../../../src/shared/model/run.ts'
import type { SampleSeries } from '../../../src/shared/model/sample.ts'
import { rowOf } from '../../../src/shared/sample-row.ts'
import { exampleRun } from '../../support/example-run.ts'
import { feedReading } from './feed.ts'

const samples = 36_000
const intervalMs = 100
const models: readonly Model[] = ['threads', 'processes']

/** Writes a run of an hour at 10 Hz with 64 cores and 64 workers a model, as a recorder does. */
export function writeLargeRun(path: string): number {
  const { database } = openDatabase(path, 'write')
  const recording = new RunRecording(database)
  const { id: _, ...configuration } = exampleRun.configurations[0] as Configuration
  const [trial] = exampleRun.trials
  if (trial === undefined) throw new Error('no example')
  const run = recording.create({
    uid: 'large',
    plan: { ...exampleRun.plan, models: [...models], workers: [64], duration_s: 3600, tasks: null },
    label: 'an hour',
    configurations: models.map((model) => ({ ...configuration, model, workers: 64 })),
    trialsPlanned: models.length,
    startedAt: Date.now(),
    owner: thisOwner(),
  })
  models.forEach((model, ordinal) => {
    const configurationId = run.configurationIds[ordinal] as number
    const id = recording.startTrial(run.id, {
      configurationId,
      ordinal,
      index: 0,
      warmUp: false,
      startedAt: Date.now(),
    })
    const recorder = new TrialRecorder({
      model,
      workers: 64,
      cores: 64,
      usableCores: 64,
      startedAt: 0,
    })
    for (let sample = 0; sample < samples; sample++) {
      const at = sample * intervalMs
      const { busy, workers, treeRssBytes, hostRssBytes } = feedReading(at)
      const machine: Partial<Record<SampleSeries, number>> = {}
      busy.forEach((value, core) => {
        machine[`core.${core}.busy`] = Number(value)
      })
      recorder.addSample({ stream: 'machine', at, dt_ms: intervalMs, ...rowOf(machine) })
      const tree = { 'tree.rss_bytes': treeRssBytes ?? 0, 'process.1.rss_bytes': hostRssBytes ?? 0 }
      recorder.addSample({ stream: 'processes', at, dt_ms: intervalMs, ...rowOf(tree) })
      recorder.addReport({
        type: 'report',
        at,
        rssBytes: hostRssBytes ?? 0,
        cpuMs: at,
        workers: {
          at: workers.map(() => at),
          tasks: workers.map(({ tasks }) => tasks),
          cpuMs: workers.map(() => at / 2),
          rssBytes: workers.map(({ rssBytes }) => rssBytes),
          heapUsedBytes: workers.map(({ heapUsedBytes }) => heapUsedBytes ?? 0),
          isDone: workers.map(() => false),
        },
      })
      recorder.takeReading(null)
      if (sample % 5 === 4) {
        recorder.keep((batches) =>
          recording.keepProgress(run.id, Date.now(), batches, {
            id,
            releasedMs: 300,
            tasksDone: recorder.tasksDone,
          }),
        )
      }
    }
    const { status, reason, memory_basis, metrics } = trial
    recording.endTrial(
      id,
      {
        ...{ status, reason, metrics, releasedMs: 300, tasksDone: recorder.tasksDone },
        memoryBasis: memory_basis,
        phases: [],
        workers: [],
      },
      recorder.overview.toData(),
    )
  })
  recording.endRun(run.id, {
    status: 'done',
    reason: null,
    endedAt: Date.now(),
    trialsPlanned: models.length,
  })
  const kept = new RunLibrary(database).find(run.id)
  database.close()
  if (kept?.trials_done !== models.length) throw new Error('the large run was not kept')
  return run.id
}
