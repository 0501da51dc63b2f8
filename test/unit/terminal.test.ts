import { describe, expect, it } from 'vitest'
import { coreLines, headLines } from '../../src/cli/terminal/live-display.ts'
import { runReport } from '../../src/cli/terminal/run-report.ts'
import { runTable } from '../../src/cli/terminal/run-table.ts'
import { compareModels } from '../../src/engine/analysis/comparison.ts'
import { summarizeRun } from '../../src/engine/analysis/statistics.ts'
import { runDocument } from '../../src/engine/reports/run-document.ts'
import {
  formatBytes,
  formatMs,
  formatNumber,
  formatSpan,
  formatText,
} from '../../src/shared/format.ts'
import { interpreterName } from '../../src/shared/model/interpreter.ts'
import type { Configuration, Run, Trial } from '../../src/shared/model/run.ts'
import { timeLeft } from '../../src/shared/time-left.ts'
import { comparedRun } from '../support/example-comparison.ts'
import { cpython } from '../support/example-interpreters.ts'
import { exampleRun } from '../support/example-run.ts'

describe('figures in the terminal', () => {
  it.each([
    [0.99999, '1.00'],
    [0.0123, '0.012'],
    [12.34, '12.3'],
    [1234.5, '1,235'],
    [0, '0'],
    [6_644_335, '6.64 M'],
  ])('%d is written %s', (value, text) => expect(formatNumber(value)).toBe(text))

  it('carry their units', () => {
    expect([formatBytes(150 * 1024 * 1024), formatMs(12), formatMs(61_000)]).toEqual([
      '150 MiB',
      '12.0 ms',
      '61.0 s',
    ])
    expect(formatSpan(-1000)).toBe('–')
    expect([formatSpan(9400), formatSpan(200_000), formatSpan(7_500_000)]).toEqual([
      '9 s',
      '3 min 20 s',
      '2 h 5 min',
    ])
  })

  it('a label can neither drive the terminal nor break the line', () => {
    expect(formatText('a\u001b[2Jb\nc')).toBe('a\\u001b[2Jb\\u000ac')
    expect(formatText('x'.repeat(100), 10)).toBe(`${'x'.repeat(9)}…`)
  })
})

describe('bars of the cores', () => {
  it('are one a core, empty to full', () => {
    const [idle, busy, unknown] = coreLines([0, 1, null], 80, 20)
    expect(idle).toMatch(/^core 0 ·+ {3}0 %$/)
    expect(busy).toMatch(/^core 1 █+ 100 %$/)
    expect(unknown).toMatch(/^core 2 ·+ {3}– %$/)
  })

  it('stand beside each other where there are more cores than rows, and none is lost', () => {
    const lines = coreLines(new Array(64).fill(0.5), 120, 20)
    expect(lines.length).toBeLessThanOrEqual(20)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120)
    expect(lines.join('\n').match(/core/g)).toHaveLength(64)
  })
})

describe('the head of the live display', () => {
  const head = (name: string, longest: number) =>
    headLines(['primes', 'trial 5 of 12', '12 s left'], [name, 'work'], 80, longest)

  it('is one line where all names of the run are short', () => {
    expect(head('threads × 2', 13)).toEqual([
      'primes · trial 5 of 12 · threads × 2 · work · 12 s left',
    ])
  })

  it('is two lines in all trials of a run that has a long name, each within the terminal', () => {
    const [run, trial] = head('threads × 2', 60)
    expect(run).toBe('primes · trial 5 of 12 · 12 s left')
    expect(trial).toBe('threads × 2 · work')
    expect(head('x'.repeat(200), 200).map((line) => line.length)).toEqual([34, 79])
  })
})

/** A run of inline, threads and processes whose trials have the given throughputs. */
function runOf(throughputs: readonly number[]): Run {
  const models = ['inline', 'threads', 'processes'] as const
  const configurations = models.map(
    (model, id): Configuration => ({
      ...(exampleRun.configurations[0] as Configuration),
      id,
      model,
      workers: model === 'inline' ? 1 : 2,
    }),
  )
  const trials = throughputs.map(
    (throughput_per_s, id): Trial => ({
      ...(exampleRun.trials[0] as Trial),
      id,
      configuration_id: id % 3,
      metrics: { ...(exampleRun.trials[0] as Trial).metrics, throughput_per_s },
    }),
  )
  return { ...exampleRun, configurations, trials }
}

