import { type PointerEvent, useEffect, useRef } from 'react'
import { formatSpan } from '../../../shared/format.ts'
import { type Model, modelTraits } from '../../../shared/model/execution-model.ts'
import { axisWidth } from '../../charts/line-chart.ts'
import { ModelIcon } from '../../design/model-icon.tsx'
import type { Scope } from '../../scope/scope.ts'
import type { ShownTrial } from '../../scope/shown-trial.ts'
import { ColumnPanels, type PanelElements, type PanelName, panelNames } from './column-panels.ts'
import { WorkerTable } from './worker-table.ts'

export interface ColumnContent {
  readonly model: Model
  readonly workers: number
  /** Null before its first trial. */
  readonly trial: ShownTrial | null
  /** Whether it is the one that runs; null where none does. */
  readonly isCurrent: boolean | null
  /** What it is at, in words. */
  readonly state: string
  /** Why its trial does not count; null where it does. */
  readonly problem: string | null
}

const titles: Readonly<Record<PanelName, { readonly title: string; readonly about: string }>> = {
  cores: { title: 'Cores', about: 'every core of the machine, a row each' },
  busy: {
    title: 'Busy cores',
    about: 'line: the whole machine; area: host and workers; dashed: the number of workers',
  },
  memory: { title: 'Memory (RSS)', about: 'of the host and its workers' },
  throughput: { title: 'Throughput so far', about: 'tasks a second since the release' },
}

/** One model: its cores, memory, throughput and workers, on axes that all columns share. */
export function Column({
  scope,
  content,
  cores,
  picker,
}: {
  readonly scope: Scope
  readonly content: ColumnContent
  readonly cores: number
  /** Lets the user choose another trial, where there is a choice. */
  readonly picker?: React.ReactNode
}) {
  const { model, workers, trial, isCurrent, state, problem } = content
  const root = useRef<HTMLElement>(null)
  const body = useRef<HTMLTableSectionElement>(null)
  const shown = useRef(trial)
  shown.current = trial
  const drawing = useRef<{
    panels: ColumnPanels
    table: WorkerTable
    overlay: CursorOverlay
  } | null>(null)

  useEffect(() => {
    const element = root.current
    const rows = body.current
    if (element === null || rows === null) return
    const drawn = () => (shown.current === null ? null : scope.drawn(shown.current))
    const panels = new ColumnPanels(scope, panelElements(element), drawn)
    const table = new WorkerTable(rows, scope, () => shown.current)
    const overlay = new CursorOverlay(element, scope, () => shown.current)
    drawing.current = { panels, table, overlay }
    const release = scope.changed.on((change) => {
      const isGoing = shown.current?.phase !== null
      if (change === 'view' || change === 'axes') panels.invalidate(change === 'view')
      if (change === 'data' && isGoing) panels.advance()
      if (change !== 'data' || isGoing) {
        panels.readOut()
        table.update()
      }
      if (change !== 'data') overlay.place()
    })
    panels.invalidate(true)
    return () => {
      release()
      panels.destroy()
      table.destroy()
      drawing.current = null
    }
  }, [scope])

  // Another trial, or the end of this one, is shown at once.
  const isEnded = trial?.ended ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are what it is done again for.
  useEffect(() => {
    drawing.current?.panels.invalidate(true)
    drawing.current?.panels.readOut()
    drawing.current?.table.write()
    drawing.current?.overlay.place()
  }, [trial, isEnded])

  const name = model === 'inline' ? 'Inline' : model === 'threads' ? 'Threads' : 'Processes'
  const isThread = !modelTraits[model].separateProcesses
  return (
    <section
      ref={root}
      className="column"
      data-model={model}
      data-resting={isCurrent === false}
      aria-label={model === 'inline' ? 'Inline' : `${name} × ${workers}`}
    >
      <header className="column-head">
        <ModelIcon model={model} />
        <h2>
          {name}
          {model !== 'inline' && <span className="times"> × {workers}</span>}
        </h2>
        <span className="column-state" data-current={isCurrent === true}>
          {state}
        </span>
        {picker}
      </header>
      {problem !== null && <p className="trial-problem">{problem}</p>}
      <PlotArea scope={scope}>
        {panelNames.map((panel) => (
          <div key={panel} className="panel" data-panel={panel}>
            <div className="panel-head">
              <h3 title={titles[panel].about}>{titles[panel].title}</h3>
              {panel === 'cores' && (
                <span className="heat-legend" aria-hidden="true">
                  0 <i /> 100 %
                </span>
              )}
              <span className="read-out" data-read-out={panel} />
            </div>
            <div
              className="plot"
              style={panel === 'cores' ? { height: heatHeight(cores) } : undefined}
            >
              {panel === 'cores' && <CoreLabels cores={cores} />}
              <canvas
                data-canvas={panel}
                role="img"
                aria-label={`${titles[panel].title}: ${titles[panel].about}; ${spanOf(trial)}`}
              />
            </div>
          </div>
        ))}
      </PlotArea>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section className="workers" tabIndex={0} aria-label={`Workers, ${name}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Worker</th>
              <th scope="col" title={isThread ? 'process / thread' : 'process'}>
                {isThread ? 'PID / thread' : 'PID'}
              </th>
              <th scope="col">State</th>
              <th scope="col">Tasks</th>
              <th scope="col" title="of one core">
                CPU
              </th>
              <th scope="col">{isThread ? 'JS heap' : 'RSS'}</th>
            </tr>
          </thead>
          <tbody ref={body} />
        </table>
      </section>
    </section>
  )
}

/** Where the pointer is read: it points, drags to zoom, and a double click resets. */
function PlotArea({
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
class CursorOverlay {
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

/** Numbers beside the heat map: all of a few cores, the first and the last of many. */
function CoreLabels({ cores }: { readonly cores: number }) {
  const labels = cores <= 8 ? Array.from({ length: cores }, (_, core) => core) : [0, cores - 1]
  return (
    <div className="core-labels" data-many={cores > 8} aria-hidden="true">
      {labels.map((core) => (
        <span key={core}>core {core}</span>
      ))}
    </div>
  )
}

function heatHeight(cores: number): number {
  return Math.min(192, Math.max(56, cores * 14))
}

function spanOf(trial: ShownTrial | null): string {
  const wall = trial?.ended?.metrics.wall_ms
  return typeof wall === 'number' ? `work took ${formatSpan(wall)}` : 'no trial has ended yet'
}

function panelElements(root: HTMLElement): Record<PanelName, PanelElements> {
  const elements = (name: PanelName): PanelElements => {
    const canvas = root.querySelector<HTMLCanvasElement>(`[data-canvas="${name}"]`)
    const readOut = root.querySelector<HTMLElement>(`[data-read-out="${name}"]`)
    if (canvas === null || readOut === null) throw new Error(`no panel ${name}`)
    return { canvas, readOut }
  }
  return {
    cores: elements('cores'),
    busy: elements('busy'),
    memory: elements('memory'),
    throughput: elements('throughput'),
  }
}
