import { describe, expect, it } from 'vitest'
import { plainProgress } from '../../src/cli/terminal/plain-progress.ts'
import { runReport as terminalReport } from '../../src/cli/terminal/run-report.ts'
import { summarizeRun } from '../../src/engine/analysis/statistics.ts'
import { runReport } from '../../src/engine/reports/report/run-report.ts'
import { reportMarkdown } from '../../src/engine/reports/report-markdown.ts'
import { daskTable, daskTableOf } from '../../src/shared/dask-figures.ts'
import { nothingCompared } from '../../src/shared/model/comparison.ts'
import type { Observations } from '../../src/shared/model/experiment.ts'
import type { Configuration, Run, Trial, WorkerRecord } from '../../src/shared/model/run.ts'
import { tallyOf } from '../../src/shared/tally.ts'
import { exampleRun } from '../support/example-run.ts'

const [configuration] = exampleRun.configurations as [Configuration]
const [trial] = exampleRun.trials as [Trial]
const worker = { index: 0, process_id: 7, thread_id: 0 } as WorkerRecord
const told = (bytes: number, ms: number, more: Observations = {}): Observations => ({
  ...{ dask_transfer_bytes: bytes, dask_transfer_ms: ms, dask_tasks_count: 12, ...more },
})

/** Two configurations on Dask, the first of which is done in Dask itself, and one without. */
const run: Run = {
  ...exampleRun,
  plan: { ...exampleRun.plan, runtimes: ['dask'] },
  configurations: [
    { ...configuration, id: 1, runtime: 'dask', model: 'inline' },
    { ...configuration, id: 2, runtime: 'dask', model: 'processes', workers: 2 },
  ],
  trials: [
    { ...trial, id: 1, configuration_id: 1, workers: [worker] },
    ...[told(1024, 3), told(4096, 5), told(3072, 0.5, { dask_clock_error_ms: 0.25 })].map(
      (observations, index): Trial => ({
        ...{ ...trial, id: 2 + index, index, ordinal: 1 + index, configuration_id: 2 },
        ...{ observations, workers: [worker] },
      }),
    ),
    {
      ...{ ...trial, id: 9, warm_up: true, configuration_id: 2, workers: [worker] },
      observations: told(1e12, 1e9),
    },
  ],
}

const texts = {
  columns: ['median of trials', 'Dask tasks', 'transferred', 'transfers took', 'clock error'],
  rows: [['processes × 2', '12', '3 KiB', '3.00 ms', '250 µs']],
}

describe('what Dask tells of itself', () => {
  it('is shown by configuration, as medians of the trials that count, in the units that its keys end in', () => {
    const table = daskTableOf(summarizeRun(run))
    expect(table?.columns).toEqual(texts.columns)
    expect(table?.rows.map((row) => row.map(({ text }) => text))).toEqual(texts.rows)
  })

  it('is the same while the run goes on', () => {
    const sides = run.configurations.map((each) => ({
      configuration: each,
      observed: tallyOf(run.trials.filter(({ configuration_id: id }) => id === each.id)).observed,
    }))
    expect(daskTable(sides)).toEqual(daskTableOf(summarizeRun(run)))
  })

  it('is nothing where nothing of Dask was told, and goes by its key where it is not known', () => {
    const observed = (observations: Observations) =>
      daskTable([{ configuration, observed: [observations] }])
    expect(observed({ stack: 'at task', retries: 3 })).toBeNull()
    const table = observed({ dask_spill_most_bytes: 2 ** 21, dask_lost: 'none' })
    expect(table?.columns[1]).toBe('spill most')
    expect(table?.rows[0]?.[1]?.text).toBe('2 MiB')
  })

  it('stands in the terminal and in reports', () => {
    const summaries = summarizeRun(run)
    const terminal = terminalReport(run, summaries, nothingCompared, null)
    const comparison = nothingCompared
    const report = reportMarkdown(
      runReport({ run, summaries, comparison, findings: null, charts: [] }),
    )
    for (const text of [terminal, report]) {
      expect(text).toContain('What Dask tells of itself')
      expect(text).toMatch(/3 KiB.*3\.00 ms.*250 µs/)
    }
  })
})

describe('the line of a trial that has ended', () => {
  const lineOf = (ended: Trial) => {
    let line = ''
    const progress = plainProgress((each) => {
      line = each
    })
    const { plan, configurations } = run
    const counts = { runId: 1, trialsPlanned: 5, cores: 2 }
    progress.hear({ type: 'run-started', plan, configurations, ...counts })
    progress.hear({ type: 'trial-ended', trial: ended, configuration })
    return line
  }

  it('says how fast it was on Dask, and nothing of a probe but how long it took', () => {
    const [, onDask] = run.trials as [Trial, Trial]
    expect(lineOf(onDask)).toMatch(/10\.0 tasks\/s {2}0 cores/)
    expect(lineOf({ ...onDask, workers: [] })).not.toContain('tasks/s')
  })
})
