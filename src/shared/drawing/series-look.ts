import type { CurveSeries } from '../model/chart.ts'
import type { Model } from '../model/execution-model.ts'

export const pointShapes = ['circle', 'square', 'triangle', 'diamond', 'cross'] as const
export type PointShape = (typeof pointShapes)[number]

/** How a series is told from the others: by shape and dash as well as by colour. */
export interface SeriesLook {
  /** Whose colour it has; null for the colour of text. */
  readonly model: Model | null
  /** A share of the text's colour in it, so that two lines of a model that cross are told apart. */
  readonly darker: number
  readonly dash: readonly number[]
  /** Null for a reference, whose points were not measured. */
  readonly shape: PointShape | null
}

const dashes: readonly (readonly number[])[] = [[], [9, 3], [3, 2], [9, 3, 2, 3], [14, 4]]
const ofReference: readonly number[] = [4, 4]
const darkest = 0.45

/** The looks of a chart's series, in their order. No shape comes back before all were used. */
export function seriesLooks(
  series: readonly Pick<CurveSeries, 'model' | 'isReference'>[],
): readonly SeriesLook[] {
  const measured = series.filter(({ isReference }) => !isReference)
  return series.map((each) => {
    const { model, isReference } = each
    if (isReference) return { model, darker: 0, dash: ofReference, shape: null }
    const own = measured.filter((other) => other.model === model).indexOf(each)
    return {
      model,
      darker: (own % 2) * darkest,
      dash: dashes[own % dashes.length] ?? [],
      shape: pointShapes[measured.indexOf(each) % pointShapes.length] ?? 'circle',
    }
  })
}
