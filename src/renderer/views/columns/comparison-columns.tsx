import { Fragment, useEffect } from 'react'
import type { Comparison } from '../../../shared/model/comparison.ts'
import type { Configuration } from '../../../shared/model/run.ts'
import { onThemeChange } from '../../charts/theme.ts'
import type { Scope } from '../../scope/scope.ts'
import { Column, type ColumnContent } from './column.tsx'
import { Differences } from './differences.tsx'

export interface ComparedColumn extends ColumnContent {
  readonly configuration: Configuration
  readonly picker?: React.ReactNode
}

/** The models side by side, and between two of them what sets them apart. */
export function ComparisonColumns({
  scope,
  columns,
  comparison,
  cores,
  isOver,
}: {
  readonly scope: Scope
  readonly columns: readonly ComparedColumn[]
  readonly comparison: Comparison
  readonly cores: number
  /** Nothing more will come. */
  readonly isOver: boolean
}) {
  const trials = columns.flatMap(({ trial }) => trial ?? [])
  // The scope knows by itself whether they are others than before.
  useEffect(() => scope.show(trials, isOver))
  useEffect(() => onThemeChange(() => scope.redraw()), [scope])

  return (
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
              />
            )}
            <Column scope={scope} content={column} cores={cores} picker={column.picker} />
          </Fragment>
        )
      })}
    </div>
  )
}
