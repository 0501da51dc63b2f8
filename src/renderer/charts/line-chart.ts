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
export function axisWidth(): number {
  return 4 * theme().rem
}

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
        maintainAspectRatio: false,
        events: [],
        spanGaps: false,
        elements: { point: { radius: 0 }, line: { borderWidth: 1.5, tension: 0 } },
        layout: {
          autoPadding: false,
          padding: { top: 6, right: 0, bottom: options.hasTimes ? 0 : 4, left: 0 },
        },
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        scales: {
          x: {
            type: 'linear',
            display: options.hasTimes,
            ticks: {
              maxRotation: 0,
              align: 'inner',
              autoSkip: false,
              callback: (value, _, ticks) =>
                formatTick(Number(value), stepOf(ticks.map((tick) => tick.value))),
            },
            border: { display: false },
            // Marks at round times, wherever the axis begins.
            afterBuildTicks: (scale) => {
              const step = timeStep(scale.max - scale.min, scale.chart.width)
              scale.ticks = []
              const first = Math.ceil(scale.min / step)
              for (let mark = first; mark * step <= scale.max; mark++) {
                scale.ticks.push({ value: mark * step })
              }
            },
          },
          y: {
            type: 'linear',
            min: 0,
            ticks: { callback: (value) => this.#formatValue(Number(value)) },
            afterFit: (scale) => {
              scale.width = axisWidth()
            },
            border: { display: false },
          },
        },
      },
    })
  }

  /** @param most the upper end of the value axis, which has its middle and its ends marked */
  draw(lines: readonly Line[], most: number): void {
    const chart = this.#chart
    const { from, to } = this.#scope.visible
    const { quiet, grid, font, rem } = theme()
    Object.assign(Chart.defaults.font, { family: font, size: 0.73 * rem })
    const { x, y } = chart.options.scales as Record<'x' | 'y', Record<string, unknown>>
    Object.assign(x as object, { min: from, max: to })
    Object.assign(y as object, { max: most })
    Object.assign((y as { ticks: object }).ticks, { stepSize: most / 2 })
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
        // A line along the upper end is seen in its full width.
        clip: { left: 0, top: 3, right: 0, bottom: 0 },
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

/** What lies between two marks, in ms. */
function stepOf([first = 0, second = first + 1000]: readonly number[]): number {
  return second - first
}

/** Steps of a time axis that are read at a glance, in ms. */
const timeSteps = [
  ...[5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 240].map((minutes) => minutes * 60_000),
]

/** The smallest step at which the marks of a span do not touch. */
export function timeStep(span: number, width: number): number {
  const most = Math.max(2, width / 90)
  return timeSteps.find((step) => span / step <= most) ?? span / most
}
