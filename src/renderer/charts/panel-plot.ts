import {
  layoutPanels,
  type PanelLayout,
  type PanelShape,
} from '../../shared/drawing/panel-layout.ts'
import type { PanelChart } from '../../shared/model/chart.ts'
import { chartFont, type FindingsPlot, keepCurrent } from './findings-plot.ts'
import { lookColour } from './look-colour.ts'
import { fitted } from './still-chart.ts'
import { theme } from './theme.ts'

const nothing: PanelLayout = { height: 0, shapes: [], spots: [] }

/** Small bars in a grid of panels, on a plain canvas: they have no axes that a chart library would know. */
export class PanelPlot implements FindingsPlot {
  readonly #canvas: HTMLCanvasElement
  readonly #frame: HTMLElement
  readonly #content: PanelChart
  readonly #release: () => void
  #layout = nothing
  #pointed: number | null = null

  /** @param resize told the height that it takes at its width, in pixels */
  constructor(
    canvas: HTMLCanvasElement,
    frame: HTMLElement,
    content: PanelChart,
    resize: (height: number) => void,
  ) {
    this.#canvas = canvas
    this.#frame = frame
    this.#content = content
    this.#release = keepCurrent(frame, () => {
      this.#lay()
      resize(this.#layout.height)
      this.#draw()
    })
  }

  point(place: number | null): void {
    if (place === this.#pointed) return
    this.#pointed = place
    this.#draw()
  }

  nearest(_x: number, y: number): number | null {
    return this.#layout.spots.find(({ top, bottom }) => y >= top && y < bottom)?.place ?? null
  }

  positionOf(place: number) {
    const spot = this.#layout.spots.find((each) => each.place === place)
    return spot === undefined ? { x: 0, y: 0 } : { x: spot.x, y: (spot.top + spot.bottom) / 2 }
  }

  destroy(): void {
    this.#release()
  }

  #lay(): void {
    const context = this.#canvas.getContext('2d')
    if (context === null) return
    context.font = chartFont()
    this.#layout = layoutPanels(this.#content, {
      width: this.#frame.clientWidth,
      size: 0.8 * theme().rem,
      measure: (text) => context.measureText(text).width,
    })
  }

  #draw(): void {
    const canvas = this.#canvas
    const context = canvas.getContext('2d')
    const width = this.#frame.clientWidth
    const { height, shapes, spots } = this.#layout
    if (context === null || width === 0 || height === 0) return
    canvas.width = Math.round(width * devicePixelRatio)
    canvas.height = Math.round(height * devicePixelRatio)
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    context.textBaseline = 'middle'
    for (const { place, top, bottom } of spots) {
      if (place !== this.#pointed) continue
      context.globalAlpha = 0.08
      context.fillStyle = theme().text
      context.fillRect(0, top, width, bottom - top)
      context.globalAlpha = 1
    }
    const isMark = (shape: PanelShape) => shape.kind === 'line' && shape.isDashed
    for (const shape of shapes) if (!isMark(shape)) drawShape(context, shape)
    // A stroke is drawn upon the bars that it marks.
    for (const shape of shapes) if (isMark(shape)) drawShape(context, shape)
  }
}

function drawShape(context: CanvasRenderingContext2D, shape: PanelShape): void {
  const { text, quiet, grid } = theme()
  switch (shape.kind) {
    case 'text':
      context.font = shape.isStrong ? `600 ${chartFont()}` : chartFont()
      context.fillStyle = shape.tone === 'text' ? text : quiet
      context.textAlign = shape.anchor === 'middle' ? 'center' : shape.anchor
      context.fillText(fitted(context, shape.text, shape.most), shape.x, shape.y)
      return
    case 'bar':
      context.fillStyle = lookColour({ model: shape.model, darker: 0 })
      context.fillRect(shape.x, shape.y, shape.width, shape.height)
      return
    case 'line':
      context.strokeStyle = shape.isDashed ? quiet : grid
      context.lineWidth = 1
      context.setLineDash(shape.isDashed ? [3, 3] : [])
      context.beginPath()
      context.moveTo(...shape.from)
      context.lineTo(...shape.to)
      context.stroke()
      context.setLineDash([])
  }
}
