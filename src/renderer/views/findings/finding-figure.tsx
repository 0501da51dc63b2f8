import type { FindingChart } from '../../../shared/model/findings.ts'
import { BarFigure } from './bar-figure.tsx'
import { CurveFigure } from './curve-figure.tsx'
import type { FigureHead } from './figure.tsx'
import { PanelFigure } from './panel-figure.tsx'

/** A chart of what an experiment has shown. */
export function FindingFigure({
  chart,
  name,
  isFromNothing = true,
}: {
  readonly chart: FindingChart
  /** Curves are drawn from 0 on; else only where they are, so that small changes are seen. */
  readonly isFromNothing?: boolean
} & FigureHead) {
  switch (chart.kind) {
    case 'curves':
      return <CurveFigure chart={chart} name={name} isFromNothing={isFromNothing} />
    case 'bars':
      return <BarFigure chart={chart} name={name} />
    case 'panels':
      return <PanelFigure chart={chart} name={name} />
  }
}
