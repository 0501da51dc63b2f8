import { CategoryScale, Chart, LinearScale, LineController, LogarithmicScale } from 'chart.js'
import { axisMarks, withRoom } from '../../shared/drawing/axis-marks.ts'
import type { SeriesLook } from '../../shared/drawing/series-look.ts'
import type { DotChart, DotGroup } from '../../shared/model/chart.ts'
import { dotLanes } from './dot-lanes.ts'
import { chartFont, type FindingsPlot } from './findings-plot.ts'
import { lookColour } from './look-colour.ts'
import { drawPointedRow, endOfRow, rowAt, rowScale } from './rows.ts'
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
          y: { ...rowScale, offset: true },
        },
      },
      {
        fill: (chart) => this.#fill(chart),
        below: (chart) => {
          for (const [at, group] of content.groups.entries()) this.#drawGroup(chart, group, at)
        },
        pointed: (chart, place) => drawPointedRow(chart, place, content.groups.length),
      },
    )
  }

  point(place: number | null): void {
    this.#still.point(place)
  }

  nearest(_x: number, y: number): number | null {
    return rowAt(this.#still.chart, y, this.#content.groups.length)
  }

  positionOf(place: number) {
    const { median, high } = this.#content.groups[place] ?? { median: null, high: null }
    return endOfRow(this.#still.chart, place, high ?? median ?? 0)
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
    const room = Math.min(420, chart.width * 0.3)
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
}
