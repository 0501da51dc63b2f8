import type { CSSProperties } from 'react'
import type { PointShape, SeriesLook } from '../../../shared/drawing/series-look.ts'
import { type Model, modelTraits } from '../../../shared/model/execution-model.ts'

/** The line of a series as it is drawn: its colour, its dash and the shape of its points. */
export function SeriesKey({ look }: { readonly look: SeriesLook }) {
  const { model, darker, dash, shape } = look
  const isDark = darker > 0
  return (
    <svg
      className="series-key"
      data-model={model === null ? undefined : modelTraits[model].family}
      data-dark={isDark}
      style={isDark ? ({ '--share': `${(1 - darker) * 100}%` } as CSSProperties) : undefined}
      viewBox="0 0 34 12"
      aria-hidden="true"
    >
      <path
        d="M1 6h32"
        strokeWidth={shape === null ? 1.5 : 2}
        strokeDasharray={dash.length === 0 ? undefined : dash.join(' ')}
      />
      {shape !== null && <path className="series-point" data-shape={shape} d={outlines[shape]} />}
    </svg>
  )
}

const outlines: Readonly<Record<PointShape, string>> = {
  circle: 'M13.2 6a3.8 3.8 0 1 0 7.6 0a3.8 3.8 0 1 0-7.6 0z',
  square: 'M13.6 2.6h6.8v6.8h-6.8z',
  triangle: 'M17 1.6l4.6 8h-9.2z',
  diamond: 'M17 1.2l4.8 4.8l-4.8 4.8l-4.8-4.8z',
  cross: 'M13.4 2.4l7.2 7.2M20.6 2.4l-7.2 7.2',
}

/** A part of bars, in the shade that it has in each model. */
export function PartKey({
  models,
  shade,
}: {
  readonly models: readonly (Model | null)[]
  /** Share of the surface's colour, 0–1. */
  readonly shade: number
}) {
  return (
    <span className="part-key" aria-hidden="true">
      {models.map((model) => (
        <i
          key={model}
          data-model={model === null ? undefined : modelTraits[model].family}
          style={{
            background: `color-mix(in srgb, var(--model) ${(1 - shade) * 100}%, var(--surface))`,
          }}
        />
      ))}
    </span>
  )
}
