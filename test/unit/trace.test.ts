import { expect, it } from 'vitest'
import * as z from 'zod'
import { spansIn, TaskSpansRecorder } from '../../src/engine/execution/worker/task-spans.ts'
import { hyperfineDocument } from '../../src/engine/reports/hyperfine.ts'
import { jsonText } from '../../src/engine/reports/json-text.ts'
import { traceDocument } from '../../src/engine/reports/trace.ts'
import { packTaskSpans, unpackTaskSpans } from '../../src/engine/storage/task-span-codec.ts'
import type { Run } from '../../src/shared/model/run.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import { exampleColumns } from '../support/example-run.ts'
import { madeUpCores, madeUpReading, madeUpRun } from '../support/made-up-run.ts'

const phases = (start: number): Run['trials'][number]['phases'] => [
  { name: 'spawn', worker: null, start_ms: start, end_ms: 200 },
  { name: 'work', worker: null, start_ms: 200, end_ms: 2200 },
  { name: 'work', worker: 0, start_ms: 200.1, end_ms: 2200 },
]
const made = madeUpRun().run
const run: Run = {
  ...made,
  trials: made.trials.map((each, id) => ({ ...each, id, phases: phases(0) })),
}

/** What the format asks of each kind of event, as far as we write it ("Trace Event Format", Google). */
const common = { pid: z.int(), tid: z.int(), ts: z.number().min(0), name: z.string().min(1) }
const eventSchema = z.discriminatedUnion('ph', [
  z.strictObject({ ...common, ph: z.literal('X'), dur: z.number().min(0), cat: z.string() }),
  z.strictObject({ ...common, ph: z.literal('C'), args: z.record(z.string(), z.number()) }),
  z.strictObject({
    ...common,
    ph: z.literal('M'),
    name: z.enum(['process_name', 'process_sort_index', 'thread_name', 'thread_sort_index']),
    args: z.union([
      z.strictObject({ name: z.string() }),
      z.strictObject({ sort_index: z.number() }),
    ]),
  }),
])
const traceSchema = z.strictObject({
  displayTimeUnit: z.enum(['ms', 'ns']),
  otherData: z.record(z.string(), z.string()),
  traceEvents: z.array(eventSchema),
})

it('a trace is as its format says: trials are processes in turn, tasks lie within the work of their worker', () => {
  const text = jsonText(
    traceDocument(run, {
      samples: () => exampleColumns,
      overview: () => null,
      taskSpans: () => [
        { worker: 0, tasks: 5, starts_ms: [200.1, 900], ends_ms: [900, 2200.0001] },
      ],
    }),
  )
  const trace = traceSchema.parse(JSON.parse([...text].join('')))
  const slices = trace.traceEvents.filter((event) => event.ph === 'X')
  const ends = run.trials.map(({ ordinal }) => {
    const own = slices.filter(({ pid }) => pid === ordinal + 1)
    const work = own.find(({ name, tid }) => name === 'work' && tid === 1)
    const tasks = own.filter(({ name }) => name === 'task')
    expect(tasks).toHaveLength(2)
    for (const task of tasks) {
      expect(task.tid).toBe(1)
      expect(task.ts).toBeGreaterThanOrEqual(work?.ts as number)
      expect(task.ts + task.dur).toBeLessThanOrEqual((work?.ts ?? 0) + (work?.dur ?? 0) + 1e-6)
    }
    return Math.max(...own.map(({ ts, dur }) => ts + dur))
  })
  // All began in the same moment, says the clock of the wall.
  expect(ends).toEqual(ends.toSorted((a, b) => a - b))
  expect(new Set(ends).size).toBe(run.trials.length)
  // A share is drawn from where its time began: 250 ms before it was read, 99.5 ms into its trial.
  const ofSecond = trace.traceEvents.filter(({ pid }) => pid === (run.trials[1]?.ordinal ?? 0) + 1)
  const start = ofSecond.find(({ name }) => name === 'spawn')?.ts as number
  const busy = ofSecond.find(({ name }) => name === 'cores busy')
  expect(busy).toMatchObject({ ph: 'C', args: { cores: 1.5 }, ts: start - 150_500 })
  const tasks = run.trials
    .flatMap(({ workers }) => workers)
    .reduce((sum, each) => sum + each.tasks, 0)
  const left = tasks - 2 * run.trials.length
  expect(trace.otherData.tasks_without_a_slice).toMatch(`${left} of ${tasks}: `)
})

