import { RotateCcw, Square } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { formatParameters, formatSpan } from '../../../shared/format.ts'
import type { LiveRun, LiveTrial } from '../../../shared/live-run.ts'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import type { PhaseName } from '../../../shared/model/run.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { emptyTally } from '../../../shared/tally.ts'
import { Scope } from '../../scope/scope.ts'
import { type ShownTrial, shownLive } from '../../scope/shown-trial.ts'
import { goTo } from '../../state/route.ts'
import { useLab, useLabStore } from '../../state/use-lab.ts'
import { type ComparedColumn, ComparisonColumns } from '../columns/comparison-columns.tsx'
import { ObserverCost } from '../columns/observer-cost.tsx'
import { ScopeToolbar, usePauseKey } from '../columns/scope-toolbar.tsx'
import { EarlyWarnings, Verdict } from '../columns/verdict.tsx'
import { countsOf, WorkersChoice } from '../columns/workers-choice.tsx'

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
  const { isRunning } = useLab()
  const timeLeftMs = useTimeLeft(isRunning)
  const scope = useMemo(() => {
    const made = new Scope()
    made.begin(live.cores, live.plan)
    return made
  }, [live])
  const [isStopping, setStopping] = useState(false)
  useEffect(() => store.readings.on(() => scope.advance()), [store, scope])
  usePauseKey(scope, isRunning)
  const counts = countsOf(live.configurations)
  const [chosen, setChosen] = useState<number | null>(null)
  const workers = useWorkers(live, chosen, counts)
  const columns = useColumns(live, scope, workers)
  const { run } = live
  const [configuration] = live.configurations
  if (configuration === undefined) return null

  return (
    <div className="watch">
      <header className="watch-head">
        <div>
          <h1 title={configuration.workload}>
            {workloadName(configuration.workload)}
            <span className="watch-parameters">{formatParameters(configuration.parameters)}</span>
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
            <button type="button" className="button primary" onClick={onNew}>
              <RotateCcw size={16} /> New comparison
            </button>
          </div>
        )}
      </header>
      {run === null ? (
        <EarlyWarnings warnings={live.warnings} />
      ) : (
        <Verdict run={run} comparison={live.comparison} />
      )}
      <ScopeToolbar scope={scope} hasPause={isRunning}>
        {!isRunning && <WorkersChoice counts={counts} chosen={workers} onChoose={setChosen} />}
        <ObserverCost
          read={() => ({
            now: live.current?.reading?.observer ?? null,
            ended: live.ended.observer,
          })}
          isGoing={isRunning}
          changes={store.readings}
        />
      </ScopeToolbar>
      <ComparisonColumns
        scope={scope}
        columns={columns}
        comparison={live.comparison}
        cores={live.cores}
        isOver={run !== null}
        isRunning={run === null}
      />
    </div>
  )
}

/** While it runs, the number of workers that runs; inline has its own. Then what is chosen. */
function useWorkers(live: LiveRun, chosen: number | null, counts: readonly number[]) {
  const last = useRef(counts.at(-1) ?? null)
  const current = live.current?.configuration
  if (current !== undefined && modelTraits[current.model].startsWorkers) {
    last.current = current.workers
  }
  return chosen ?? last.current
}

/** A column for each model, with the latest trial of it; while the drawing is paused, the one of then. */
function useColumns(
  live: LiveRun,
  scope: Scope,
  workers: number | null,
): readonly ComparedColumn[] {
  const shown = useRef(new WeakMap<LiveTrial, ShownTrial>())
  const held = useRef<readonly ComparedColumn[]>([])
  const names = [...new Set(live.configurations.map(({ model }) => model))]
  const columns = names.flatMap((model): ComparedColumn[] => {
    const own = live.configurations.filter((each) => each.model === model)
    const configuration = own.find((each) => each.workers === workers) ?? own[0]
    const latest = configuration === undefined ? null : (live.latest.get(configuration.id) ?? null)
    if (configuration === undefined) return []
    let trial = latest === null ? undefined : shown.current.get(latest)
    if (latest !== null && trial === undefined) {
      trial = shownLive(latest)
      shown.current.set(latest, trial)
    }
    const isCurrent = live.current === null ? null : live.current === latest
    return [
      {
        model,
        configuration,
        workers: configuration.workers,
        trial: trial ?? null,
        isCurrent,
        state: stateOf(live, latest),
        problem: problemOf(latest),
        outlier: null,
        tally: live.tallies.get(configuration.id) ?? emptyTally,
      },
    ]
  })
  if (!scope.isPaused) {
    held.current = columns
    return columns
  }
  // The trials of when it was paused, in today's words.
  return columns.map((column, index) => ({
    ...column,
    trial: held.current[index]?.trial ?? null,
  }))
}

function stateOf(live: LiveRun, trial: LiveTrial | null): string {
  if (trial === null) return live.run === null ? 'waiting for its turn' : 'was not run'
  const name = trial.warmUp ? 'warm-up' : `trial ${trial.index + 1}`
  if (trial.phase !== null) return `${name} · ${phaseNames[trial.phase]}`
  return `${name} · ${trial.ended?.status ?? 'ended'}`
}

const phaseNames: Readonly<Record<PhaseName | 'starting', string>> = {
  starting: 'starting',
  baseline: 'baseline',
  spawn: 'spawning workers',
  barrier: 'at the barrier',
  work: 'working',
  teardown: 'teardown',
}

function problemOf(trial: LiveTrial | null): string | null {
  const ended = trial?.ended
  if (ended === null || ended === undefined || ended.status === 'done') return null
  return `${ended.status}: ${ended.reason ?? 'no reason is known'}`
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
