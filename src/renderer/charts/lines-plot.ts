import { Chart, LinearScale, LineController, LogarithmicScale } from 'chart.js'
import { axisMarks } from '../../shared/drawing/axis-marks.ts'
import type { SeriesLook } from '../../shared/drawing/series-look.ts'
import { pointAt, readingPlaces } from '../../shared/line-reading.ts'
import type { LineChart } from '../../shared/model/chart.ts'
import type { FindingsPlot } from './findings-plot.ts'
import { drawBands, drawEnds, drawLines, drawZero } from './line-layers.ts'
import { lookColour } from './look-colour.ts'
import {
  drawPointedDot,
  drawUpright,
  StillChart,
  setMarks,
  setPadding,
  valueScale,
} from './still-chart.ts'
import { theme } from './theme.ts'

Chart.register(LineController, LinearScale, LogarithmicScale)

/** Lines over a common time, each with the extremes behind it. */
export class LinesPlot implements FindingsPlot {
  readonly #content: LineChart
  readonly #looks: readonly SeriesLook[]
  readonly #places: readonly number[]
  readonly #still: StillChart

  constructor(
    canvas: HTMLCanvasElement,
    frame: HTMLElement,
    content: LineChart,
    looks: readonly SeriesLook[],
  ) {
    this.#content = content
    this.#looks = looks
    this.#places = readingPlaces(content.lines)
    const { lines } = content
    this.#still = new StillChart(
      canvas,
      frame,
      'line',
      { scales: { x: valueScale(content.x, 'inner'), y: valueScale(content.y, 'center') } },
      {
        fill: (chart) => this.#fill(chart),
        below: (chart) => {
          drawZero(chart)
          drawBands(chart, lines, looks)
          drawLines(chart, lines, looks)
          drawEnds(chart, lines, looks)
        },
        pointed: (chart, place) => this.#drawPointed(chart, place),
      },
    )
  }

  point(place: number | null): void {
    this.#still.point(place)
  }

  nearest(x: number): number | null {
    const value = this.#still.chart.scales.x?.getValueForPixel(x)
    if (value === undefined || this.#places.length === 0) return null
    const after = this.#places.findIndex((each) => each >= value)
    if (after <= 0) return after === 0 ? 0 : this.#places.length - 1
    const [before, next] = [this.#places[after - 1] ?? 0, this.#places[after] ?? 0]
    return value - before < next - value ? after - 1 : after
  }

  positionOf(place: number) {
    const { scales, chartArea } = this.#still.chart
    const at = scales.x?.getPixelForValue(this.#places[place] ?? 0) ?? 0
    return { x: at, y: chartArea.top }
  }

  destroy(): void {
    this.#still.destroy()
  }

  #fill(chart: Chart): void {
    const { x, y, lines } = this.#content
    const { width, height } = chart
    const times = extremes(lines.map((line) => line.x))
    const values = extremes(lines.flatMap((line) => [line.y, line.low ?? [], line.high ?? []]))
    setMarks(chart, 'x', axisMarks(times, x, { isTight: true, most: width / 80 }))
    setMarks(chart, 'y', axisMarks(values, y, { isTight: false, most: height / 38 }), {
      drawTicks: false,
    })
    const hasLetters = lines.some(({ side }) => side !== null)
    setPadding(chart, { top: 8, right: hasLetters ? 1.5 * theme().rem : 10 })
    chart.update('none')
  }

  #drawPointed(chart: Chart, place: number): void {
    const { ctx: context, scales } = chart
    const at = this.#places[place]
    if (at === undefined || scales.x === undefined) return
    context.save()
    drawUpright(chart, scales.x.getPixelForValue(at), theme().text)
    this.#content.lines.forEach((line, index) => {
      const point = pointAt(line, at)
      if (point === null) return
      const x = scales.x?.getPixelForValue(line.x[point] ?? 0) ?? 0
      const y = scales.y?.getPixelForValue(line.y[point] ?? 0) ?? 0
      drawPointedDot(context, x, y, lookColour(this.#looks[index]))
    })
    context.restore()
  }
}

/** The least and the largest of very many values; empty where there are none. */
function extremes(all: readonly (readonly (number | null)[])[]): readonly number[] {
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const values of all) {
    for (const value of values) {
      if (value === null) continue
      if (value < least) least = value
      if (value > largest) largest = value
    }
  }
  return least <= largest ? [least, largest] : []
}
