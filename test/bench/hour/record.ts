import { statSync } from 'node:fs'
import { Keeper } from '../../../src/engine/session/keeper.ts'
import { TrialRecorder } from '../../../src/engine/session/recorder.ts'
import { TrialBounds } from '../../../src/engine/session/trial-bounds.ts'
import { warmUpRecording } from '../../../src/engine/session/warm-up.ts'
import { openDatabase } from '../../../src/engine/storage/database.ts'
import { thisOwner } from '../../../src/engine/storage/liveness.ts'
import { RunRecording } from '../../../src/engine/storage/run-recording.ts'
import type { Configuration } from '../../../src/shared/model/run.ts'
import { exampleRun } from '../../support/example-run.ts'
import {
  type Interval,
  intervalMs,
  MadeUpMachine,
  madeUpCores,
  madeUpWorkers,
} from './made-up-machine.ts'

const seconds = 3600
const intervalsPerSecond = 1000 / intervalMs
/** Made in advance, apart from what is measured; a stretch is short, so that it is not all of memory. */
const secondsPerStretch = 30

export interface RecordedHour {
  readonly path: string
  readonly trialId: number
  /** Of the database, once all that was written is in it. */
  readonly bytes: number
  /** CPU time of recording, all threads and the collection of garbage included. */
  readonly cpuMs: number
}

/** Records an hour of one trial of 64 processes, a batch a second, into a database of its own. */
export async function recordHour(path: string): Promise<RecordedHour> {
  const { database } = openDatabase(path, 'write')
  const recording = new RunRecording(database)
  const { id: _, ...configuration } = exampleRun.configurations[0] as Configuration
  const run = recording.create({
    uid: 'an hour',
    plan: { ...exampleRun.plan, workers: [madeUpWorkers], duration_s: seconds, tasks: null },
    label: 'an hour',
    configurations: [{ ...configuration, model: 'processes', workers: madeUpWorkers }],
    trialsPlanned: 1,
    startedAt: Date.now(),
    owner: thisOwner(),
  })
  const trialId = recording.startTrial(run.id, {
    ...{ configurationId: run.configurationIds[0] as number, ordinal: 0, index: 0 },
    ...{ warmUp: false, startedAt: Date.now() },
  })
  const keeper = new Keeper(path, (failure) => {
    throw failure
  })
  const trial = { model: 'processes', workers: madeUpWorkers } as const
  warmUpRecording(madeUpWorkers, madeUpCores)
  const recorder = new TrialRecorder({
    ...trial,
    ...{ cores: madeUpCores, usableCores: madeUpCores, startedAt: 0 },
  })
  const memory = { heldBytes: 1e12, isGiven: true, freeBytes: null }
  const bounds = new TrialBounds({
    ...{ ...trial, memoryBytes: 1e12, look: async () => {} },
    bounds: { durationMs: seconds * 1000, timeoutMs: seconds * 1000, memory },
  })
  recorder.beginPhase('spawn', 0)
  recorder.beginPhase('work', 300)

  const second = (intervals: readonly Interval[], now: number) => {
    for (const { samples, report } of intervals) {
      for (const sample of samples) {
        recorder.addSample(sample)
        bounds.addSample(sample)
      }
      recorder.addReport(report)
      bounds.addReport(report)
      recorder.takeReading(null)
    }
    const { tasksDone } = recorder
    keeper.keepSoon(() =>
      recorder.keep((batches) =>
        recording.keepProgress(run.id, now, batches, { id: trialId, releasedMs: 300, tasksDone }),
      ),
    )
  }

  const machine = new MadeUpMachine()
  let cpuMs = 0
  for (let from = 0; from < seconds; from += secondsPerStretch) {
    const stretch = Array.from({ length: secondsPerStretch }, () =>
      Array.from({ length: intervalsPerSecond }, () => machine.interval()),
    )
    cpuMs += cpuTime(() => {
      for (const intervals of stretch) second(intervals, Date.now())
    })
  }
  cpuMs += cpuTime(() => {
    recording.endTrial(
      trialId,
      {
        ...{ status: 'done', reason: null, releasedMs: 300, tasksDone: recorder.tasksDone },
        ...{ memoryBasis: 'pss', metrics: {}, phases: [], workers: [] },
      },
      recorder.overview.toData(),
    )
    const ending = { status: 'done', reason: null, endedAt: Date.now(), trialsPlanned: 1 } as const
    recording.endRun(run.id, ending)
  })
  bounds.close()
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
  return { path, trialId, bytes: statSync(path).size, cpuMs }
}

/** In ms, of the whole process. */
function cpuTime(work: () => void): number {
  const from = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1000
}
