import type { ReactNode } from 'react'
import type { SeriesLook } from '../../../shared/drawing/series-look.ts'
import type { NamedChart } from '../../../shared/model/run-comparison.ts'
import { BarFigure } from '../findings/bar-figure.tsx'
import { CurveFigure } from '../findings/curve-figure.tsx'
import { Figure } from '../findings/figure.tsx'
import { PanelFigure } from '../findings/panel-figure.tsx'
import { DotsFigure } from './dots-figure.tsx'
import { LinesFigure } from './lines-figure.tsx'

const noSides: readonly SeriesLook[] = []

/** A chart of saved runs, of whichever kind. */
export function ChartFigure({
  named: { name, chart },
  sides = noSides,
  menu,
  isFromNothing = true,
}: {
  readonly named: NamedChart
  /** How the sides of a comparison look in all of its charts. */
  readonly sides?: readonly SeriesLook[]
  readonly menu?: ReactNode
  /** Curves are drawn from 0 on; else only where they are, so that small changes are seen. */
  readonly isFromNothing?: boolean
}) {
  switch (chart.kind) {
    case 'lines':
      return <LinesFigure chart={chart} sides={sides} name={name} menu={menu} />
    case 'dots':
      return <DotsFigure chart={chart} sides={sides} name={name} menu={menu} />
    case 'curves':
      return <CurveFigure chart={chart} name={name} menu={menu} isFromNothing={isFromNothing} />
    case 'bars':
      return <BarFigure chart={chart} name={name} menu={menu} />
    case 'panels':
      return <PanelFigure chart={chart} name={name} menu={menu} />
    case 'heat':
      // Cores over time are drawn in the columns of a run; here their figures are read.
      return (
        <Figure chart={chart} name={name} menu={menu} legend={null}>
          {null}
        </Figure>
      )
  }
}
