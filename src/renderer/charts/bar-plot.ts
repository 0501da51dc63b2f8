import { BarController, BarElement, CategoryScale, Chart, type Scale } from 'chart.js'
import { barTotal } from '../../shared/chart-figures.ts'
import { axisMarks } from '../../shared/drawing/axis-marks.ts'
import { shadeOf } from '../../shared/drawing/part-shade.ts'
import type { BarChart } from '../../shared/model/chart.ts'
import type { Model } from '../../shared/model/execution-model.ts'
import { formatMark, formatQuantity } from '../../shared/quantity.ts'
import { chartFont, type FindingsPlot, keepDrawn, stillOptions } from './findings-plot.ts'
import { mixedColours, theme } from './theme.ts'

Chart.register(BarController, BarElement, CategoryScale)

/** Bars that lie, stacked of parts, each with its sum at its end. */
export class BarPlot implements FindingsPlot {
  readonly #content: BarChart
  readonly #chart: Chart<'bar', { x: number; y: number }[], string>
  readonly #release: () => void
  #pointed: number | null = null
  /** Making a chart draws it before there is anything to draw. */
  #isMade = false

  constructor(canvas: HTMLCanvasElement, frame: HTMLElement, content: BarChart) {
    this.#content = content
    const { value, bars } = content
    this.#chart = new Chart(canvas, {
      type: 'bar',
      data: { labels: bars.map(({ name }) => name), datasets: [] },
      options: {
        ...stillOptions,
        indexAxis: 'y',
        layout: { autoPadding: false, padding: 0 },
        scales: {
          x: {
            type: value.scale === 'logarithmic' ? 'logarithmic' : 'linear',
            stacked: true,
            border: { display: false },
            ticks: {
              maxRotation: 0,
              autoSkip: false,
              align: 'inner',
              callback: (each: string | number) => formatMark(Number(each), value),
            },
          },
          y: {
            type: 'category',
            stacked: true,
            border: { display: false },
            grid: { display: false },
            ticks: { autoSkip: false, padding: 6 },
          },
        },
      },
      plugins: [
        {
          id: 'layers',
          beforeDatasetsDraw: () => {
            if (this.#isMade) this.#drawPointed()
          },
          afterDatasetsDraw: () => {
            if (this.#isMade) this.#drawSums()
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

  nearest(_x: number, y: number): number | null {
    const { top, bottom } = this.#chart.chartArea
    const { length } = this.#content.bars
    if (y < top || y > bottom || length === 0) return null
    return Math.min(length - 1, Math.floor(((y - top) / (bottom - top)) * length))
  }

  positionOf(place: number) {
    const { x, y } = this.#chart.scales
    const sum = sumOf(this.#content.bars[place]?.values ?? [])
    const end = x?.getPixelForValue(sum) ?? 0
    return { x: Number.isFinite(end) ? end : 0, y: y?.getPixelForValue(place) ?? 0 }
  }

  destroy(): void {
    this.#release()
    this.#chart.destroy()
  }

  #draw(): void {
    const chart = this.#chart
    const { quiet, text, grid, surface } = theme()
    const { value, parts, bars } = this.#content
    const { x, y } = chart.options.scales ?? {}
    const sums = bars.map(({ values }) => sumOf(values))
    const isLinear = value.scale === 'linear'
    // On a logarithm there is no nothing to begin at: the shortest bar is still one.
    const known = sums.filter((each) => each > 0)
    const least = isLinear ? 0 : Math.min(...known) / 3
    const found = axisMarks([least, ...(isLinear ? sums : known)], value, {
      isTight: false,
      most: Math.min(8, chart.width / 110),
    })
    Object.assign(x as object, {
      min: found.min,
      max: found.max,
      grid: { color: grid, tickLength: 5 },
      afterBuildTicks: (scale: Scale) => {
        scale.ticks = found.marks.map((each) => ({ value: each }))
      },
    })
    Object.assign(x?.ticks as object, { color: quiet })
    Object.assign(y?.ticks as object, { color: text })
    chart.data.datasets = parts.map((name, part) => ({
      label: name,
      data: bars.map(({ values }, at) => ({
        x: values[part] ?? (isLinear ? 0 : Number.NaN),
        y: at,
      })),
      backgroundColor: bars.map(({ model }) =>
        mixedColours(colourOf(model), surface, shadeOf(part, parts.length)),
      ),
      borderColor: surface,
      borderWidth: { top: 0, bottom: 0, left: part === 0 ? 0 : 1, right: 0 },
      borderSkipped: false,
      categoryPercentage: 0.92,
      barPercentage: 0.8,
      maxBarThickness: 30,
    }))
    if (chart.options.layout !== undefined) {
      chart.options.layout.padding = { top: 2, right: this.#widestSum() + 14, bottom: 0, left: 0 }
    }
    chart.update('none')
  }

  #sumText(at: number): string {
    const { bars, value } = this.#content
    const values = bars[at]?.values ?? []
    const sum = barTotal(values)
    if (sum !== null) return formatQuantity(sum, value)
    return values.every((each) => each === null)
      ? 'not measured'
      : `≥ ${formatQuantity(sumOf(values), value)}`
  }

  #widestSum(): number {
    const { ctx: context } = this.#chart
    context.save()
    context.font = chartFont()
    const widths = this.#content.bars.map((_, at) => context.measureText(this.#sumText(at)).width)
    context.restore()
    return Math.max(0, ...widths)
  }

  #drawSums(): void {
    const { ctx: context, chartArea } = this.#chart
    context.save()
    context.font = chartFont()
    context.fillStyle = theme().text
    context.textBaseline = 'middle'
    this.#content.bars.forEach((_, at) => {
      const { x, y } = this.positionOf(at)
      context.fillText(this.#sumText(at), Math.max(chartArea.left, x) + 8, y)
    })
    context.restore()
  }

  #drawPointed(): void {
    if (this.#pointed === null) return
    const { ctx: context, chartArea, width } = this.#chart
    const height = (chartArea.bottom - chartArea.top) / Math.max(1, this.#content.bars.length)
    const { y } = this.positionOf(this.#pointed)
    context.save()
    context.globalAlpha = 0.08
    context.fillStyle = theme().text
    context.fillRect(0, y - height / 2, width, height)
    context.restore()
  }
}

function colourOf(model: Model | null): string {
  const { models, quiet } = theme()
  return model === null ? quiet : models[model]
}

/** Of what was measured. */
function sumOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, each) => sum + (each ?? 0), 0)
}
