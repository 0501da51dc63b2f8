import { Slider } from '@base-ui/react/slider'
import { Pause, Play, RotateCcw, ZoomIn, ZoomOut } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { formatTick } from '../../../shared/format.ts'
import type { Scope } from '../../scope/scope.ts'

/** What can be done with the time axis: pause, zoom, and a cursor that the keyboard can move. */
export function ScopeToolbar({
  scope,
  hasPause,
  children,
}: {
  readonly scope: Scope
  readonly hasPause: boolean
  readonly children?: React.ReactNode
}) {
  useScope(scope)
  const { from, to } = scope.visible
  const isPointed = scope.cursor !== null
  return (
    <section className="toolbar" aria-label="Time axis">
      {hasPause && (
        <button
          type="button"
          className="button"
          aria-pressed={scope.isPaused}
          onClick={() => scope.pause(!scope.isPaused)}
        >
          {scope.isPaused ? <Play size={16} /> : <Pause size={16} />}
          {scope.isPaused ? 'Follow' : 'Pause'} <kbd>Space</kbd>
        </button>
      )}
      {scope.isPaused && <span className="paused">drawing paused; measuring goes on</span>}
      <Slider.Root
        className="scrubber"
        min={Math.round(from)}
        max={Math.round(to)}
        step={Math.max(1, Math.round((to - from) / 500))}
        value={Math.round(Math.min(to, Math.max(from, scope.cursor ?? to)))}
        onValueChange={(value) => scope.point(Number(value))}
      >
        <Slider.Control className="slider-control">
          <Slider.Track className="slider-track">
            <Slider.Thumb
              className="slider-thumb"
              aria-label="Time from the release of the barrier"
              getAriaValueText={(_, value) => (isPointed ? formatTick(value) : 'latest')}
            />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <output className="cursor-time">
        {isPointed || scope.isZoomed ? formatTick(Math.round(scope.cursor ?? to)) : 'latest'}
      </output>
      <div className="button-group">
        <button
          type="button"
          className="icon-button"
          aria-label="Zoom in"
          onClick={() => scope.zoomBy(0.5)}
        >
          <ZoomIn size={16} />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Zoom out"
          disabled={!scope.isZoomed}
          onClick={() => scope.zoomBy(2)}
        >
          <ZoomOut size={16} />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Show all, and the latest"
          disabled={!scope.isZoomed && !isPointed}
          onClick={() => {
            scope.point(null)
            scope.zoom(null)
          }}
        >
          <RotateCcw size={16} />
        </button>
      </div>
      {children}
    </section>
  )
}

/** Renders again where the user has changed the view; not where new data has come. */
function useScope(scope: Scope): void {
  const [versions] = useState(() => ({ value: 0 }))
  useSyncExternalStore(
    (listener) =>
      scope.changed.on((change) => {
        if (change === 'data') return
        versions.value++
        listener()
      }),
    () => versions.value,
  )
}

/** Space pauses, wherever the focus is not on something that takes it. */
export function usePauseKey(scope: Scope, isActive: boolean): void {
  useEffect(() => {
    if (!isActive) return
    const press = (event: KeyboardEvent) => {
      if (event.key !== ' ' || takesSpace(event.target)) return
      event.preventDefault()
      scope.pause(!scope.isPaused)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [scope, isActive])
}

function takesSpace(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, button, a, summary, [role="slider"]') !== null
  )
}
