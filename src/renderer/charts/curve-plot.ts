import {
  Chart,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type Scale,
} from 'chart.js'
import { measuredPlaces } from '../../shared/chart-figures.ts'
import { axisMarks } from '../../shared/drawing/axis-marks.ts'
import { type PointShape, type SeriesLook, seriesLooks } from '../../shared/drawing/series-look.ts'
import type { Axis, CurveChart } from '../../shared/model/chart.ts'
import { formatMark } from '../../shared/quantity.ts'
import { drawIntervals, drawMarkLabels, drawMarkLines, rowsOfMarks } from './curve-layers.ts'
import { type FindingsPlot, keepDrawn, stillOptions } from './findings-plot.ts'
import { mixedColours, theme } from './theme.ts'

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
  readonly #chart: Chart<'line', Points>
  readonly #release: () => void
  #pointed: number | null = null
  /** Making a chart draws it before there is anything to draw. */
  #isMade = false

  constructor(canvas: HTMLCanvasElement, frame: HTMLElement, content: CurveChart) {
    this.#content = content
    this.#looks = seriesLooks(content.series)
    this.#places = measuredPlaces(content)
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        ...stillOptions,
        layout: { autoPadding: false, padding: 0 },
        elements: { line: { tension: 0 } },
        scales: {
          x: scaleOptions(content.x, 'inner'),
          y: scaleOptions(content.y, 'center'),
        },
      },
      plugins: [
        {
          id: 'layers',
          beforeDatasetsDraw: (chart) => {
            drawMarkLines(chart, content.marks)
            drawIntervals(chart, content.series, (at) => this.#colourOf(at))
          },
          afterDatasetsDraw: (chart) => {
            drawMarkLabels(chart, content.marks)
            if (this.#isMade) this.#drawPointed()
          },
        },
      ],
    })
    this.#isMade = true
    this.#release = keepDrawn(this.#chart, frame, () => this.#draw())
  }

  point(place: number | null): void {
    if (place === this.#pointed) return
    this.#pointed = place
    this.#chart.draw()
  }

  nearest(x: number): number | null {
    const scale = this.#chart.scales.x
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
    const { x } = this.#chart.scales
    const value = this.#places[place]
    const at = x === undefined || value === undefined ? 0 : x.getPixelForValue(value)
    return { x: at, y: this.#chart.chartArea.top }
  }

  destroy(): void {
    this.#release()
    this.#chart.destroy()
  }

  #colourOf(at: number): string {
    const { model = null, darker = 0 } = this.#looks[at] ?? {}
    const { models, text, quiet } = theme()
    if (model === null) return darker === 0 ? quiet : text
    return mixedColours(models[model], text, darker)
  }

  #draw(): void {
    const chart = this.#chart
    const { quiet, grid } = theme()
    for (const name of ['x', 'y'] as const) {
      const scale = chart.options.scales?.[name]
      if (scale === undefined) continue
      const found = this.#marksOf(name)
      Object.assign(scale, {
        min: found.min,
        max: found.max,
        grid: { color: grid, drawTicks: name === 'x', tickLength: 5 },
        afterBuildTicks: (built: Scale) => {
          built.ticks = found.marks.map((value) => ({ value }))
        },
      })
      Object.assign(scale.ticks as object, { color: quiet })
    }
    chart.data.datasets = this.#content.series.map((_, at) => this.#datasetOf(at))
    chart.update('none')
    // What stands above the curves takes its room from them; along the axis nothing moves by that.
    const top = rowsOfMarks(chart, this.#content.marks)
    const padding = { top, right: 10, bottom: 0, left: 0 }
    if (chart.options.layout !== undefined) chart.options.layout.padding = padding
    chart.update('none')
  }

  #marksOf(name: 'x' | 'y') {
    const { series, marks } = this.#content
    const { width, height } = this.#chart
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

  #drawPointed(): void {
    const value = this.#pointed === null ? undefined : this.#places[this.#pointed]
    const { ctx: context, chartArea, scales } = this.#chart
    if (value === undefined || scales.x === undefined || scales.y === undefined) return
    const { text, surface } = theme()
    const at = scales.x.getPixelForValue(value)
    context.save()
    context.strokeStyle = text
    context.beginPath()
    context.moveTo(at, chartArea.top)
    context.lineTo(at, chartArea.bottom)
    context.stroke()
    this.#content.series.forEach(({ points, isReference }, index) => {
      const point = points.find(({ x }) => x === value)
      if (point === undefined || isReference) return
      context.beginPath()
      context.arc(at, scales.y?.getPixelForValue(point.y) ?? 0, 6, 0, 2 * Math.PI)
      context.fillStyle = this.#colourOf(index)
      context.fill()
      context.lineWidth = 2
      context.strokeStyle = surface
      context.stroke()
    })
    context.restore()
  }
}

function scaleOptions(axis: Axis, align: 'inner' | 'center') {
  return {
    type: axis.scale === 'logarithmic' ? ('logarithmic' as const) : ('linear' as const),
    border: { display: false },
    ticks: {
      ...{ maxRotation: 0, autoSkip: false, padding: 8, align },
      callback: (value: string | number) => formatMark(Number(value), axis),
    },
  }
}
