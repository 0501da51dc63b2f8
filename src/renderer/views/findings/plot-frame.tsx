import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { FindingsPlot } from '../../charts/findings-plot.ts'

/**
 * A drawn chart that is read with the pointer or with the arrow keys: what it says at a place is shown
 * beside that place.
 */
export function PlotFrame({
  name,
  about,
  height,
  places,
  textOf,
  tipOf,
  make,
}: {
  readonly name: string
  /** What one who does not see it should know of it. */
  readonly about: string
  /** In rem; null for that of a chart with two axes. */
  readonly height: number | null
  /** How many places can be pointed at. */
  readonly places: number
  readonly textOf: (place: number) => string
  readonly tipOf: (place: number) => ReactNode
  /** Draws it; another function draws it anew. */
  readonly make: (canvas: HTMLCanvasElement, frame: HTMLElement) => FindingsPlot
}) {
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<FindingsPlot | null>(null)
  const [pointed, setPointed] = useState<number | null>(null)
  const tip = useId()
  useEffect(() => {
    const element = frame.current
    const canvas = element?.querySelector('canvas')
    if (element === null || canvas === null || canvas === undefined) return
    const made = make(canvas, element)
    plot.current = made
    return () => {
      plot.current = null
      made.destroy()
      setPointed(null)
    }
  }, [make])
  useEffect(() => plot.current?.point(pointed), [pointed])

  const shown = pointed === null || pointed >= places ? null : pointed
  const at = shown === null ? undefined : plot.current?.positionOf(shown)
  const isRight = at !== undefined && at.x > (frame.current?.clientWidth ?? 0) / 2
  return (
    <div
      ref={frame}
      className="figure-plot"
      style={height === null ? undefined : { height: `${height}rem` }}
      onPointerMove={({ clientX, clientY, currentTarget }) => {
        const { left, top } = currentTarget.getBoundingClientRect()
        setPointed(plot.current?.nearest(clientX - left, clientY - top) ?? null)
      }}
      onPointerLeave={() => setPointed(null)}
    >
      <canvas role="img" aria-label={`${name}. ${about}`} />
      {places > 0 && (
        <input
          type="range"
          className="figure-slider"
          aria-label={`Point at a place of: ${name}`}
          min={0}
          max={places - 1}
          value={shown ?? 0}
          aria-valuetext={textOf(shown ?? 0)}
          aria-describedby={shown === null ? undefined : tip}
          onFocus={({ target }) => target.matches(':focus-visible') && setPointed(shown ?? 0)}
          onBlur={() => setPointed(null)}
          onChange={({ target }) => setPointed(Number(target.value))}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || shown === null) return
            event.preventDefault()
            setPointed(null)
          }}
        />
      )}
      {shown !== null && at !== undefined && (
        <div
          id={tip}
          className="figure-tip"
          data-side={isRight ? 'left' : 'right'}
          style={{ left: at.x, top: at.y }}
        >
          {tipOf(shown)}
        </div>
      )}
    </div>
  )
}
