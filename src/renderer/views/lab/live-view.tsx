import { RotateCcw, Square } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { daskTable } from '../../../shared/dask-figures.ts'
import { executorWords } from '../../../shared/executor-names.ts'
import { formatParameters, formatSpan } from '../../../shared/format.ts'
import type { LiveRun } from '../../../shared/live-run.ts'
import { nothingFound } from '../../../shared/model/findings.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { Scope } from '../../scope/scope.ts'
import { experimentOf } from '../../state/experiments.ts'
import { goTo, hashOf } from '../../state/route.ts'
import { useLab, useLabStore } from '../../state/use-lab.ts'
import { ofWork, worksOf, workTitle } from '../columns/column-groups.ts'
import { ColumnSelect } from '../columns/column-select.tsx'
import { ComparisonColumns } from '../columns/comparison-columns.tsx'
import { DaskPanel } from '../columns/dask-panel.tsx'
import { ObserverCost } from '../columns/observer-cost.tsx'
import { ScopeToolbar, usePauseKey } from '../columns/scope-toolbar.tsx'
import { EarlyWarnings, Verdict } from '../columns/verdict.tsx'
import { countsOf } from '../columns/worker-counts.ts'
import { FindingsPanel } from '../findings/findings-panel.tsx'
import { useColumns, useWork, useWorkers } from './live-columns.ts'
import { LiveProbe } from './live-probe.tsx'

/** The present run: side by side, while it happens and when it has ended. */
export function LiveView({
  live,
  onStop,
  onNew,
}: {
  readonly live: LiveRun
  /** @returns whether it was heard */
  readonly onStop: () => Promise<boolean>
  readonly onNew: () => void
}) {
  const store = useLabStore()
  const { isRunning, description } = useLab()
  const experiment = experimentOf(description, live.plan)
  const isProbe = experiment !== null && experiment.probe !== null
  const timeLeftMs = useTimeLeft(isRunning)
  const scope = useMemo(() => {
    const made = new Scope()
    made.begin(live.cores, live.plan)
    return made
  }, [live])
  const [isStopping, setStopping] = useState(false)
  useEffect(() => store.readings.on(() => scope.advance()), [store, scope])
  usePauseKey(scope, isRunning)
  const works = worksOf(live.configurations)
  const [chosenWork, setWork] = useState<string | null>(null)
  const work = useWork(live, chosenWork, works)
  // Each work has worker counts of its own.
  const counts = countsOf(ofWork(live.configurations, work))
  const [chosen, setChosen] = useState<number | null>(null)
  const workers = useWorkers(live, chosen, counts)
  const columns = useColumns(live, scope, workers, work)
  const { run } = live
  const [configuration] = ofWork(live.configurations, work)
  if (configuration === undefined) return null
  const executors = executorWords(live.configurations)

  const observer = (
    <ObserverCost
      read={() => ({
        now: live.current?.reading?.observer ?? null,
        ended: live.ended.observer,
      })}
      isGoing={isRunning}
      changes={store.readings}
    />
  )

  return (
    <div className="watch">
      <header className="watch-head">
        <div>
          <h1 className="few-lines" title={configuration.workload}>
            {experiment === null ? workloadName(configuration.workload) : experiment.title}
            <span className="watch-parameters">
              {experiment !== null && !isProbe && `${workloadName(configuration.workload)}, `}
              {formatParameters(isProbe ? live.plan.parameters : configuration.parameters)}
              {executors !== '' && ` · ${executors}`}
            </span>
          </h1>
          <p className="progress-text" role="status">
            {progressOf(live, timeLeftMs)}
          </p>
        </div>
        <progress
          value={live.ended.count}
          max={live.trialsPlanned}
          aria-label="Trials that have ended"
        />
        {isRunning ? (
          <button
            type="button"
            className="button danger"
            disabled={isStopping}
            onClick={async () => {
              setStopping(true)
              if (!(await onStop())) setStopping(false)
            }}
          >
            <Square size={14} fill="currentColor" /> {isStopping ? 'Stopping…' : 'Stop'}{' '}
            <kbd>Esc</kbd>
          </button>
        ) : (
          <div className="button-group">
            {run !== null && (
              <button
                type="button"
                className="button"
                onClick={() => goTo({ view: 'run', id: live.runId })}
              >
                Open the saved run
              </button>
            )}
            {experiment !== null && (
              <a className="button" href={hashOf({ view: 'experiments' })}>
                All experiments
              </a>
            )}
            <button type="button" className="button primary" onClick={onNew}>
              <RotateCcw size={16} /> New comparison
            </button>
          </div>
        )}
      </header>
      {/* What goes on stands above what grows while it does. */}
      {isProbe && run === null && <LiveProbe live={live} scope={scope} />}
      {live.plan.experiment !== null && (
        <FindingsPanel findings={live.findings ?? nothingFound} isRunning={run === null} />
      )}
      {run === null ? (
        <EarlyWarnings warnings={live.warnings} />
      ) : (
        <Verdict run={run} comparison={live.comparison} isExperiment={experiment !== null} />
      )}
      {isProbe ? (
        <div className="toolbar watching">{observer}</div>
      ) : (
        <>
          <ScopeToolbar scope={scope} hasPause={isRunning}>
            {!isRunning && (
              <ColumnSelect
                label="Work"
                values={works}
                chosen={work}
                nameOf={workTitle}
                onChoose={setWork}
              />
            )}
            {!isRunning && (
              <ColumnSelect
                label="Workers"
                values={counts.map(String)}
                chosen={String(workers)}
                onChoose={(count) => setChosen(Number(count))}
              />
            )}
            {observer}
          </ScopeToolbar>
          <ComparisonColumns
            scope={scope}
            columns={columns}
            comparison={live.comparison}
            cores={live.cores}
            isOver={run !== null}
            isRunning={run === null}
          />
          <DaskPanel
            table={daskTable(
              live.configurations.map((configuration) => ({
                configuration,
                observed: live.tallies.get(configuration.id)?.observed ?? [],
              })),
            )}
          />
        </>
      )}
    </div>
  )
}

function progressOf(live: LiveRun, timeLeftMs: number | null): string {
  const { run, current, preparing, trialsPlanned, ended } = live
  if (run !== null) {
    const kept = `${ended.done} of ${trialsPlanned} trials were measured and are kept`
    if (run.status === 'done') return kept
    return `${run.status}: ${run.reason ?? ''} · ${kept}`
  }
  if (current === null) return preparing === null ? 'between two trials' : `${preparing} …`
  const atMost = live.plan.repeat === 'auto' ? 'at most ' : ''
  const left = timeLeftMs === null ? '' : ` · ${atMost}about ${formatSpan(timeLeftMs)} left`
  return `trial ${current.ordinal + 1} of ${atMost}${trialsPlanned}, warm-ups included${left}`
}

/** ms, read anew every second: the last of the trials may be a long one. */
function useTimeLeft(isRunning: boolean): number | null {
  const store = useLabStore()
  const [, setTicks] = useState(0)
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setTicks((ticks) => ticks + 1), 1000)
    return () => clearInterval(timer)
  }, [isRunning])
  return store.timeLeftMs()
}
