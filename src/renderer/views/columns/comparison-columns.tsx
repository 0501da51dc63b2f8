import { Fragment, useEffect } from 'react'
import type { Comparison } from '../../../shared/model/comparison.ts'
import type { Configuration } from '../../../shared/model/run.ts'
import { onThemeChange } from '../../charts/theme.ts'
import type { Scope } from '../../scope/scope.ts'
import { type ChartNames, Column, type ColumnContent } from './column.tsx'
import { Differences } from './differences.tsx'
import { MemoryPanel } from './memory-panel.tsx'

export interface ComparedColumn extends ColumnContent {
  readonly configuration: Configuration
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
  const trials = columns.flatMap(({ trial }) => trial ?? [])
  // The scope knows by itself whether they are others than before.
  useEffect(() => scope.show(trials, isOver))
  useEffect(() => onThemeChange(() => scope.redraw()), [scope])

  return (
    <>
      <div className="columns" data-count={columns.length}>
        {columns.map((column, index) => {
          const before = columns[index - 1]
          return (
            <Fragment key={column.model}>
              {before !== undefined && (
                <Differences
                  comparison={comparison}
                  a={before.configuration}
                  b={column.configuration}
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
      <MemoryPanel sides={columns} isRunning={isRunning} />
    </>
  )
}
