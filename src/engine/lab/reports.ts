import type { ExportForm, ExportRequest } from '../../shared/contract.ts'
import { LabError, shown } from '../../shared/model/problem.ts'
import type { Run } from '../../shared/model/run.ts'
import type { NamedChart } from '../../shared/model/run-comparison.ts'
import type { ReleasedTimeline } from '../../shared/timeline-lines.ts'
import type { ChartedRun } from '../analysis/charts-of-run.ts'
import type { ReportDocument } from '../reports/report/document.ts'
import type { Comparisons } from './comparisons.ts'
import type { SavedRuns } from './saved-runs.ts'

const reportForms = ['report.md', 'report.html', 'chart.svg', 'chart.png'] as const
export type ReportForm = (typeof reportForms)[number]

/** Whether a form is one that is read or looked at, and no text of figures. */
export function isReportForm(form: ExportForm): form is ReportForm {
  return (reportForms as readonly ExportForm[]).includes(form)
}

/** What is reported: of a run or of compared sides. */
export type ReportRequest = ExportRequest & { readonly form: ReportForm }

/** Runs and comparisons as reports and as pictures. */
export class Reports {
  readonly #saved: SavedRuns
  readonly #comparisons: Comparisons
  readonly #pictures: string

  /** @param pictures folder of the font and the converter (`reports/chart-png.ts`) */
  constructor(saved: SavedRuns, comparisons: Comparisons, pictures: string) {
    this.#saved = saved
    this.#comparisons = comparisons
    this.#pictures = pictures
  }

  /** The charts of a run, in the order in which a report shows them. */
  async charts(run: Run): Promise<readonly NamedChart[]> {
    const [summaries, findings] = await Promise.all([
      this.#saved.summarize(run),
      this.#saved.findings(run),
    ])
    return this.#chartsOf({ run, summaries, findings })
  }

  async #chartsOf(charted: ChartedRun): Promise<readonly NamedChart[]> {
    const { chartsOfRun, shownTrials } = await import('../analysis/charts-of-run.ts')
    const timelines = new Map<number, ReleasedTimeline>()
    for (const { id } of shownTrials(charted.summaries)) {
      timelines.set(id, await this.#saved.timeline(id))
    }
    return chartsOfRun(charted, timelines)
  }

  /**
   * A report, or one of its charts.
   *
   * @throws LabError `not-found`; `bad-input` where there is no chart of that name
   */
  async make({ of, form, chart, theme }: ReportRequest): Promise<string | Uint8Array> {
    if (form === 'chart.svg' || form === 'chart.png') {
      const charts =
        'run' in of
          ? await this.charts(await this.#saved.run(of.run))
          : (await this.#compare(of)).charts
      const found = chartNamed(charts, chart)
      const { chartSvg } = await import('../reports/svg/chart-svg.ts')
      const svg = chartSvg(found.chart, theme)
      if (form === 'chart.svg') return svg
      const { chartPng } = await import('../reports/chart-png.ts')
      return chartPng(svg, this.#pictures)
    }
    const document = 'run' in of ? await this.#ofRun(of.run) : await this.#ofComparison(of)
    if (form === 'report.md') {
      const { reportMarkdown } = await import('../reports/report-markdown.ts')
      return reportMarkdown(document)
    }
    const { reportHtml } = await import('../reports/report-html.ts')
    return reportHtml(document)
  }

  async #ofRun(id: number): Promise<ReportDocument> {
    const run = await this.#saved.run(id)
    const [summaries, comparison, findings, { runReport }] = await Promise.all([
      this.#saved.summarize(run),
      this.#saved.compare(run),
      this.#saved.findings(run),
      import('../reports/report/run-report.ts'),
    ])
    const charts = await this.#chartsOf({ run, summaries, findings })
    return runReport({ run, summaries, comparison, findings, charts })
  }

  async #ofComparison(of: Compared): Promise<ReportDocument> {
    const { comparisonReport } = await import('../reports/report/comparison-report.ts')
    return comparisonReport(await this.#compare(of))
  }

  #compare({ sides, across_machines }: Compared) {
    return this.#comparisons.between(sides, across_machines)
  }
}

type Compared = Extract<ExportRequest['of'], { readonly sides: unknown }>

/** @throws LabError `bad-input`, with the names that there are */
function chartNamed(charts: readonly NamedChart[], name: string | undefined): NamedChart {
  const found = charts.find((each) => each.name === name)
  if (found !== undefined) return found
  if (charts.length === 0) {
    throw new LabError(
      'bad-input',
      'chart: there is none: nothing is compared, no trial counts, or the samples are gone',
    )
  }
  const names = charts.map((each) => each.name).join(', ')
  const what = name === undefined ? 'none is named (--chart NAME)' : `${shown(name)} is not allowed`
  throw new LabError('bad-input', `chart: ${what}; allowed: ${names}`)
}
