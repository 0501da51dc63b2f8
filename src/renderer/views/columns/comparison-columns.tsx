import { Fragment, useEffect, useState } from 'react'
import type { Comparison } from '../../../shared/model/comparison.ts'
import type { Configuration } from '../../../shared/model/run.ts'
import { onThemeChange } from '../../charts/theme.ts'
import type { Scope } from '../../scope/scope.ts'
import { type ChartNames, Column, type ColumnContent } from './column.tsx'
import { columnTitle, titleWords } from './column-groups.ts'
import { referenceOf } from './column-reference.ts'
import { ColumnsChoice, fewColumns } from './columns-choice.tsx'
import { Differences } from './differences.tsx'
import { MemoryPanel } from './memory-panel.tsx'

export interface ComparedColumn extends ColumnContent {
  readonly key: string
  readonly configuration: Configuration
  /** All that it shows one of. */
  readonly configurations: readonly Configuration[]
  readonly picker?: React.ReactNode
}

/** The models side by side, between two of them what sets them apart, and what they take of memory. */
export function ComparisonColumns({
  scope,
  columns,
  comparison,
  runId = null,
  cores,
  isOver,
  isRunning,
  chartNames,
}: {
  readonly scope: Scope
  readonly columns: readonly ComparedColumn[]
  readonly comparison: Comparison
  /** Of a run that is saved: its configurations can be set beside each other, and beside others. */
  readonly runId?: number | null
  readonly cores: number
  /** Nothing more will be drawn. */
  readonly isOver: boolean
  /** Trials are still to come, whether they are drawn or not. */
  readonly isRunning: boolean
  /** By which the charts of a configuration's panels can be asked for, where they can. */
  readonly chartNames?: ((configuration: Configuration) => ChartNames) | undefined
}) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(none)
  const words = (column: ComparedColumn) => titleWords(columnTitle(column, column.configuration))
  const left = columns.filter(({ key }) => !hidden.has(key))
  const shown = columns.length > fewColumns && left.length > 0 ? left : columns
  const trials = shown.flatMap(({ trial }) => trial ?? [])
  // The scope knows by itself whether they are others than before.
  useEffect(() => scope.show(trials, isOver))
  useEffect(() => onThemeChange(() => scope.redraw()), [scope])

  return (
    <>
      <ColumnsChoice
        columns={columns.map((column) => ({ ...column, words: words(column) }))}
        hidden={hidden}
        onChange={setHidden}
      />
      <div
        className="columns"
        data-count={shown.length > fewColumns ? 'many' : shown.length}
        style={
          shown.length > fewColumns ? { gridTemplateColumns: tracks(shown.length) } : undefined
        }
      >
        {shown.map((column, index) => {
          const reference = referenceOf(columns, columns.indexOf(column))
          return (
            <Fragment key={column.key}>
              {index > 0 && (
                <Differences
                  comparison={comparison}
                  a={reference ?? null}
                  b={column}
                  runId={isRunning ? null : runId}
                  isRunning={isRunning}
                />
              )}
              <Column
                scope={scope}
                content={column}
                cores={cores}
                isRunning={isRunning}
                picker={column.picker}
                chartNames={chartNames?.(column.configuration)}
              />
            </Fragment>
          )
        })}
      </div>
      <MemoryPanel
        sides={columns.map((column) => ({ ...column, words: words(column) }))}
        isRunning={isRunning}
      />
    </>
  )
}

const none: ReadonlySet<string> = new Set()

/** Many columns are as wide as they must be, and are scrolled to. */
function tracks(columns: number): string {
  return Array.from({ length: columns }, () => 'minmax(366px, 1fr)').join(' 112px ')
}
