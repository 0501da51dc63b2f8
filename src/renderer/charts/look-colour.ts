import type { SeriesLook } from '../../shared/drawing/series-look.ts'
import { modelTraits } from '../../shared/model/execution-model.ts'
import { mixedColours, theme } from './theme.ts'

/** The colour of a look, in the theme that is on. */
export function lookColour(look: Pick<SeriesLook, 'model' | 'darker'> | undefined): string {
  const { model = null, darker = 0 } = look ?? {}
  const { models, text, quiet } = theme()
  if (model === null) return darker === 0 ? quiet : text
  return darker === 0
    ? models[modelTraits[model].family]
    : mixedColours(models[modelTraits[model].family], text, darker)
}
