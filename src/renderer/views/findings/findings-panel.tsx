import { Info } from 'lucide-react'
import { findingName } from '../../../shared/chart-names.ts'
import type { Findings, FindingTable } from '../../../shared/model/findings.ts'
import { FindingFigure } from './finding-figure.tsx'
import { FindingTableView } from './finding-table.tsx'

/** A table that says what was lost and what was not is the answer; others are figures to look up. */
function isJudging({ rows }: FindingTable): boolean {
  return rows.some((row) => row.some(({ tone }) => tone !== 'plain'))
}

/** Of more sentences than these a few stand above the charts: what is drawn is not to be scrolled for. */
const mostAbove = 6
const fewAbove = 3

/** What an experiment has shown: in words, what was lost, then drawn, then other tables, and what makes it less sure. */
export function FindingsPanel({
  findings: { sentences, charts, tables, cautions },
  isRunning = false,
}: {
  readonly findings: Findings
  /** Trials are still to come. */
  readonly isRunning?: boolean
}) {
  const judging = tables.filter(isJudging)
  const above = sentences.length > mostAbove ? fewAbove : sentences.length
  const isNothing = sentences.length + charts.length + tables.length + cautions.length === 0
  return (
    <section className="findings" aria-label="What was found">
      <div className="findings-words">
        <h2>{isRunning ? 'Found so far' : 'What was found'}</h2>
        {sentences.slice(0, above).map((sentence, at) => (
          <p key={sentence} className={at === 0 ? 'finding-first' : 'sentence'}>
            {sentence}
          </p>
        ))}
        {isNothing && (
          <p className="sentence">
            {isRunning ? 'Nothing yet: it takes some trials.' : 'Nothing: too few trials ended.'}
          </p>
        )}
      </div>
      {judging.map((table) => (
        <FindingTableView key={table.title} table={table} />
      ))}
      {charts.length > 0 && (
        <div className="findings-charts">
          {charts.map((chart, at) => (
            <FindingFigure key={chart.title} chart={chart} name={findingName(at)} />
          ))}
        </div>
      )}
      {sentences.length > above && (
        <div className="findings-words">
          {sentences.slice(above).map((sentence) => (
            <p key={sentence} className="sentence">
              {sentence}
            </p>
          ))}
        </div>
      )}
      {tables
        .filter((table) => !isJudging(table))
        .map((table) => (
          <FindingTableView key={table.title} table={table} />
        ))}
      {cautions.map((caution) => (
        <p key={caution} className="warning">
          <Info size={14} /> {caution}
        </p>
      ))}
    </section>
  )
}
