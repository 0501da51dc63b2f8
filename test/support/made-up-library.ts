import { openDatabase } from '../../src/engine/storage/database.ts'
import { thisOwner } from '../../src/engine/storage/liveness.ts'
import { RunKeeping } from '../../src/engine/storage/run-keeping.ts'
import { RunRecording } from '../../src/engine/storage/run-recording.ts'
import { modelsOf } from '../../src/shared/model/execution-model.ts'
import { metricKeys } from '../../src/shared/model/metric.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import { quietMachine } from './example-environment.ts'
import { exampleRun, exampleSamples } from './example-run.ts'
import { timedRows } from './timed-rows.ts'

/*
 * A library as one has it after years: runs of several configurations with trials, an environment each,
 * notes from a line to a book, tags, some put away. The same numbers give the same library.
 */

const dayMs = 86_400_000
const models = modelsOf('node')
const workloads = ['primes', 'sha256', 'sort', 'json', 'messages', '/home/someone/my-task.mjs']
const machines = ['alder', 'birch', 'cedar', 'straße-7']
const tags = ['nightly', 'node 24', 'node 26', 'before the move', 'émigré', 'regression']
const words =
  'pool larger laptop plugged fan quiet governor performance kernel before after the of it was measured again'.split(
    ' ',
  )

/** Makes a database of so many runs. */
export function makeLibrary(path: string, runs: number): void {
  const { database } = openDatabase(path, 'write')
  const recording = new RunRecording(database)
  const keeping = new RunKeeping(database)
  const make = database.transaction((from: number, to: number) => {
    for (let at = from; at < to; at++) makeRun(recording, keeping, at)
  })
  for (let from = 0; from < runs; from += 1000) make(from, Math.min(runs, from + 1000))
  keeping.foldDueWords()
  database.close()
}

function makeRun(recording: RunRecording, keeping: RunKeeping, at: number): void {
  const pick = <T>(of: readonly T[], step: number): T =>
    of[(at * step + Math.trunc(at / 11)) % of.length] as T
  const startedAt = Date.UTC(2024, 0, 1) + at * (dayMs / 10)
  const workload = pick(workloads, 7)
  const workers = [2, 4, 8]
  const run = recording.create({
    uid: `made-up-${at}`,
    label: `${pick(words, 3)} ${pick(words, 5)} ${at}`,
    plan: { ...exampleRun.plan, workload, models, workers, notes: notesOf(at) },
    configurations: workers.flatMap((count) =>
      models.map((model) => {
        const [{ id: _, ...example }] = exampleRun.configurations as [
          (typeof exampleRun.configurations)[0],
        ]
        return { ...example, workload, model, workers: count }
      }),
    ),
    trialsPlanned: 9,
    startedAt,
    owner: thisOwner(),
  })
  recording.keepEnvironment(run.id, 'before', {
    ...quietMachine,
    hostname: pick(machines, 3),
  })
  run.configurationIds.forEach((configurationId, ordinal) => {
    const trial = recording.startTrial(run.id, {
      ...{ configurationId, ordinal, index: 0, warmUp: false, startedAt },
    })
    // Most of what a trial holds lies beside what is listed; of every tenth run all of it is there.
    if (at % 10 === 0) fillTrial(recording, run.id, trial, startedAt)
    else recording.endTrial(trial, { ...ended, metrics: { wall_ms: 1000, throughput_per_s: 10 } })
  })
  recording.endRun(run.id, {
    status: at % 17 === 0 ? 'failed' : at % 23 === 0 ? 'interrupted' : 'done',
    reason: null,
    endedAt: startedAt + 1000 + (at % 977) * 100,
    trialsPlanned: 9,
  })
  if (at % 3 === 0) keeping.edit(run.id, { tags: [pick(tags, 1), pick(tags, 5)] })
  if (at % 100 === 99) keeping.putAway(run.id, Date.now())
}

const ended = {
  ...({
    status: 'done',
    reason: null,
    releasedMs: 200,
    tasksDone: 10,
    memoryBasis: 'rss',
  } as const),
  ...{ metrics: {}, phases: [], workers: [] },
}

function fillTrial(recording: RunRecording, runId: number, trial: number, startedAt: number): void {
  const batches = exampleSamples.map((sample, ordinal) => ({
    ...{ ordinal, stream: sample.stream },
    samples: timedRows(Array.from({ length: 20 }, (_, at) => ({ ...sample, t_ms: 250 * at }))),
  }))
  recording.keepProgress(runId, startedAt, batches, { id: trial, releasedMs: 200, tasksDone: 10 })
  const phases = (['baseline', 'spawn', 'barrier', 'work', 'teardown'] as const).flatMap((name) =>
    [null, 0, 1, 2, 3].map((worker) => ({ name, worker, start_ms: 0, end_ms: 100 })),
  )
  const workers = [0, 1, 2, 3].map((index) => ({
    ...{ index, process_id: 4000, thread_id: index, os_thread_id: null, tasks: 3, busy_ms: 900 },
    ...{ cpu_ms: 900, spawn_ms: 30, teardown_ms: 3, rss_bytes: null, pss_bytes: null },
    ...{ uss_bytes: null, heap_used_bytes: 6e6, voluntary_switches: null },
    ...{ involuntary_switches: null, migrations: null },
  }))
  const metrics = Object.fromEntries(metricKeys.map((key, at) => [key, at + 0.5]))
  recording.endTrial(trial, { ...ended, metrics, phases, workers }, new Timeline(4, 4, 64).toData())
}

/** A line or two, of every thousandth run a book of 100,000 characters. */
function notesOf(at: number): string {
  const length = at % 1000 === 500 ? 100_000 : 40 + ((at * 37) % 400)
  let text = at % 4 === 0 ? 'Résumé für Łódź: ' : ''
  for (let next = at; text.length < length; next = next * 7 + 3) {
    text += `${words[next % words.length]} `
    if (next > 1e12) next = at
  }
  return text.slice(0, length)
}
