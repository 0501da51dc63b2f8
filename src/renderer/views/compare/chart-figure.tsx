import type { SeriesLook } from '../../../shared/drawing/series-look.ts'
import type { NamedChart } from '../../../shared/model/run-comparison.ts'
import { Figure } from '../findings/figure.tsx'
import { FindingFigure } from '../findings/finding-figure.tsx'
import { DotsFigure } from './dots-figure.tsx'
import { LinesFigure } from './lines-figure.tsx'

const noSides: readonly SeriesLook[] = []

/** A chart of saved runs, of whichever kind. */
export function ChartFigure({
  named: { name, chart },
  sides = noSides,
  isFromNothing = true,
}: {
  readonly named: NamedChart
  /** How the sides of a comparison look in all of its charts. */
  readonly sides?: readonly SeriesLook[]
  /** Curves are drawn from 0 on; else only where they are, so that small changes are seen. */
  readonly isFromNothing?: boolean
}) {
  switch (chart.kind) {
    case 'lines':
      return <LinesFigure chart={chart} sides={sides} name={name} />
    case 'dots':
      return <DotsFigure chart={chart} sides={sides} name={name} />
    case 'heat':
      // Cores over time are drawn in the columns of a run; here their figures are read.
      return (
        <Figure chart={chart} name={name} legend={null}>
          {null}
        </Figure>
      )
    default:
      return <FindingFigure chart={chart} name={name} isFromNothing={isFromNothing} />
  }
}
