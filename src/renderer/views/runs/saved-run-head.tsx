import { ArrowLeft, RotateCw, Trash2 } from 'lucide-react'
import { executorWords } from '../../../shared/executor-names.ts'
import { formatParameters, formatSpan, formatTime } from '../../../shared/format.ts'
import type { ExperimentDescription } from '../../../shared/model/experiment.ts'
import type { Run } from '../../../shared/model/run.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { CompareRunWith } from '../compare/compare-with.tsx'
import { useDeleteRun } from './delete-run.ts'
import { ExportMenu } from './export-menu.tsx'
import { LabelCell } from './label-cell.tsx'
import { lastRunsAddress } from './runs-address.ts'
import { SavedRunUpkeep } from './saved-run-upkeep.tsx'

/** What a saved run is, where it ran, and what can be done with it. */
export function SavedRunHead({
  run,
  experiment,
  onPlan,
}: {
  readonly run: Run
  readonly experiment: ExperimentDescription | null
  /** Fills the form with a plan. */
  readonly onPlan: (document: unknown) => void
}) {
  const remove = useDeleteRun()
  const [configuration] = run.configurations
  // The configurations of a probe may each have their own parameters.
  const isProbe = experiment !== null && experiment.probe !== null
  const parameters = isProbe ? run.plan.parameters : configuration?.parameters
  const took =
    run.ended_at === null
      ? ''
      : ` · took ${formatSpan(Date.parse(run.ended_at) - Date.parse(run.started_at))}`
  const executors = executorWords(run.configurations)
  return (
    <>
      <header className="watch-head">
        <div>
          <a className="back" href={lastRunsAddress()}>
            <ArrowLeft size={14} /> Saved runs
          </a>
          <h1>
            <LabelCell run={run} isLink={false} />
          </h1>
          <p className="progress-text">
            run {run.id} ·{' '}
            <span title={run.plan.workload}>{workName(run.plan.workload, experiment)}</span>
            {parameters === undefined ? '' : ` · ${formatParameters(parameters)}`} ·{' '}
            {formatTime(run.started_at)}
            {took}
            {executors === '' ? '' : ` · ${executors}`} · {run.status}
            {run.reason === null ? '' : `: ${run.reason}`}
          </p>
        </div>
        <div className="button-group">
          <button type="button" className="button" onClick={() => onPlan(run.plan)}>
            <RotateCw size={16} /> Run again…
          </button>
          <CompareRunWith run={run.id} />
          <ExportMenu run={run} label="Export this run" />
          <button
            type="button"
            className="icon-button"
            aria-label="Delete this run"
            disabled={run.status === 'running'}
            onClick={async () => {
              if (await remove(run)) location.hash = lastRunsAddress()
            }}
          >
            <Trash2 size={16} />
          </button>
        </div>
      </header>
      <SavedRunUpkeep run={run} />
    </>
  )
}

/** What a run did: its workload, its experiment, or both. */
function workName(workload: string, experiment: ExperimentDescription | null): string {
  const name = workloadName(workload)
  if (experiment === null) return name
  return experiment.probe === null ? `${experiment.title}: ${name}` : experiment.title
}