describe('the table of a run', () => {
  it('has a row a configuration and the ratio of processes to threads', () => {
    const table = runTable(summarizeRun(runOf([50, 80, 120, 50, 80, 120])))
    const lines = table.split('\n')
    expect(lines).toHaveLength(5)
    expect(lines[2]).toMatch(/^threads × 2 +2 .* 80\.0\/s/)
    expect(lines[4]).toMatch(/processes : threads .* 1\.50( |$)/)
  })

  it('names the parameters in which configurations differ, and sets only like ones in relation', () => {
    const run = runOf([50, 80, 120])
    const configurations = run.configurations.map((each) => ({
      ...each,
      parameters: { n: each.model === 'processes' ? 2000 : 1000, m: 1 },
    }))
    const table = runTable(summarizeRun({ ...run, configurations }))
    expect(table).toMatch(/^threads × 2 n=1000 +1 /m)
    expect(table).toMatch(/^processes × 2 n=2000 +1 /m)
    expect(table).not.toContain('processes : threads')
    expect(runTable(summarizeRun(run))).not.toContain('n=')
  })

  it('says above its rows who executes them, and leaves out what a narrow terminal has no room for', () => {
    const run = runOf([50, 80, 120])
    const ofPython = run.configurations.map(
      (each): Configuration => ({
        ...each,
        id: each.id + 3,
        runtime: 'python',
        interpreter: cpython,
        variant: each.model === 'processes' ? 'forkserver' : null,
      }),
    )
    const summaries = summarizeRun({
      ...run,
      configurations: [...run.configurations, ...ofPython],
      trials: [
        ...run.trials,
        ...run.trials.map((each) => ({ ...each, configuration_id: each.configuration_id + 3 })),
      ],
    })
    const lines = runTable(summaries, 80).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(lines.filter((line) => !line.startsWith(' ')).slice(1)).toEqual([
      'Node',
      interpreterName(cpython),
      expect.stringMatching(/^in a wider terminal also: CPU/),
    ])
    expect(lines.join('\n')).toMatch(/^ {2}processes × 2, forkserver +1 /m)
    expect(runTable(summaries)).not.toContain('wider')
  })

  it('counts neither warm-ups nor what is void', () => {
    const run = runOf([50, 80, 120, 50, 800, 1200])
    const trials = run.trials.map((trial, at) =>
      at === 4
        ? { ...trial, warm_up: true }
        : at === 5
          ? { ...trial, status: 'void' as const }
          : trial,
    )
    const table = runTable(summarizeRun({ ...run, trials }))
    expect(table).toMatch(/threads × 2 +1 /)
    expect(table).toMatch(/processes : threads .* 1\.50( |$)/m)
  })

  it('says of each trial that failed why', () => {
    const run = runOf([50, 80, 120])
    const [first, ...rest] = run.trials as [Trial, ...Trial[]]
    const trials = [{ ...first, status: 'failed' as const, reason: 'it broke' }, ...rest]
    const failed: Run = { ...run, status: 'failed', trials }
    const report = runReport(
      failed,
      summarizeRun(failed),
      {
        comparisons: [],
        sentences: ['So it is.'],
      },
      null,
    )
    expect(report).toContain('failed: trial 1, inline: it broke')
    expect(report).toContain('\n\nSo it is.\n')
  })
})

