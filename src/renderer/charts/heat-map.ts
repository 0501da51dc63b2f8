import { heatIndex } from '../../shared/drawing/heat-palette.ts'
import type { Scope } from '../scope/scope.ts'
import { originOf, type ShownTrial } from '../scope/shown-trial.ts'
import { theme } from './theme.ts'

/**
 * The cores over time: a row a core, a column a pixel, coloured by the busy fraction and by whose work
 * that is. Where a pixel covers several slots it shows their mean.
 */
export function drawHeatMap(
  canvas: HTMLCanvasElement,
  scope: Scope,
  trial: ShownTrial | null,
): void {
  const width = Math.max(1, Math.round(canvas.clientWidth))
  const rows = trial?.timeline.cores ?? 1
  // As many rows as cores: the browser stretches them to the height of the element, unsmoothed.
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== rows) canvas.height = rows
  const context = canvas.getContext('2d')
  if (context === null) return
  context.clearRect(0, 0, width, rows)
  if (trial === null || trial.timeline.length === 0) return

  const { timeline } = trial
  const { heat, notRead } = theme()
  const { from, to } = scope.visible
  const origin = originOf(trial)
  const endsAt = scope.endOf(trial)
  const image = context.createImageData(width, rows)
  const pixels = new Uint32Array(image.data.buffer)
  const { coreBusy, coreWorkersBusy } = timeline
  // A slot's readings cover the time up to it: its column begins where the slot before ends.
  let slot = Math.max(0, timeline.slotAt(from + origin))
  const begin = (timeline.t[0] as number) - origin
  for (let column = 0; column < width; column++) {
    const x1 = from + ((column + 1) / width) * (to - from)
    if (x1 < begin || x1 > endsAt) continue
    const end = x1 + origin
    let last = slot
    while (last < timeline.length - 1 && (timeline.t[last] as number) < end) last++
    if ((timeline.t[last] as number) < end && last === timeline.length - 1) {
      const x0 = from + (column / width) * (to - from) + origin
      if ((timeline.t[last] as number) < x0) break
    }
    for (let core = 0; core < rows; core++) {
      let sum = 0
      let count = 0
      let own = 0
      let ownCount = 0
      for (let each = slot; each <= last; each++) {
        const busy = coreBusy[each * rows + core] as number
        if (Number.isNaN(busy)) continue
        sum += busy
        count++
        const ours = coreWorkersBusy[each * rows + core] as number
        if (Number.isNaN(ours)) continue
        own += ours
        ownCount++
      }
      pixels[column + core * width] =
        count === 0 ? notRead : (heat[heatIndex(sum / count, own / ownCount)] as number)
    }
    // The slot that reaches over the pixel's edge is the next one's as well.
    slot = (timeline.t[last] as number) > end ? last : Math.min(last + 1, timeline.length - 1)
  }
  context.putImageData(image, 0, 0)
}
