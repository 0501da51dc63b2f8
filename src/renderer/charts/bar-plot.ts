import { BarController, BarElement, CategoryScale, Chart, type ChartDataset } from 'chart.js'
import { barTotal } from '../../shared/chart-figures.ts'
import { axisMarks } from '../../shared/drawing/axis-marks.ts'
import { shadeOf } from '../../shared/drawing/part-shade.ts'
import type { BarChart } from '../../shared/model/chart.ts'
import { formatQuantity } from '../../shared/quantity.ts'
import { chartFont, type FindingsPlot } from './findings-plot.ts'
import { lookColour } from './look-colour.ts'
import { drawPointedRow, endOfRow, rowAt, rowScale } from './rows.ts'
import { StillChart, setMarks, setPadding, valueScale } from './still-chart.ts'
import { mixedColours, theme } from './theme.ts'

Chart.register(BarController, BarElement, CategoryScale)

/** Bars that lie, stacked of parts, each with its sum at its end. */
export class BarPlot implements FindingsPlot {
  readonly #content: BarChart
  readonly #still: StillChart

  constructor(canvas: HTMLCanvasElement, frame: HTMLElement, content: BarChart) {
    this.#content = content
    const { value } = content
    const values = valueScale(value, 'inner')
    this.#still = new StillChart(
      canvas,
      frame,
      'bar',
      {
        indexAxis: 'y',
        scales: {
          x: { ...values, stacked: true, ticks: { ...values.ticks, padding: 3 } },
          y: { ...rowScale, stacked: true },
        },
      },
      {
        fill: (chart) => this.#fill(chart),
        above: (chart) => this.#drawSums(chart),
        pointed: (chart, place) => drawPointedRow(chart, place, content.bars.length),
      },
    )
  }

  point(place: number | null): void {
    this.#still.point(place)
  }

  nearest(_x: number, y: number): number | null {
    return rowAt(this.#still.chart, y, this.#content.bars.length)
  }

  positionOf(place: number) {
    return endOfRow(this.#still.chart, place, sumOf(this.#content.bars[place]?.values ?? []))
  }

  destroy(): void {
    this.#still.destroy()
  }

  #fill(chart: Chart): void {
    const { text, surface } = theme()
    const { value, parts, bars } = this.#content
    const sums = bars.map(({ values }) => sumOf(values))
    const isLinear = value.scale === 'linear'
    // On a logarithm there is no nothing to begin at: the shortest bar is still one.
    const known = sums.filter((each) => each > 0)
    const least = isLinear ? 0 : Math.min(...known) / 3
    const most = Math.min(8, chart.width / 110)
    const found = axisMarks([least, ...(isLinear ? sums : known)], value, { isTight: false, most })
    setMarks(chart, 'x', found)
    Object.assign(chart.options.scales?.y?.ticks as object, { color: text })
    chart.data.labels = bars.map(({ name }) => name)
    chart.data.datasets = parts.map((name, part) => ({
      label: name,
      data: bars.map(({ values }, at) => ({
        x: values[part] ?? (isLinear ? 0 : Number.NaN),
        y: at,
      })),
      backgroundColor: bars.map(({ model }) =>
        mixedColours(lookColour({ model, darker: 0 }), surface, shadeOf(part, parts.length)),
      ),
      borderColor: surface,
      borderWidth: { top: 0, bottom: 0, left: part === 0 ? 0 : 1, right: 0 },
      borderSkipped: false,
      categoryPercentage: 0.92,
      barPercentage: 0.8,
      maxBarThickness: 30,
    })) as ChartDataset[]
    setPadding(chart, { top: 2, right: this.#widestSum(chart) + 14 })
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

  #widestSum({ ctx: context }: Chart): number {
    context.save()
    context.font = chartFont()
    const widths = this.#content.bars.map((_, at) => context.measureText(this.#sumText(at)).width)
    context.restore()
    return Math.max(0, ...widths)
  }

  #drawSums({ ctx: context, chartArea }: Chart): void {
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
}

/** Of what was measured. */
function sumOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, each) => sum + (each ?? 0), 0)
}
