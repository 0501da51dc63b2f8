import { type ReactNode, useEffect, useRef } from 'react'
import { formatTick } from '../../../shared/format.ts'
import { drawHeatMap } from '../../charts/heat-map.ts'
import { onThemeChange } from '../../charts/theme.ts'
import type { Scope } from '../../scope/scope.ts'
import type { ShownTrial } from '../../scope/shown-trial.ts'
import { CoreLabels, HeatLegend, heatHeight } from './cores-parts.tsx'
import { isAttributed } from './read-outs.ts'

/** One trial of a probe: what it is at, and the cores while it goes. */
export function ProbeCores({
  scope,
  trial,
  cores,
  title,
  state,
  isOver,
  menu,
  children,
}: {
  readonly scope: Scope
  /** Null before the first. */
  readonly trial: ShownTrial | null
  readonly cores: number
  readonly title: ReactNode
  readonly state: string
  /** Nothing more will be drawn. */
  readonly isOver: boolean
  /** What can be done with the picture of the cores. */
  readonly menu?: ReactNode
  /** What stands below the cores. */
  readonly children?: ReactNode
}) {
  const root = useRef<HTMLElement>(null)
  const shown = useRef(trial)
  shown.current = trial
  // The scope knows by itself whether it is another than before.
  useEffect(() => scope.show(trial === null ? [] : [trial], isOver))
  useEffect(() => onThemeChange(() => scope.redraw()), [scope])
  useEffect(() => {
    const canvas = root.current?.querySelector('canvas')
    const times = root.current?.querySelector('.probe-times')
    const panel = root.current?.querySelector<HTMLElement>('.panel')
    if (canvas == null || times == null || panel == null) return
    const drawing = {
      draw: () => {
        drawHeatMap(canvas, scope, shown.current)
        const { from, to } = scope.visible
        const step = 10 ** Math.max(0, Math.floor(Math.log10((to - from) / 20)))
        const text = `${formatTick(from, step)} to ${formatTick(to, step)}`
        if (times.textContent !== text) times.textContent = text
        const timeline = shown.current?.timeline
        const isKnown = timeline !== undefined && isAttributed(timeline, timeline.length - 1)
        if (isKnown) panel.dataset.attributed = 'true'
      },
    }
    const release = scope.changed.on((change) => {
      if (change !== 'cursor') scope.painter.invalidate(drawing, change === 'view')
    })
    const sizes = new ResizeObserver(() => scope.painter.invalidate(drawing, true))
    sizes.observe(canvas)
    return () => {
      release()
      sizes.disconnect()
      scope.painter.forget(drawing)
    }
  }, [scope])
  return (
    <section ref={root} className="probe" aria-label="The trial">
      <header className="column-head">
        {typeof title === 'string' ? <h2>{title}</h2> : title}
        <span className="column-state">{state}</span>
      </header>
      <div className="panel" data-panel="cores">
        <div className="panel-head">
          <h3 title="every core of the machine, a row each">Cores</h3>
          <span className="read-out probe-times" />
          {menu}
        </div>
        <div className="plot" style={{ height: heatHeight(cores) }}>
          <CoreLabels cores={cores} />
          <canvas role="img" aria-label="Cores: every core of the machine over time, a row each" />
        </div>
        <HeatLegend />
      </div>
      {children}
    </section>
  )
}
