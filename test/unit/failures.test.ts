import { describe, expect, it } from 'vitest'
import { leakOf, type MemoryReading } from '../../src/engine/execution/probes/leak.ts'
import { experimentOf } from '../../src/engine/experiments/catalogue.ts'
import { failureFindings } from '../../src/engine/experiments/failure-findings.ts'
import type { Observations } from '../../src/shared/model/experiment.ts'
import type { Findings } from '../../src/shared/model/findings.ts'
import type { Run, Trial } from '../../src/shared/model/run.ts'
import { exampleRun } from '../support/example-run.ts'

const MiB = 2 ** 20

/** What trials of a failure saw; a text is why one could not be observed. */
type Seen = readonly [
  model: 'threads' | 'processes',
  failure: string,
  ...trials: (Observations | string)[],
]

function runOf(...all: readonly Seen[]): Run {
  const [configuration] = exampleRun.configurations
  const [trial] = exampleRun.trials
  if (configuration === undefined || trial === undefined) throw new Error('no example')
  const parameters = { deadline_ms: 1000, leak_mb: 200, watch_s: 12 }
  return {
    ...exampleRun,
    plan: { ...exampleRun.plan, experiment: 'failures', workload: 'failures', parameters },
    configurations: all.map(([model, variant], id) => ({
      ...configuration,
      ...{ id, model, variant, workers: 3, workload: 'failures', parameters },
    })),
    trials: all.flatMap(([, , ...seen], id) =>
      seen.map((each, index): Trial => {
        const own = { ...trial, id: 10 * id + index, configuration_id: id, index }
        return typeof each === 'string'
          ? { ...own, status: 'failed', reason: each, observations: null }
          : { ...own, observations: each }
      }),
    ),
  }
}

const contained = (recovery_ms: number, more: Observations = {}): Observations => ({
  worker_outcome: 'ended: exit code 1',
  siblings_outcome: 'went on',
  host_survived: true,
  host_outcome: 'survived',
  recovery_ms,
  ...more,
})
const died = (recovery_ms: number): Observations => ({
  worker_outcome: 'died with the program',
  siblings_outcome: 'died',
  host_survived: false,
  host_outcome: 'died: signal SIGSEGV',
  recovery_ms,
})

const rowsOf = ({ tables }: Findings, table: number) =>
  tables[table]?.rows.map((row) => row.map(({ text, tone }) => [text, tone].join(' / ')))

describe('what failures show', () => {
  const findings = failureFindings(
    runOf(
      ['threads', 'unhandled error', contained(40), contained(60), contained(50)],
      ['processes', 'unhandled error', contained(90), contained(110), contained(100)],
      ['threads', 'native crash', died(700), contained(30), died(500)],
      ['processes', 'native crash', contained(80), 'the victim took more than 10 s'],
      ['threads', 'out of memory, at once', died(900)],
    ),
  )

  it('is a matrix of what went with the worker, good where nothing did', () => {
    expect(rowsOf(findings, 0)?.[0]).toEqual([
      'unhandled error / plain',
      ...['went on / good', 'survived / good', '50.0 ms / plain'],
      ...['went on / good', 'survived / good', '100 ms / plain'],
    ])
  })

  it('tells in how many trials, where they differ, and takes that for bad', () => {
    expect(rowsOf(findings, 0)?.[2]?.slice(1, 4)).toEqual([
      'died (2 of 3), went on (1 of 3) / bad',
      'died: signal SIGSEGV (2 of 3), survived (1 of 3) / bad',
      '500 ms / plain',
    ])
  })

  it('has no outcome for what was not run, and says which trials could not be observed', () => {
    expect(rowsOf(findings, 0)?.[1]).toEqual([
      'out of memory, at once / plain',
      ...['died / bad', 'died: signal SIGSEGV / bad', '900 ms / plain'],
      ...['– / plain', '– / plain', '– / plain'],
    ])
    expect(findings.cautions).toEqual([
      'processes, native crash: 1 of 2 trials could not be observed: the victim took more than 10 s',
    ])
  })

  it('counts the failures that took the whole program, under each model', () => {
    expect(findings.sentences.slice(0, 4)).toEqual([
      'Of 3 failures of one thread, 2 took the whole program with them (native crash in 2 of 3 trials; out of memory, at once).',
      'Of 2 failures of one process, none took the whole program with it.',
      'Where the program survived, a replacement was ready 50.0 ms after the failure of one thread, 95.0 ms after that of one process.',
      'Where it died, a new program with all its workers was ready after 900 ms.',
    ])
  })

  it('draws the recovery of each, in the colour of its model', () => {
    const [chart] = findings.charts
    expect(
      chart?.kind === 'bars' && chart.bars.map(({ name, values }) => [name, ...values]),
    ).toEqual([
      ['unhandled error: threads', 50],
      ['unhandled error: processes', 100],
      ['native crash: threads', 500],
      ['native crash: processes', 80],
      ['out of memory, at once: threads', 900],
    ])
  })

  it('says how an endless loop was noticed and ended, and whose memory a leak was', () => {
    const loop = { noticed_ms: 1010, end_ms: 4, worker_outcome: 'ended from outside' }
    const grown = { peak_bytes: 400 * MiB, given_back_bytes: 290 * MiB }
    const { sentences, tables } = failureFindings(
      runOf(
        ['threads', 'endless loop', contained(1100, loop)],
        [
          'threads',
          'leak',
          contained(99, { ...grown, grown_in_host_bytes: 300 * MiB, given_back_ms: 8000 }),
        ],
        [
          'processes',
          'leak',
          contained(99, {
            ...{ ...grown, given_back_ms: null },
            ...{ grown_in_host_bytes: 1 * MiB, grown_in_worker_bytes: 295 * MiB },
          }),
        ],
      ),
    )
    expect(sentences.slice(-3)).toEqual([
      'An endless loop shows only as silence: it was noticed of one thread after 1.01 s, and worker.terminate() ended it in 4.00 ms.',
      'A leak of 200 MiB in one thread made the whole program grow by 300 MiB; 290 MiB of them had been given back 8.00 s after it was ended.',
      'A leak of 200 MiB in one process made its own process alone grow by 295 MiB; 290 MiB of them were given back within 12 s of its end.',
    ])
    expect(tables[2]?.rows.map((row) => row.at(-1)?.text)).toEqual([
      '8.00 s',
      'not within the trial',
    ])
  })

  it('says nothing where nothing has ended yet', () => {
    expect(failureFindings({ ...runOf(['threads', 'leak']), status: 'running' })).toEqual({
      ...{ sentences: [], charts: [], tables: [], cautions: [] },
    })
  })
})

