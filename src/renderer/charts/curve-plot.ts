import {
  Chart,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
} from 'chart.js'
import { measuredPlaces } from '../../shared/chart-figures.ts'
import { axisMarks } from '../../shared/drawing/axis-marks.ts'
import { type PointShape, type SeriesLook, seriesLooks } from '../../shared/drawing/series-look.ts'
import type { CurveChart } from '../../shared/model/chart.ts'
import { drawIntervals, drawMarkLabels, drawMarkLines, rowsOfMarks } from './curve-layers.ts'
import type { FindingsPlot } from './findings-plot.ts'
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

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale)

type Points = { readonly x: number; readonly y: number }[]

/** Pixels that the text of a mark wants, below the axis and beside it. */
const roomForMark = { x: 80, y: 38 }

const shapes: Readonly<Record<PointShape, string>> = {
  circle: 'circle',
  square: 'rect',
  triangle: 'triangle',
  diamond: 'rectRot',
  cross: 'crossRot',
}

/** Curves with their intervals, references and named places. */
export class CurvePlot implements FindingsPlot {
  readonly #content: CurveChart
  readonly #looks: readonly SeriesLook[]
  readonly #places: readonly number[]
  readonly #still: StillChart

  constructor(canvas: HTMLCanvasElement, frame: HTMLElement, content: CurveChart) {
    this.#content = content
    this.#looks = seriesLooks(content.series)
    this.#places = measuredPlaces(content)
    this.#still = new StillChart(
      canvas,
      frame,
      'line',
      {
        elements: { line: { tension: 0 } },
        scales: { x: valueScale(content.x, 'inner'), y: valueScale(content.y, 'center') },
      },
      {
        fill: (chart) => this.#fill(chart),
        below: (chart) => {
          drawMarkLines(chart, content.marks)
          drawIntervals(chart, content.series, (at) => this.#colourOf(at))
        },
        above: (chart) => drawMarkLabels(chart, content.marks),
        pointed: (chart, place) => this.#drawPointed(chart, place),
      },
    )
  }

  point(place: number | null): void {
    this.#still.point(place)
  }

  nearest(x: number): number | null {
    const scale = this.#still.chart.scales.x
    if (scale === undefined) return null
    let best: number | null = null
    let least = Number.POSITIVE_INFINITY
    this.#places.forEach((value, place) => {
      const away = Math.abs(scale.getPixelForValue(value) - x)
      if (away >= least) return
      least = away
      best = place
    })
    return best
  }

  positionOf(place: number) {
    const { scales, chartArea } = this.#still.chart
    const value = this.#places[place]
    const at = value === undefined ? 0 : (scales.x?.getPixelForValue(value) ?? 0)
    return { x: at, y: chartArea.top }
  }

  destroy(): void {
    this.#still.destroy()
  }

  #colourOf(at: number): string {
    return lookColour(this.#looks[at])
  }

  #fill(chart: Chart): void {
    setMarks(chart, 'x', this.#marksOf(chart, 'x'))
    setMarks(chart, 'y', this.#marksOf(chart, 'y'), { drawTicks: false })
    const datasets = this.#content.series.map((_, at) => this.#datasetOf(at))
    chart.data.datasets = datasets as ChartDataset[]
    chart.update('none')
    // What stands above the curves takes its room from them; along the axis nothing moves by that.
    setPadding(chart, { top: rowsOfMarks(chart, this.#content.marks), right: 10 })
    chart.update('none')
  }

  #marksOf({ width, height }: Chart, name: 'x' | 'y') {
    const { series, marks } = this.#content
    const axis = this.#content[name]
    const points = series.flatMap((each) => each.points)
    if (name === 'y') {
      const values = points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y])
      return axisMarks(values, axis, { isTight: false, most: height / roomForMark.y })
    }
    const values = [...points.map(({ x }) => x), ...marks.map(({ x }) => x)]
    const found = axisMarks(values, axis, { isTight: true, most: width / roomForMark.x })
    const isCounted = axis.scale === 'linear' && this.#places.every(Number.isInteger)
    const gaps = this.#places.slice(1).map((each, at) => each - (this.#places[at] ?? 0))
    const least = (Math.min(...gaps) / (found.max - found.min)) * width
    // Numbers of workers are read as they were chosen, where they do not touch.
    return isCounted && gaps.length > 0 && least > 26 ? { ...found, marks: this.#places } : found
  }

  #datasetOf(at: number): ChartDataset<'line', Points> {
    const { points, isReference } = this.#content.series[at] as CurveChart['series'][number]
    const { shape = null, dash = [] } = this.#looks[at] ?? {}
    const colour = this.#colourOf(at)
    const { x, y } = this.#content
    return {
      // A logarithm has no place for what is not positive; the figures below the chart have it.
      data: points.filter(
        (each) => (x.scale === 'linear' || each.x > 0) && (y.scale === 'linear' || each.y > 0),
      ) as Points,
      borderColor: colour,
      borderWidth: isReference ? 1.5 : 2,
      borderDash: [...dash],
      backgroundColor: colour,
      pointBorderColor: colour,
      pointBorderWidth: shape === 'cross' ? 2 : 1,
      pointStyle: shape === null ? false : shapes[shape],
      pointRadius: shape === null ? 0 : shape === 'circle' ? 3.5 : 4.5,
      clip: 8,
      // References lie below what was measured.
      order: isReference ? 2 : 1,
    }
  }

  #drawPointed(chart: Chart, place: number): void {
    const value = this.#places[place]
    const { ctx: context, scales } = chart
    if (value === undefined || scales.x === undefined || scales.y === undefined) return
    const at = scales.x.getPixelForValue(value)
    context.save()
    drawUpright(chart, at, theme().text)
    this.#content.series.forEach(({ points, isReference }, index) => {
      const point = points.find(({ x }) => x === value)
      if (point === undefined || isReference) return
      const y = scales.y?.getPixelForValue(point.y) ?? 0
      drawPointedDot(context, at, y, this.#colourOf(index))
    })
    context.restore()
  }
}
