import { describe, expect, it } from 'vitest'
import { findingsReport } from '../../src/cli/terminal/findings-report.ts'
import { LiveRun } from '../../src/shared/live-run.ts'
import { nothingFound } from '../../src/shared/model/findings.ts'
import { exampleFindings, transportFindings } from '../support/example-findings.ts'
import { exampleRun } from '../support/example-run.ts'

describe('findings in the terminal', () => {
  it('fit its width, however many series there are', () => {
    for (const width of [80, 100, 120]) {
      for (const { sentences: _, ...findings } of Object.values(exampleFindings)) {
        const lines = findingsReport({ ...findings, sentences: [] }, width).split('\n')
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
      }
    }
  })

  it('have every series of a chart, beside the place it was measured at', () => {
    const report = findingsReport(transportFindings)
    for (const { name } of transportFindings.charts.flatMap((chart) =>
      chart.kind === 'curves' ? chart.series : [],
    )) {
      expect(report).toContain(name)
    }
    expect(report.match(/^ {2}64 MiB .*/gm)).toHaveLength(3)
    expect(report).toContain('704 ms (662 to 767)')
  })

  it('begin with the sentences and end with a line for each caution', () => {
    const lines = findingsReport(transportFindings).split('\n')
    expect(lines[0]).toBe(transportFindings.sentences[0])
    expect(lines.at(-1)).toBe(`caution: ${transportFindings.cautions[0]}`)
    expect(findingsReport(nothingFound)).toBe('')
    const long = { ...nothingFound, sentences: ['one two three four five six seven eight nine'] }
    expect(findingsReport(long)).toBe(long.sentences[0])
    expect(findingsReport(long, 40)).toBe('one two three four five six seven eight\nnine')
  })

  it('write a failure matrix as rows of words', () => {
    expect(findingsReport(exampleFindings.failures)).toMatch(
      /^ {2}native crash +threads +SIGSEGV +0 of 4 go on +SIGSEGV +not recovered$/m,
    )
  })
})

describe('a run that is watched', () => {
  it('carries what was found to one who comes late', () => {
    const { plan, configurations } = exampleRun
    const live = new LiveRun({ runId: 1, plan, configurations, trialsPlanned: 1, cores: 1 }, 8)
    expect(live.toData().findings).toBeNull()
    live.hear({ type: 'found', findings: transportFindings })
    expect(LiveRun.from(live.toData(), 8).findings).toEqual(transportFindings)
  })
})
