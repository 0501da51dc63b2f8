import { Fragment, useEffect, useRef } from 'react'
import { formatSpan } from '../../../shared/format.ts'
import type { Model } from '../../../shared/model/execution-model.ts'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import type { Configuration } from '../../../shared/model/run.ts'
import type { Tally, Uncounted } from '../../../shared/tally.ts'
import { ModelIcon } from '../../design/model-icon.tsx'
import type { Scope } from '../../scope/scope.ts'
import type { ShownTrial } from '../../scope/shown-trial.ts'
import { ChartMenu } from '../charts/chart-menu.tsx'
import { columnTitle, titleWords } from './column-groups.ts'
import { ColumnPanels, type PanelElements, type PanelName, panelNames } from './column-panels.ts'
import { CoreLabels, HeatLegend, heatHeight } from './cores-parts.tsx'
import { CursorOverlay, PlotArea } from './plot-area.tsx'
import { memoryParts } from './read-outs.ts'
import { UtilizationBar } from './utilization-bar.tsx'
import { WorkerTable, workerColumns, workerKind } from './worker-table.ts'

/** By which the charts of its panels can be asked for. */
export type ChartNames = Readonly<Record<PanelName, string>>

export interface ColumnContent {
  readonly model: Model
  /** Who executes it; null in a run of Node alone. */
  readonly executor: string | null
  readonly configuration: Configuration
  /** Null before its first trial. */
  readonly trial: ShownTrial | null
  /** Whether it is the one that runs; null where none does. */
  readonly isCurrent: boolean | null
  /** What it is at, in words. */
  readonly state: string
  /** Why its trial does not count; null where it does. */
  readonly problem: string | null
  /** In what its trial lies far from the others; null where it does not. */
  readonly outlier: string | null
  /** All trials of its configuration that have ended. */
  readonly tally: Tally
}

const titles: Readonly<Record<PanelName, { readonly title: string; readonly about: string }>> = {
  cores: { title: 'Cores', about: 'every core of the machine, a row each' },
  busy: {
    title: 'Busy cores',
    about: 'line: the whole machine; area: host and workers; dashed: the number of workers',
  },
  memory: {
    title: 'Memory',
    about: 'of the host and its workers; area: RSS; strong line: PSS; dashed: USS',
  },
  throughput: { title: 'Throughput so far', about: 'tasks a second since the release' },
}

/** One model: its cores, memory, throughput and workers, on axes that all columns share. */
export function Column({
  scope,
  content,
  cores,
  isRunning,
  picker,
  chartNames,
}: {
  readonly scope: Scope
  readonly content: ColumnContent
  readonly cores: number
  /** Trials are still to come. */
  readonly isRunning: boolean
  /** Lets the user choose another trial, where there is a choice. */
  readonly picker?: React.ReactNode
  readonly chartNames?: ChartNames | undefined
}) {
  const { model, configuration, trial, isCurrent, state, tally } = content
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

  const title = columnTitle(content, configuration)
  const { executor, name, times, variant } = title
  const whole = titleWords(title)
  const kind = workerKind(configuration)
  return (
    <section
      ref={root}
      className="column"
      data-model={modelTraits[model].family}
      data-resting={isCurrent === false}
      aria-label={whole}
    >
      <header className="column-head">
        <ModelIcon model={model} />
        <h2 title={executor === null ? undefined : whole}>
          {executor !== null && (
            <span className="executor few-lines">
              {executor}
              {variant !== null && `, ${variant}`}
            </span>
          )}
          {executor !== null && <span className="for-readers"> · </span>}
          {breakable(name)}
          {times !== null && <span className="times"> × {times}</span>}
        </h2>
        <span className="column-state" data-current={isCurrent === true}>
          {state}
        </span>
        {picker}
      </header>
      <ColumnNotes content={content} />
      <div className="column-body">
        <PlotArea scope={scope}>
          {panelNames.map((panel) => (
            <div key={panel} className="panel" data-panel={panel}>
              <div className="panel-head">
                <h3 title={titles[panel].about}>{titles[panel].title}</h3>
                {panel === 'memory' ? (
                  <span className="read-out">
                    {memoryParts.map((part) => (
                      <span key={part} data-read-out={panel} data-part={part} />
                    ))}
                  </span>
                ) : (
                  <span className="read-out" data-read-out={panel} />
                )}
                {chartNames !== undefined && (
                  <ChartMenu name={chartNames[panel]} title={`${titles[panel].title}, ${whole}`} />
                )}
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
              {panel === 'cores' && <HeatLegend />}
            </div>
          ))}
        </PlotArea>
        <UtilizationBar
          metrics={trial?.ended?.status === 'done' ? trial.ended.metrics : tally.latest}
          none={isRunning ? 'after the first trial' : 'no trial counts'}
        />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
        <section className="workers" tabIndex={0} aria-label={`Workers, ${whole}`}>
          <table>
            <thead>
              <tr>
                {workerColumns.map(({ name: column, title: head, about, whyNone }) => (
                  <th
                    key={column}
                    scope="col"
                    data-column={column}
                    title={whyNone?.(kind) ?? about}
                  >
                    {head(kind)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody ref={body} />
          </table>
        </section>
      </div>
    </section>
  )
}

/** What does not count of its trials, and what is unusual about the one that is shown. */
function ColumnNotes({
  content: { problem, outlier, tally, trial },
}: {
  readonly content: ColumnContent
}) {
  const stack = trial?.ended?.observations?.stack
  const isTold = tally.uncounted.some((each) => uncountedReason(each) === problem)
  return (
    <div className="column-notes">
      {tally.uncounted.map((each) => (
        <p key={uncountedReason(each)} className="trial-problem">
          {uncountedWords(each, tally.ended)}
        </p>
      ))}
      {problem !== null && !isTold && <p className="trial-problem">{problem}</p>}
      {typeof stack === 'string' && <pre className="trial-stack">{stack}</pre>}
      {outlier !== null && <p className="trial-note">{outlier}</p>}
    </div>
  )
}

/** A reason as it is told of one trial. */
function uncountedReason({ status, reason }: Pick<Uncounted, 'status' | 'reason'>): string {
  return `${status}: ${reason ?? 'no reason is known'}`
}

function uncountedWords(each: Uncounted, ended: number): string {
  const trials = ended === 1 ? '1 trial' : `${ended} trials`
  return `${each.trials} of ${trials} ${uncountedReason(each)} · kept, not compared`
}

function spanOf(trial: ShownTrial | null): string {
  const wall = trial?.ended?.metrics.wall_ms
  return typeof wall === 'number' ? `work took ${formatSpan(wall)}` : 'no trial has ended yet'
}

function panelElements(root: HTMLElement): Record<PanelName, PanelElements> {
  const elements = (name: PanelName): PanelElements => {
    const canvas = root.querySelector<HTMLCanvasElement>(`[data-canvas="${name}"]`)
    const readOuts = [...root.querySelectorAll<HTMLElement>(`[data-read-out="${name}"]`)]
    if (canvas === null || readOuts.length === 0) throw new Error(`no panel ${name}`)
    return { canvas, readOuts }
  }
  return {
    cores: elements('cores'),
    busy: elements('busy'),
    memory: elements('memory'),
    throughput: elements('throughput'),
  }
}

/** A name of joined words, as `multiprocessing.Pool` or `ThreadPoolExecutor`, may go on below any of them. */
function breakable(name: string): React.ReactNode {
  return name.split(/(?<=\.)|(?<=[a-z])(?=[A-Z])/).map((part) => (
    <Fragment key={part}>
      {part}
      <wbr />
    </Fragment>
  ))
}
