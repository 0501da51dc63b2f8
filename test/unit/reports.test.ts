import { describe, expect, it } from 'vitest'
import { chartsOfRun } from '../../src/engine/analysis/charts-of-run.ts'
import { shownTrial } from '../../src/engine/analysis/shown-trial.ts'
import { summarizeRun } from '../../src/engine/analysis/statistics.ts'
import { runReport } from '../../src/engine/reports/report/run-report.ts'
import { reportHtml } from '../../src/engine/reports/report-html.ts'
import { inline, reportMarkdown } from '../../src/engine/reports/report-markdown.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import { comparedRun } from '../support/example-comparison.ts'
import { scalingFindings } from '../support/example-findings.ts'
import { madeUpComparison, madeUpCores, madeUpReading, madeUpRun } from '../support/made-up-run.ts'

function timelineOf(model: 'threads' | 'processes') {
  const timeline = new Timeline(madeUpCores, 4, 64)
  for (let t = 0; t <= 2300; t += 50) timeline.add(madeUpReading(model, t))
  return { timeline: timeline.toData(), releasedMs: 300 }
}

describe('the shown trial', () => {
  it('is that of the median throughput, of two in the middle the slower, whatever the order', () => {
    const speedOf = (...speeds: readonly number[]) =>
      shownTrial(comparedRun(['threads', 4, ...speeds]).trials)?.metrics.throughput_per_s
    expect(speedOf(9, 1, 5)).toBe(5)
    expect(speedOf(9, 1, 5, 7)).toBe(5)
    expect(shownTrial([])).toBeNull()
  })
})

describe('the charts of a run', () => {
  it('are named, findings first, and leave out what has no samples', () => {
    const run = comparedRun(['threads', 4, 800, 810, 790], ['processes', 4, 840, 841])
    const summaries = summarizeRun(run)
    // Trials are numbered alike in this example: each configuration's shown one has its own samples.
    const trials = run.trials.map((trial, at) => ({ ...trial, id: at }))
    const numbered = { ...run, trials }
    const charts = chartsOfRun(
      { run: numbered, summaries: summarizeRun(numbered), findings: scalingFindings },
      new Map([[0, timelineOf('threads')]]),
    )
    expect(summaries).toHaveLength(2)
    expect(charts.map(({ name }) => name)).toEqual([
      'finding-1',
      ...['trials-throughput-per-s', 'trials-peak-rss-bytes'],
      ...['busy-cores', 'memory', 'throughput', 'cores-threads-4'],
    ])
    const dots = charts[1]?.chart
    expect(dots?.kind === 'dots' && dots.groups.map(({ median }) => median)).toEqual([800, 840.5])
  })

  it('do not mix memory per worker from PSS with that from RSS: the dots are those of the median', () => {
    const made = comparedRun(['threads', 4, 800, 810, 790])
    const trials = made.trials.map((trial, at) => ({
      ...trial,
      memory_basis: at === 0 ? ('rss' as const) : ('pss' as const),
      metrics: { ...trial.metrics, memory_per_worker_bytes: [900, 10, 12][at] as number },
    }))
    const run = { ...made, trials }
    const charts = chartsOfRun({ run, summaries: summarizeRun(run), findings: null }, new Map())
    const { chart } = charts.find(({ name }) => name.includes('per-worker')) ?? expect.fail()
    expect(chart.kind === 'dots' && chart.groups).toMatchObject([
      { dots: [{ value: 10 }, { value: 12 }], median: 11, low: 10, high: 12 },
    ])
  })

  it('has a chart for each number of workers where there are too many lines for one', () => {
    const sides = [1, 2, 4, 8].flatMap((workers) => [
      ['threads', workers, 100 * workers] as const,
      ['processes', workers, 90 * workers] as const,
    ])
    const run = comparedRun(...sides)
    const trials = run.trials.map((trial, at) => ({ ...trial, id: at }))
    const numbered = { ...run, trials }
    const timelines = new Map(trials.map(({ id }) => [id, timelineOf('threads')] as const))
    const charts = chartsOfRun(
      { run: numbered, summaries: summarizeRun(numbered), findings: null },
      timelines,
    )
    const memory = charts.filter(({ name }) => name.startsWith('memory'))
    expect(memory.map(({ name }) => name)).toEqual(['memory-1', 'memory-2', 'memory-4', 'memory-8'])
    for (const { chart } of memory) {
      expect(chart.kind === 'lines' && chart.lines.map(({ model }) => model)).toEqual([
        'threads',
        'processes',
      ])
    }
  })
})

describe('a report', () => {
  const { run } = madeUpRun()
  const hostile = '# | `a` <b>*x*</b> [l](javascript:1)\n- item ~~no~~ &amp; \\'
  const reported = {
    run: {
      ...run,
      label: hostile,
      notes: hostile,
      tags: ['<u>tag</u>'],
      imported_at: run.started_at,
    },
    summaries: summarizeRun(run),
    comparison: madeUpComparison,
    findings: null,
    charts: [],
  }

  it('tells what is void, where it comes from and what was found, the same in both forms', () => {
    const html = reportHtml(runReport(reported))
    const markdown = reportMarkdown(runReport(reported))
    for (const text of [html, markdown]) {
      for (const told of [
        '3 of 1680 results were wrong',
        'from another database',
        '1.03–1.07',
        'processes better',
        'too few trials to say',
        '80.0 MiB',
      ]) {
        expect(text).toContain(told)
      }
    }
  })

  it('has no markup but its own, and no script', () => {
    const html = reportHtml(runReport(reported))
    expect(html).not.toMatch(/<b>|<u>|<script|javascript:1"|style="/)
    expect(html).toContain(`default-src &#39;none&#39;`.replaceAll('&#39;', "'"))
  })

  it('takes what would mark something up in Markdown for text', () => {
    expect(inline(hostile)).toBe(
      '\\# \\| \\`a\\` \\<b\\>\\*x\\*\\</b\\> \\[l\\](javascript:1) - item \\~\\~no\\~\\~ \\&amp; \\\\',
    )
    expect(inline('1. first')).toBe('1\\. first')
    expect(inline('- 5')).toBe('\\- 5')
    expect(inline('1.05×')).toBe('1.05×')
    const lines = reportMarkdown(runReport(reported)).split('\n')
    const rows = lines.filter((line) => line.startsWith('|'))
    expect(lines.filter((line) => /^# /.test(line))).toHaveLength(1)
    // A row has as many bars that are none of its text as the one above it.
    const bars = rows.map((row) => row.replace(/\\./g, '').split('|').length)
    const heads = rows.flatMap((row, at) =>
      /^\| (---|--:)/.test(row) ? [bars[at - 1] === bars[at]] : [],
    )
    expect(heads.length).toBeGreaterThan(3)
    expect(heads).not.toContain(false)
  })
})