describe('the report of a run', () => {
  const values = (middle: number) => [0, 1, 2, 3, 4, 5].map((at) => middle + at / 10)
  const report = (run: Run) => runReport(run, summarizeRun(run), compareModels(run), null)

  it('has a table of the comparisons within 80 columns', () => {
    const run = comparedRun(['threads', 16, ...values(100)], ['processes', 16, ...values(150)])
    const lines = report(run).split('\n')
    const first = lines.findIndex((line) => line.startsWith('compared '))
    expect(lines[first]).toMatch(/ratio +95 % interval +p +delta +verdict$/)
    expect(lines[first + 1]).toBe('processes × 16 : threads × 16')
    expect(lines[first + 2]).toMatch(
      /^ {2}throughput +1\.50× +1\.50 to 1\.50 +0\.0022 +1\.00 +processes better$/,
    )
    expect(lines[first + 3]).toMatch(/^ {2}peak RSS +2\.00× .* counts shared pages$/)
    const widths = lines.slice(first, first + 4).map((line) => line.length)
    expect(Math.max(...widths)).toBeLessThanOrEqual(80)
  })

  it('leaves what is not known of a comparison open, as while the run goes on', () => {
    const run = comparedRun(['threads', 2, 10], ['processes', 2, 20])
    expect(report(run)).toMatch(/throughput +2\.00× +– +– +– +too few trials to say/)
    expect(report({ ...run, status: 'running' })).toMatch(/throughput +2\.00× +– +– +– +–\n/)
  })

  it('names outliers that matter, and few of them', () => {
    const run = comparedRun(['threads', 2, ...values(100), 500, 100.25])
    expect(report(run)).toContain(
      'outlier: trial 7 of threads × 2: throughput 500/s, median 100/s (kept)\n',
    )
    // Far from the others, and yet not far enough for a line.
    expect(report(comparedRun(['threads', 2, 100, 100, 100, 100, 100, 101]))).not.toContain(
      'outlier',
    )
    const many = report(
      comparedRun(['threads', 2, ...values(100), ...values(101), 1, 2, 3, 4, 5, 600, 700]),
    )
    expect(many.match(/^outlier/gm)).toHaveLength(6)
    expect(many).toContain('outlier: 2 more (kept); --json has them all')
  })

  it('shows memory by PSS where the system gives it, and says so', () => {
    const run = comparedRun(['threads', 2, 10], ['processes', 2, 20])
    expect(report(run)).toMatch(/peak RSS +RSS\/worker/)
    const trials = run.trials.map((trial) => ({
      ...trial,
      memory_basis: 'pss' as const,
      metrics: { ...trial.metrics, peak_pss_bytes: 5 * 1024 * 1024 },
    }))
    expect(report({ ...run, trials })).toMatch(/peak PSS +PSS\/worker\n.* 5\.00 MiB/)
  })
})

describe('the JSON document of a run', () => {
  it('has the comparisons, with what the verdict rests on', () => {
    const run = comparedRun(
      ['threads', 2, 10, 11, 12, 13, 14],
      ['processes', 2, 20, 21, 22, 23, 24],
    )
    const { comparisons } = runDocument(run, summarizeRun(run), compareModels(run), null)
    expect(comparisons.map((each) => Object.keys(each))).toEqual(
      comparisons.map(() => [
        ...['a', 'b', 'metric', 'ratio', 'ci95', 'p', 'cliffs_delta', 'verdict', 'trials'],
        ...['better', 'threshold'],
      ]),
    )
    expect(comparisons[0]).toMatchObject({
      ...{ a: 0, b: 1, metric: 'throughput_per_s', ratio: 22 / 12 },
      p: expect.closeTo(2 / 252, 12),
      ...{ cliffs_delta: 1, verdict: 'b', trials: [5, 5], better: 'higher', threshold: 0.02 },
    })
    expect(comparisons[1]).toMatchObject({ metric: 'peak_rss_bytes', better: 'lower' })
  })
})

describe('the time left', () => {
  it('follows from the trials so far', () => {
    let now = 0
    const left = timeLeft(() => now)
    const configuration = exampleRun.configurations[0] as Configuration
    left.hear({
      type: 'run-started',
      runId: 1,
      plan: exampleRun.plan,
      configurations: [],
      cores: 2,
      trialsPlanned: 3,
    })
    const start = () =>
      left.hear({ type: 'trial-started', ordinal: 0, index: 0, warmUp: false, configuration })
    start()
    expect(left.ms()).toBeNull()
    now = 1000
    left.hear({ type: 'trial-ended', trial: exampleRun.trials[0] as Trial, configuration })
    expect(left.ms()).toBe(2000)
    start()
    now = 1400
    expect(left.ms()).toBe(1600)
    now = 9000
    expect(left.ms()).toBe(1000)
  })
})