it('a trace of a run whose samples are gone has its counters from the overview', () => {
  const timeline = new Timeline(madeUpCores, 4, 8)
  for (let t = 0; t <= 400; t += 100) timeline.add(madeUpReading('threads', t))
  const [first] = run.trials
  const document = traceDocument(
    { ...run, trials: first === undefined ? [] : [first] },
    { samples: () => [], overview: () => timeline.toData(), taskSpans: () => [] },
  )
  const { traceEvents } = traceSchema.parse(JSON.parse([...jsonText(document)].join('')))
  const counters = traceEvents.flatMap((event) => (event.ph === 'C' ? event.name : []))
  expect(new Set(counters)).toEqual(new Set(['cores busy', 'memory of host and workers (RSS)']))
  expect(counters.length).toBeGreaterThan(4)
})

it('hyperfine is told what it tells of commands, in seconds, of the trials that count', () => {
  const { results } = hyperfineDocument(run)
  expect(results.map(({ times }) => times.length)).toEqual([10, 12])
  expect(results[0]).toMatchObject({ mean: 2, median: 2, min: 2, max: 2, stddev: 0, user: null })
  expect(results[0]?.exit_codes).toEqual(Array(10).fill(0))
})

it('hyperfine is told mean, median and spread as it would reckon them', () => {
  const [trial] = run.trials as [Run['trials'][number]]
  const configurations = run.configurations.filter(({ id }) => id === trial.configuration_id)
  const trials = [3, 1, 9, 2, 1000].map((seconds) => ({
    ...trial,
    ...{ status: 'done' as const, warm_up: seconds === 1000 },
    metrics: { ...trial.metrics, wall_ms: 1000 * seconds },
  }))
  const { results } = hyperfineDocument({ ...run, configurations, trials })
  expect(results).toMatchObject([
    { times: [3, 1, 9, 2], mean: 3.75, median: 2.5, min: 1, max: 9, exit_codes: [0, 0, 0, 0] },
  ])
  // The sample's, over n - 1.
  expect(results[0]?.stddev).toBeCloseTo(Math.sqrt(38.75 / 3), 12)
  const one = hyperfineDocument({ ...run, configurations, trials: trials.slice(0, 1) })
  expect(one.results[0]).toMatchObject({ median: 3, stddev: null })
})

it('of too many tasks some are kept, evenly, from the first to the last', () => {
  const recorder = new TaskSpansRecorder(4)
  for (let task = 0; task < 100; task++) recorder.record(task, task + 0.5)
  const { starts, ends } = spansIn(recorder.taken())
  expect(starts).toEqual([0, 32, 64, 96])
  expect(ends).toEqual([0.5, 32.5, 64.5, 96.5])
})

it('what a module says in the place of its worker is taken as far as it can be', () => {
  expect(spansIn({ length: 1e9 })).toEqual({ starts: [], ends: [] })
  for (const [start, end] of [
    [Number.NaN, 3],
    [5, 4],
    [1.5, 3],
  ] as const) {
    const odd = Buffer.from(Float64Array.of(1, 2, start, end).buffer).toString('base64')
    expect(spansIn(odd)).toEqual({ starts: [1], ends: [2] })
  }
})

it('when tasks began and ended is kept to a tenth of a microsecond, however long they take', () => {
  const starts = [0.00004, 12.3456, 500_000_000]
  const ends = [0.1, 400_000_000.1234, 500_000_000]
  const { starts_ms, ends_ms } = unpackTaskSpans(packTaskSpans(starts, ends))
  expect(starts_ms).toEqual([0, 12.3456, 500_000_000])
  expect(ends_ms).toEqual([0.1, 400_000_000.1234, 500_000_000])
  expect(unpackTaskSpans(packTaskSpans(starts_ms, ends_ms))).toEqual({ starts_ms, ends_ms })
})
