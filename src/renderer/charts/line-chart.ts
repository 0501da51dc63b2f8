import { Chart, Filler, LinearScale, LineController, LineElement, PointElement } from 'chart.js'
import { formatTick } from '../../shared/format.ts'
import type { Scope } from '../scope/scope.ts'
import type { Point } from './series.ts'
import { theme } from './theme.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler)

/** A line of a chart, from one drawing to the next. */
export interface Line {
  readonly points: readonly Point[]
  readonly colour: string
  /** Filled down to the axis, or to the line before it. */
  readonly fill?: { readonly colour: string; readonly to: 'origin' | '-1' }
  readonly width?: number
  readonly dash?: readonly number[]
}

/** Width of the value axis, the same for all panels, so that their times stand below each other. */
export const axisWidth = 52

/** A chart of lines over the common time axis. */
export class LineChart {
  readonly #chart: Chart<'line', Point[]>
  readonly #scope: Scope
  readonly #formatValue: (value: number) => string

  constructor(
    canvas: HTMLCanvasElement,
    scope: Scope,
    options: { readonly formatValue: (value: number) => string; readonly hasTimes: boolean },
  ) {
    this.#scope = scope
    this.#formatValue = options.formatValue
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: false,
        events: [],
        spanGaps: false,
        elements: { point: { radius: 0 }, line: { borderWidth: 1.5, tension: 0 } },
        layout: { padding: { top: 4, right: 0, bottom: options.hasTimes ? 0 : 4, left: 0 } },
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        scales: {
          x: {
            type: 'linear',
            display: options.hasTimes,
            ticks: {
              maxRotation: 0,
              autoSkipPadding: 24,
              callback: (value) => formatTick(Number(value)),
            },
            border: { display: false },
          },
          y: {
            type: 'linear',
            min: 0,
            ticks: { maxTicksLimit: 4, callback: (value) => this.#formatValue(Number(value)) },
            afterFit: (scale) => {
              scale.width = axisWidth
            },
            border: { display: false },
          },
        },
      },
    })
  }

  draw(lines: readonly Line[], most: number): void {
    const chart = this.#chart
    const { from, to } = this.#scope.visible
    const { quiet, grid } = theme()
    const { x, y } = chart.options.scales as Record<'x' | 'y', Record<string, unknown>>
    Object.assign(x as object, { min: from, max: to })
    Object.assign(y as object, { max: most })
    for (const scale of [x, y] as Record<string, { color?: string }>[]) {
      ;(scale.ticks as { color?: string }).color = quiet
      scale.grid = { ...scale.grid, color: grid }
    }
    while (chart.data.datasets.length > lines.length) chart.data.datasets.pop()
    lines.forEach((line, index) => {
      const dataset = chart.data.datasets[index] ?? { data: [] }
      chart.data.datasets[index] = Object.assign(dataset, {
        data: line.points as Point[],
        borderColor: line.colour,
        borderWidth: line.width ?? 1.5,
        borderDash: [...(line.dash ?? [])],
        fill: line.fill === undefined ? false : line.fill.to,
        backgroundColor: line.fill?.colour ?? line.colour,
      })
    })
    chart.update('none')
  }

  /** Takes the size of the element around it. */
  resize(width: number, height: number): void {
    this.#chart.resize(width, height)
  }

  destroy(): void {
    this.#chart.destroy()
  }
}
