import { layoutPanels, type PanelShape } from '../../../shared/drawing/panel-layout.ts'
import { aboutPanels, familiesOf } from '../../../shared/drawing/panel-words.ts'
import type { PanelChart } from '../../../shared/model/chart.ts'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import type { Drawn } from './drawing.ts'
import { box, fontSize, line, text } from './elements.ts'
import { swatchEntry } from './legend.ts'
import type { Palette } from './palette.ts'
import { textWidth } from './text-width.ts'

/** Small bars in a grid: a row of panels for each measure, a column for each of what was done. */
export function drawPanels(chart: PanelChart, palette: Palette): Drawn {
  return {
    title: chart.title,
    about: aboutPanels(chart),
    legend: familiesOf(chart).map((family) => swatchEntry(family, [palette.models[family]])),
    body: (top, width) => {
      const measure = (content: string) => textWidth(content, fontSize)
      const { shapes, height } = layoutPanels(chart, { width, size: fontSize, measure })
      // A stroke is drawn upon the bars that it marks.
      const inOrder = shapes.toSorted((a, b) => Number(isMark(a)) - Number(isMark(b)))
      return {
        parts: inOrder.map((shape) => drawn(shape, top, palette)),
        bottom: top + height + 6,
      }
    },
  }
}

function isMark(shape: PanelShape): boolean {
  return shape.kind === 'line' && shape.isDashed
}

function drawn(shape: PanelShape, top: number, palette: Palette): string {
  switch (shape.kind) {
    case 'text': {
      const { x, y, text: content, tone, anchor, isStrong, most } = shape
      const fill = tone === 'text' ? palette.text : palette.quiet
      const written = text(x, top + y, content, { fill, anchor, most })
      return isStrong ? written.replace('<text', '<text font-weight="600"') : written
    }
    case 'bar': {
      const { x, y, width, height, model } = shape
      const colour = model === null ? palette.quiet : palette.models[modelTraits[model].family]
      return box(x, top + y, width, height, colour)
    }
    case 'line': {
      const [from, to] = [shape.from, shape.to].map(([x, y]) => [x, top + y] as const)
      if (from === undefined || to === undefined) return ''
      const dash = shape.isDashed ? { 'stroke-dasharray': '3 3' } : {}
      return line(from, to, shape.isDashed ? palette.quiet : palette.grid, dash)
    }
  }
}
