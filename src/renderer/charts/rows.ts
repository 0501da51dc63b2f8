import type { Chart } from 'chart.js'
import { theme } from './theme.ts'

/* What charts whose rows lie below each other, each named at its left, do alike. */

/** The scale of the rows' names. */
export const rowScale = {
  type: 'category',
  border: { display: false },
  grid: { display: false },
  ticks: { autoSkip: false, padding: 6 },
} as const

/** The row at a height of a chart; null where there is none. */
export function rowAt({ chartArea }: Chart, y: number, rows: number): number | null {
  const { top, bottom } = chartArea
  if (y < top || y > bottom || rows === 0) return null
  return Math.min(rows - 1, Math.floor(((y - top) / (bottom - top)) * rows))
}

/** Where a row is pointed at: the end of what it shows, in its middle. */
export function endOfRow({ scales: { x, y } }: Chart, row: number, value: number) {
  const at = x?.getPixelForValue(value) ?? 0
  return { x: Number.isFinite(at) ? at : 0, y: y?.getPixelForValue(row) ?? 0 }
}

/** The ground of a row that is pointed at. */
export function drawPointedRow(chart: Chart, row: number, rows: number): void {
  const { ctx: context, chartArea, width } = chart
  const height = (chartArea.bottom - chartArea.top) / Math.max(1, rows)
  const { y } = endOfRow(chart, row, 0)
  context.save()
  context.globalAlpha = 0.08
  context.fillStyle = theme().text
  context.fillRect(0, y - height / 2, width, height)
  context.restore()
}
