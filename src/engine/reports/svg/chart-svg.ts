import type { Chart } from '../../../shared/model/chart.ts'
import { drawBars } from './bars.ts'
import { drawCurves } from './curves.ts'
import { drawDots } from './dots.ts'
import { type Drawn, svgOf } from './drawing.ts'
import { drawHeat } from './heat.ts'
import { drawLines } from './lines.ts'
import { concretePalette, type Palette, type ThemeName, variablePalette } from './palette.ts'
import { drawPanels } from './panels.ts'

/** Pixels across: of a file, and of a picture within a report. */
const widths = { alone: 800, within: 680 }

/** A chart as a file of its own, in the colours of one theme. */
export function chartSvg(chart: Chart, theme: ThemeName): string {
  const palette = concretePalette(theme)
  return `${svgOf(drawnOf(chart, palette), { palette, width: widths.alone, isAlone: true })}\n`
}

/** A chart within a page that names it, in the page's colours (`variablesOf`). */
export function inlineSvg(chart: Chart): string {
  const palette = variablePalette
  return svgOf(drawnOf(chart, palette), { palette, width: widths.within, isAlone: false })
}

function drawnOf(chart: Chart, palette: Palette): Drawn {
  switch (chart.kind) {
    case 'curves':
      return drawCurves(chart, palette)
    case 'bars':
      return drawBars(chart, palette)
    case 'panels':
      return drawPanels(chart, palette)
    case 'lines':
      return drawLines(chart, palette)
    case 'dots':
      return drawDots(chart, palette)
    case 'heat':
      return drawHeat(chart, palette)
  }
}
