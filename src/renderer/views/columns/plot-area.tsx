import { type PointerEvent, useRef } from 'react'
import { axisWidth } from '../../charts/line-chart.ts'
import type { Scope } from '../../scope/scope.ts'
import type { ShownTrial } from '../../scope/shown-trial.ts'

/** Where the pointer is read: it points, drags to zoom, and a double click resets. */
export function PlotArea({
  scope,
  children,
}: {
  readonly scope: Scope
  readonly children: React.ReactNode
}) {
  const dragFrom = useRef<number | null>(null)
  const timeAt = ({ clientX, currentTarget }: PointerEvent<HTMLElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect()
    const share = (clientX - left - axisWidth()) / (width - axisWidth())
    const { from, to } = scope.visible
    return from + Math.min(1, Math.max(0, share)) * (to - from)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the toolbar does the same by keyboard.
    <div
      className="plots"
      onPointerDown={(event) => {
        if (event.button !== 0) return
        dragFrom.current = timeAt(event)
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        const at = timeAt(event)
        scope.point(at)
        const from = dragFrom.current
        if (from !== null) scope.mark({ from: Math.min(from, at), to: Math.max(from, at) })
      }}
      onPointerUp={() => {
        const { selection } = scope
        dragFrom.current = null
        scope.mark(null)
        const { from, to } = scope.visible
        // A click that slipped is no drag.
        const isMeant = selection !== null && selection.to - selection.from > (to - from) / 100
        if (isMeant) scope.zoom(selection)
      }}
      onPointerCancel={() => {
        dragFrom.current = null
        scope.mark(null)
      }}
      onPointerLeave={() => {
        if (dragFrom.current === null) scope.point(null)
      }}
      onDoubleClick={() => scope.zoom(null)}
    >
      {children}
      <div className="overlay" aria-hidden="true">
        <div className="release" data-overlay="release" />
        <div className="selection" data-overlay="selection" hidden />
        <div className="cursor" data-overlay="cursor" hidden />
      </div>
    </div>
  )
}

/** The lines that lie over all panels of a column. */
export class CursorOverlay {
  readonly #scope: Scope
  readonly #trial: () => ShownTrial | null
  readonly #frame: HTMLElement | null
  readonly #parts: Readonly<Record<'release' | 'selection' | 'cursor', HTMLElement | null>>

  constructor(root: HTMLElement, scope: Scope, trial: () => ShownTrial | null) {
    this.#scope = scope
    this.#trial = trial
    this.#frame = root.querySelector('.overlay')
    const part = (name: string) => root.querySelector<HTMLElement>(`[data-overlay="${name}"]`)
    this.#parts = {
      release: part('release'),
      selection: part('selection'),
      cursor: part('cursor'),
    }
    this.place()
  }

  place(): void {
    const { cursor, selection } = this.#scope
    const trial = this.#trial()
    const isReleased = trial !== null && (trial.releasedMs !== null || trial.ended === null)
    this.#put(this.#parts.release, isReleased ? 0 : null, 0)
    this.#put(this.#parts.cursor, cursor, 0)
    this.#put(
      this.#parts.selection,
      selection?.from ?? null,
      selection === null ? 0 : selection.to - selection.from,
    )
  }

  #put(part: HTMLElement | null, at: number | null, length: number): void {
    if (part === null || this.#frame === null) return
    const { from, to } = this.#scope.visible
    const isSeen = at !== null && at + length >= from && at <= to
    part.hidden = !isSeen
    if (!isSeen) return
    part.style.left = `${((at - from) / (to - from)) * 100}%`
    if (length > 0) part.style.width = `${(length / (to - from)) * 100}%`
  }
}
