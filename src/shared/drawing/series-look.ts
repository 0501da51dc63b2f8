import type { CurveSeries, Line } from '../model/chart.ts'
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
  /** Null for a reference, whose points were not measured, and where there are too many points to mark. */
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

/** Shares of the text's colour. With five dashes: fifteen sides of a model, no two of which look the same. */
const shades = [0, 0.42, 0.72] as const

/**
 * The looks of the sides of a comparison, in their order: the same in all of its charts. Lines have too
 * many points to mark them; letters at their ends name them.
 */
export function sideLooks(sides: readonly Pick<Line, 'model'>[]): readonly SeriesLook[] {
  return sides.map(({ model }, index) => {
    const own = sides.slice(0, index).filter((before) => before.model === model).length
    return {
      model,
      darker: shades[own % shades.length] ?? 0,
      dash: dashes[own % dashes.length] ?? [],
      shape: null,
    }
  })
}

/** The looks of what a chart draws of sides: that of each one's side, where it has one. */
export function looksOf(
  drawn: readonly Pick<Line, 'model' | 'side'>[],
  sides: readonly SeriesLook[],
): readonly SeriesLook[] {
  const own = sideLooks(drawn)
  return drawn.map(({ side }, at) => {
    const look = (side === null ? undefined : sides[side]) ?? own[at]
    return look ?? { model: null, darker: 0, dash: [], shape: null }
  })
}

/** What a side is called: A, B, C … */
export function sideLetter(side: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + (side % 26))
}
