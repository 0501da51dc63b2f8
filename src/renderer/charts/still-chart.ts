import { Chart, type ChartConfiguration, type ChartOptions, type Scale } from 'chart.js'
import type { AxisMarks } from '../../shared/drawing/axis-marks.ts'
import type { Axis } from '../../shared/model/chart.ts'
import { formatMark } from '../../shared/quantity.ts'
import { keepDrawn, stillOptions } from './findings-plot.ts'
import { theme } from './theme.ts'

/** What a kind of chart draws, each time from what the chart's axes are then. */
export interface Layers {
  /** Gives the chart its axes and data, once it has its size; updates it at the end. */
  readonly fill: (chart: Chart) => void
  readonly below?: (chart: Chart) => void
  readonly above?: (chart: Chart) => void
  /** Over all of it: the place that is pointed at. */
  readonly pointed: (chart: Chart, place: number) => void
}

/**
 * A chart that is drawn when its frame or the colours change, and not again while a pointer moves over
 * it: then what was drawn is put back from a copy, however much it is.
 */
export class StillChart {
  readonly chart: Chart
  readonly #layers: Layers
  readonly #release: () => void
  #pointed: number | null = null
  /** What is drawn, without what is pointed at; null until that is needed. */
  #picture: HTMLCanvasElement | null = null

  constructor(
    canvas: HTMLCanvasElement,
    frame: HTMLElement,
    type: 'line' | 'bar',
    options: ChartOptions,
    layers: Layers,
  ) {
    this.#layers = layers
    // Making a chart draws it before there is anything to draw.
    let isMade = false
    this.chart = new Chart(canvas, {
      type,
      data: { datasets: [] },
      options: {
        ...stillOptions,
        layout: { autoPadding: false, padding: 0 },
        ...options,
      },
      plugins: [
        {
          id: 'layers',
          beforeDatasetsDraw: (chart: Chart) => {
            if (isMade) layers.below?.(chart)
          },
          afterDatasetsDraw: (chart: Chart) => {
            if (isMade) layers.above?.(chart)
          },
          afterDraw: () => {
            this.#picture = null
            if (isMade) this.#drawPointed()
          },
        },
      ],
    } as ChartConfiguration)
    isMade = true
    this.#release = keepDrawn(this.chart, frame, () => layers.fill(this.chart))
  }

  point(place: number | null): void {
    if (place === this.#pointed) return
    this.#pointed = place
    this.#restore()
    this.#drawPointed()
  }

  destroy(): void {
    this.#release()
    this.chart.destroy()
  }

  #drawPointed(): void {
    if (this.#pointed === null) return
    this.#picture ??= copyOf(this.chart.canvas)
    this.#layers.pointed(this.chart, this.#pointed)
  }

  #restore(): void {
    const { ctx: context, canvas } = this.chart
    if (this.#picture === null) return
    context.save()
    context.resetTransform()
    context.clearRect(0, 0, canvas.width, canvas.height)
    context.drawImage(this.#picture, 0, 0)
    context.restore()
  }
}

function copyOf(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const copy = document.createElement('canvas')
  copy.width = canvas.width
  copy.height = canvas.height
  // A canvas without a size has nothing to be copied.
  if (canvas.width > 0 && canvas.height > 0) copy.getContext('2d')?.drawImage(canvas, 0, 0)
  return copy
}

/** A scale of values, marked where `setMarks` says. */
export function valueScale(axis: Axis, align: 'inner' | 'center') {
  return {
    type: axis.scale === 'logarithmic' ? ('logarithmic' as const) : ('linear' as const),
    border: { display: false },
    ticks: {
      ...{ maxRotation: 0, autoSkip: false, padding: 8, align },
      callback: (value: string | number) => formatMark(Number(value), axis),
    },
  }
}

/** Gives a scale of a chart its reach, its marks and the colours of the theme; seen with the next update. */
export function setMarks(
  chart: Chart,
  name: 'x' | 'y',
  found: AxisMarks,
  grid: { readonly drawTicks?: boolean; readonly tickLength?: number } = {},
): void {
  const scale = chart.options.scales?.[name]
  if (scale === undefined) return
  const { quiet, grid: color } = theme()
  Object.assign(scale, {
    min: found.min,
    max: found.max,
    grid: { color, tickLength: 5, ...grid },
    afterBuildTicks: (built: Scale) => {
      built.ticks = found.marks.map((value) => ({ value }))
    },
  })
  Object.assign(scale.ticks as object, { color: quiet })
}

/** Pixels around what is drawn; seen with the next update. */
export function setPadding(
  chart: Chart,
  padding: { readonly top: number; readonly right: number },
) {
  if (chart.options.layout === undefined) return
  chart.options.layout.padding = { ...padding, bottom: 0, left: 0 }
}

/** A line across a chart at one place of its x axis. */
export function drawUpright({ ctx: context, chartArea }: Chart, at: number, colour: string): void {
  context.strokeStyle = colour
  context.beginPath()
  context.moveTo(at, chartArea.top)
  context.lineTo(at, chartArea.bottom)
  context.stroke()
}

/** A point that is pointed at, told from the lines around it. */
export function drawPointedDot(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  colour: string,
): void {
  context.beginPath()
  context.arc(x, y, 6, 0, 2 * Math.PI)
  context.fillStyle = colour
  context.fill()
  context.lineWidth = 2
  context.strokeStyle = theme().surface
  context.stroke()
}

/** A text as much of which is kept as there is room for. */
export function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  // Longer ones are not measured whole: a label may have ten thousand characters.
  const characters = [...text.slice(0, 400)]
  if (characters.length === text.length && context.measureText(text).width <= width) return text
  let [fits, tooMany] = [0, characters.length + 1]
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    const cut = `${characters.slice(0, middle).join('')}…`
    if (context.measureText(cut).width <= width) fits = middle
    else tooMany = middle
  }
  return `${characters.slice(0, fits).join('').trimEnd()}…`
}
