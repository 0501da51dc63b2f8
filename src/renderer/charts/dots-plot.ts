import { CategoryScale, Chart, LinearScale, LineController, LogarithmicScale } from 'chart.js'
import { axisMarks } from '../../shared/drawing/axis-marks.ts'
import type { SeriesLook } from '../../shared/drawing/series-look.ts'
import type { DotChart, DotGroup } from '../../shared/model/chart.ts'
import { dotLanes } from './dot-lanes.ts'
import { chartFont, type FindingsPlot } from './findings-plot.ts'
import { lookColour } from './look-colour.ts'
import { fitted, StillChart, setMarks, setPadding, valueScale } from './still-chart.ts'
import { theme } from './theme.ts'

Chart.register(LineController, LinearScale, LogarithmicScale, CategoryScale)

const radius = 4

/** Distributions below each other: each trial a dot, the median of its group and the interval of that. */
export class DotsPlot implements FindingsPlot {
  readonly #content: DotChart
  readonly #looks: readonly SeriesLook[]
  readonly #still: StillChart

  constructor(
    canvas: HTMLCanvasElement,
    frame: HTMLElement,
    content: DotChart,
    looks: readonly SeriesLook[],
  ) {
    this.#content = content
    this.#looks = looks
    this.#still = new StillChart(
      canvas,
      frame,
      'line',
      {
        indexAxis: 'y',
        scales: {
          x: valueScale(content.value, 'inner'),
          y: {
            type: 'category',
            offset: true,
            border: { display: false },
            grid: { display: false },
            ticks: { autoSkip: false, padding: 6 },
          },
        },
      },
      {
        fill: (chart) => this.#fill(chart),
        below: (chart) => {
          for (const [at, group] of content.groups.entries()) this.#drawGroup(chart, group, at)
        },
        pointed: (chart, place) => this.#drawPointed(chart, place),
      },
    )
  }

  point(place: number | null): void {
    this.#still.point(place)
  }

  nearest(_x: number, y: number): number | null {
    const { top, bottom } = this.#still.chart.chartArea
    const { length } = this.#content.groups
    if (y < top || y > bottom || length === 0) return null
    return Math.min(length - 1, Math.floor(((y - top) / (bottom - top)) * length))
  }

  positionOf(place: number) {
    const { x, y } = this.#still.chart.scales
    const { median, high } = this.#content.groups[place] ?? { median: null, high: null }
    const at = x?.getPixelForValue(high ?? median ?? 0) ?? 0
    return { x: Number.isFinite(at) ? at : 0, y: y?.getPixelForValue(place) ?? 0 }
  }

  destroy(): void {
    this.#still.destroy()
  }

  #fill(chart: Chart): void {
    const { value, groups } = this.#content
    const values = groups.flatMap(({ dots, median, low, high }) =>
      [...dots.map((dot) => dot.value), median, low, high].filter((each) => each !== null),
    )
    setMarks(
      chart,
      'x',
      axisMarks(withRoom(values, value.scale), value, {
        isTight: true,
        most: Math.min(8, chart.width / 100),
      }),
    )
    Object.assign(chart.options.scales?.y?.ticks as object, { color: theme().text })
    const { ctx: context } = chart
    context.save()
    context.font = chartFont()
    const room = Math.min(260, chart.width * 0.3)
    chart.data.labels = groups.map(({ name }) => fitted(context, name, room))
    context.restore()
    setPadding(chart, { top: 2, right: 14 })
    chart.update('none')
  }

  #drawGroup(chart: Chart, { dots, median, low, high }: DotGroup, at: number): void {
    const { ctx: context, scales } = chart
    const { x, y } = scales
    if (x === undefined || y === undefined) return
    const middle = y.getPixelForValue(at)
    const height = y.height / Math.max(1, this.#content.groups.length)
    const lane = Math.min(2 * radius, height / 8)
    const colour = lookColour(this.#looks[at])
    const { text } = theme()
    context.save()
    if (low !== null && high !== null) {
      const [from, to] = [x.getPixelForValue(low), x.getPixelForValue(high)]
      context.globalAlpha = 0.22
      context.fillStyle = colour
      context.fillRect(from, middle - height * 0.36, Math.max(1, to - from), height * 0.72)
      context.globalAlpha = 1
    }
    const places = dots.map(({ value }) => x.getPixelForValue(value))
    const lanes = dotLanes(places, 2 * radius, 3)
    context.lineWidth = 1.5
    dots.forEach(({ isOutlier }, dot) => {
      context.beginPath()
      const [across, down] = [places[dot] ?? 0, middle - (lanes[dot] ?? 0) * lane]
      context.arc(across, down, radius - 0.5, 0, 2 * Math.PI)
      context.strokeStyle = colour
      context.fillStyle = colour
      // One that lies far from the others is a ring.
      if (!isOutlier) {
        context.globalAlpha = 0.75
        context.fill()
        context.globalAlpha = 1
      } else {
        context.stroke()
      }
    })
    if (median !== null) {
      context.strokeStyle = text
      context.lineWidth = 2
      context.beginPath()
      context.moveTo(x.getPixelForValue(median), middle - height * 0.42)
      context.lineTo(x.getPixelForValue(median), middle + height * 0.42)
      context.stroke()
    }
    context.restore()
  }

  #drawPointed({ ctx: context, chartArea, width }: Chart, place: number): void {
    const height = (chartArea.bottom - chartArea.top) / Math.max(1, this.#content.groups.length)
    const { y } = this.positionOf(place)
    context.save()
    context.globalAlpha = 0.08
    context.fillStyle = theme().text
    context.fillRect(0, y - height / 2, width, height)
    context.restore()
  }
}

/** Values with some room around them, as dots are no lengths and need not begin at nothing. */
function withRoom(values: readonly number[], scale: 'linear' | 'logarithmic'): readonly number[] {
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const largest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (!(least < largest)) return values
  if (scale === 'logarithmic') return [least / 1.1, largest * 1.1]
  const room = (largest - least) * 0.06
  return [least >= 0 ? Math.max(0, least - room) : least - room, largest + room]
}
