import type { SeriesLook } from '../../shared/drawing/series-look.ts'
import { mixedColours, theme } from './theme.ts'

/** The colour of a look, in the theme that is on. */
export function lookColour(look: Pick<SeriesLook, 'model' | 'darker'> | undefined): string {
  const { model = null, darker = 0 } = look ?? {}
  const { models, text, quiet } = theme()
  if (model === null) return darker === 0 ? quiet : text
  return darker === 0 ? models[model] : mixedColours(models[model], text, darker)
}
