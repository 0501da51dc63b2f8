import { useEffect, useMemo, useState } from 'react'
import { coresNames, overTimeName } from '../../../shared/chart-names.ts'
import type { LabDescription, SavedRun } from '../../../shared/contract.ts'
import { daskTableOf } from '../../../shared/dask-figures.ts'
import type { Configuration, Run } from '../../../shared/model/run.ts'
import { observerTallyOf } from '../../../shared/observer-tally.ts'
import { Scope } from '../../scope/scope.ts'
import { experimentOf } from '../../state/experiments.ts'
import { asLabError } from '../../state/lab-store.ts'
import { hashOf } from '../../state/route.ts'
import { useLab, useLabStore } from '../../state/use-lab.ts'
import { ChartSourceContext } from '../charts/chart-source.ts'
import type { ChartNames } from '../columns/column.tsx'
import { ofWork, worksOf, workTitle } from '../columns/column-groups.ts'
import { ColumnSelect } from '../columns/column-select.tsx'
import { ComparisonColumns } from '../columns/comparison-columns.tsx'
import { DaskPanel } from '../columns/dask-panel.tsx'
import { ObserverCost } from '../columns/observer-cost.tsx'
import { ScopeToolbar } from '../columns/scope-toolbar.tsx'
import { Verdict } from '../columns/verdict.tsx'
import { countsOf } from '../columns/worker-counts.ts'
import { FindingsPanel } from '../findings/findings-panel.tsx'
import { lastRunsAddress } from './runs-address.ts'
import { useSavedColumns } from './saved-columns.tsx'
import { SavedProbe } from './saved-probe.tsx'
import { SavedRunHead } from './saved-run-head.tsx'

/** A saved run, in the columns it was watched in. */
export function SavedRunView({
  id,
  description,
  onPlan,
}: {
  readonly id: number
  readonly description: LabDescription
  readonly onPlan: (document: unknown) => void
}) {
  const { saved, problem, retry } = useSavedRun(id)
  const source = useMemo(() => ({ run: id }), [id])
  if (problem !== null) {
    return (
      <div className="failure" role="alert">
        <h1>Run {id} cannot be shown</h1>
        <p>{problem}</p>
        <div className="button-group">
          <button type="button" className="button" onClick={retry}>
            Try again
          </button>
          <a className="button primary" href={lastRunsAddress()}>
            Show the saved runs
          </a>
        </div>
      </div>
    )
  }
  if (saved === null) return <p className="loading">…</p>
  return (
    <ChartSourceContext value={source}>
      <OpenedRun key={id} saved={saved} description={description} onPlan={onPlan} />
    </ChartSourceContext>
  )
}

function OpenedRun({
  saved,
  description,
  onPlan,
}: {
  readonly saved: SavedRun
  readonly description: LabDescription
  readonly onPlan: (document: unknown) => void
}) {
  const { run, comparison, cores } = saved
  const experiment = experimentOf(description, run.plan)
  // The configurations of a probe may each have their own parameters.
  const isProbe = experiment !== null && experiment.probe !== null
  const { live, isRunning } = useLab()
  const isOurs = isRunning && live?.runId === run.id
  const scope = useMemo(() => {
    const made = new Scope()
    made.begin(cores, null)
    return made
  }, [cores])
  const works = worksOf(run.configurations)
  const [work, setWork] = useState<string | null>(() => works[0] ?? null)
  // Each work has worker counts of its own.
  const counts = countsOf(ofWork(run.configurations, work))
  const [chosen, setChosen] = useState<number | null>(null)
  const workers = chosen !== null && counts.includes(chosen) ? chosen : (counts.at(-1) ?? null)
  const columns = useSavedColumns(saved, scope, workers, work)
  const observer = useMemo(() => observerTallyOf(run.trials), [run])
  return (
    <div className="watch">
      <SavedRunHead run={run} experiment={experiment} onPlan={onPlan} />
      {saved.findings !== null && (
        <FindingsPanel findings={saved.findings} isRunning={run.status === 'running'} />
      )}
      {run.status === 'running' ? (
        <section className="verdict" aria-label="What the run says">
          <p className="sentence">
            This run is still going on. {isOurs ? '' : 'Another app runs it. '}What is kept of it so
            far is shown below.
          </p>
          {isOurs && (
            <a className="button" href={hashOf({ view: 'lab' })}>
              Watch it
            </a>
          )}
        </section>
      ) : (
        <Verdict run={run} comparison={comparison} isExperiment={run.plan.experiment !== null} />
      )}
      {isProbe ? (
        <>
          <div className="toolbar watching">
            <ObserverCost read={() => ({ now: null, ended: observer })} isGoing={false} />
          </div>
          <SavedProbe saved={saved} scope={scope} />
        </>
      ) : (
        <>
          <ScopeToolbar scope={scope} hasPause={false}>
            <ColumnSelect
              label="Work"
              values={works}
              chosen={work}
              nameOf={workTitle}
              onChoose={setWork}
            />
            <ColumnSelect
              label="Workers"
              values={counts.map(String)}
              chosen={String(workers)}
              onChoose={(count) => setChosen(Number(count))}
            />
            <ObserverCost read={() => ({ now: null, ended: observer })} isGoing={false} />
          </ScopeToolbar>
          <ComparisonColumns
            scope={scope}
            columns={columns}
            comparison={comparison}
            runId={run.id}
            cores={cores}
            isOver
            isRunning={run.status === 'running'}
            chartNames={(configuration) => panelCharts(configuration, run)}
          />
          <DaskPanel table={daskTableOf(saved.summaries)} />
        </>
      )}
    </div>
  )
}

/** The charts that show what the panels of a configuration do: of the trial that stands for it. */
function panelCharts({ id }: Configuration, { configurations }: Run): ChartNames {
  return {
    cores: coresNames(configurations).get(id) ?? 'cores',
    busy: overTimeName('busy-cores', id, configurations),
    memory: overTimeName('memory', id, configurations),
    throughput: overTimeName('throughput', id, configurations),
  }
}

function useSavedRun(id: number) {
  const { connection } = useLabStore()
  const { runsVersion, link } = useLab()
  const [saved, setSaved] = useState<SavedRun | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again where runs have changed.
  useEffect(() => {
    let isCurrent = true
    connection.call('run', { id }).then(
      (found) => {
        if (!isCurrent) return
        setSaved(found)
        setProblem(null)
      },
      (error: unknown) => isCurrent && setProblem(asLabError(error).message),
    )
    return () => {
      isCurrent = false
    }
  }, [connection, id, runsVersion, attempt, link])
  const isOther = saved !== null && saved.run.id !== id
  return { saved: isOther ? null : saved, problem, retry: () => setAttempt(attempt + 1) }
}