describe('a plan of failures', () => {
  const problemsOf = (plan: Partial<Run['plan']>) =>
    experimentOf({ experiment: 'failures' })
      ?.problems?.({ ...exampleRun.plan, models: ['threads'], workers: [3], ...plan })
      .map(({ path, message }) => `${path}: ${message}`)

  it('needs workers that can fail, and siblings beside them', () => {
    expect(problemsOf({})).toEqual([])
    expect(problemsOf({ models: ['inline'], workers: [1, 3] })).toEqual([
      'models: inline has no worker to fail; allowed: threads, processes',
      'workers: one worker has no siblings; allowed: 2 or more',
    ])
  })
})

describe('whose memory a leak was', () => {
  const reading = (at: number, host: number, ...workers: number[]): MemoryReading => ({
    type: 'memory',
    at,
    hostBytes: host * MiB,
    workerBytes: workers.map((each) => each * MiB),
  })
  const mebibytes = (leak: ReturnType<typeof leakOf>) =>
    leak &&
    Object.fromEntries(
      Object.entries(leak).map(([key, value]) => [
        key,
        value === null || key.endsWith('_ms') ? value : value / MiB,
      ]),
    )

  it('is of the process that has grown, back when nine tenths of it are', () => {
    const readings = [
      reading(0, 40, 30, 30),
      reading(10, 50, 30, 30),
      reading(20, 51, 230, 30),
      reading(31, 51, 51, 30),
      reading(42, 51, 49, 30),
      reading(60, 51, 31, 30),
    ]
    expect(mebibytes(leakOf(readings, 15, 30))).toEqual({
      ...{ before_bytes: 110, peak_bytes: 311, after_bytes: 112 },
      ...{ grown_in_host_bytes: 1, grown_in_worker_bytes: 200 },
      ...{ given_back_bytes: 199, given_back_ms: 12 },
    })
  })

  it('is not known to be given back where it never was', () => {
    const readings = [reading(0, 50, 0, 0), reading(20, 250, 0, 0), reading(40, 240, 0, 0)]
    expect(mebibytes(leakOf(readings, 10, 30))).toMatchObject({
      ...{ grown_in_host_bytes: 200, grown_in_worker_bytes: null },
      ...{ given_back_bytes: 10, given_back_ms: null },
    })
  })

  it('cannot be said before there are readings of before, of the leak and of after', () => {
    const readings = [reading(0, 50, 0), reading(20, 250, 0), reading(40, 240, 0)]
    expect(leakOf(readings.slice(0, 2), 10, 30)).toBe(null)
    expect(leakOf(readings.slice(1), 10, 30)).toBe(null)
  })
})
