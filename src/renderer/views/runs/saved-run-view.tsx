import { ArrowLeft, Copy, Trash2 } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { LabDescription, SavedRun } from '../../../shared/contract.ts'
import { formatSpan, formatTime } from '../../../shared/format.ts'
import type { Configuration, Trial } from '../../../shared/model/run.ts'
import { Timeline } from '../../../shared/timeline.ts'
import { Scope, type Span } from '../../scope/scope.ts'
import { type ShownTrial, shownSaved } from '../../scope/shown-trial.ts'
import { asLabError } from '../../state/lab-store.ts'
import { draftOf, type PlanDraft } from '../../state/plan-draft.ts'
import { goTo, hashOf } from '../../state/route.ts'
import { useLab, useLabStore } from '../../state/use-lab.ts'
import { type ComparedColumn, ComparisonColumns } from '../columns/comparison-columns.tsx'
import { ScopeToolbar } from '../columns/scope-toolbar.tsx'
import { Verdict } from '../columns/verdict.tsx'
import { parametersOf } from '../lab/live-view.tsx'
import { ExportMenu } from './export-menu.tsx'
import { LabelCell } from './label-cell.tsx'
import { useDeleteRun } from './runs-view.tsx'

/** A saved run, in the columns it was watched in. */
export function SavedRunView({
  id,
  description,
  onPlan,
}: {
  readonly id: number
  readonly description: LabDescription
  readonly onPlan: (draft: PlanDraft) => void
}) {
  const { saved, problem, retry } = useSavedRun(id)
  if (problem !== null) {
    return (
      <div className="failure" role="alert">
        <h1>Run {id} cannot be shown</h1>
        <p>{problem}</p>
        <div className="button-group">
          <button type="button" className="button" onClick={retry}>
            Try again
          </button>
          <a className="button primary" href={hashOf({ view: 'runs' })}>
            Show the saved runs
          </a>
        </div>
      </div>
    )
  }
  if (saved === null) return <p className="loading">…</p>
  return <OpenedRun key={id} saved={saved} description={description} onPlan={onPlan} />
}

function OpenedRun({
  saved,
  description,
  onPlan,
}: {
  readonly saved: SavedRun
  readonly description: LabDescription
  readonly onPlan: (draft: PlanDraft) => void
}) {
  const { run, comparison, cores } = saved
  const remove = useDeleteRun()
  const scope = useMemo(() => {
    const made = new Scope()
    made.begin(cores, null)
    return made
  }, [cores])
  const columns = useSavedColumns(saved, scope)
  const [configuration] = run.configurations
  const took =
    run.ended_at === null
      ? ''
      : ` · took ${formatSpan(Date.parse(run.ended_at) - Date.parse(run.started_at))}`
  return (
    <div className="watch">
      <header className="watch-head">
        <div>
          <a className="back" href={hashOf({ view: 'runs' })}>
            <ArrowLeft size={14} /> Saved runs
          </a>
          <h1>
            <LabelCell run={run} isLink={false} />
          </h1>
          <p className="progress-text">
            run {run.id} · {run.plan.workload}
            {configuration === undefined ? '' : ` · ${parametersOf(configuration)}`} ·{' '}
            {formatTime(run.started_at)}
            {took} · {run.status}
            {run.reason === null ? '' : `: ${run.reason}`}
          </p>
        </div>
        <div className="button-group">
          <button
            type="button"
            className="button"
            onClick={() => {
              onPlan(
                draftOf(
                  { ...run.plan, models: [...run.plan.models], workers: [...run.plan.workers] },
                  description,
                ),
              )
            }}
          >
            <Copy size={16} /> Use its plan
          </button>
          <ExportMenu id={run.id} label="Export this run" />
          <button
            type="button"
            className="icon-button"
            aria-label="Delete this run"
            disabled={run.status === 'running'}
            onClick={async () => {
              if (await remove(run)) goTo({ view: 'runs' })
            }}
          >
            <Trash2 size={16} />
          </button>
        </div>
      </header>
      <Verdict run={run} comparison={comparison} />
      <ScopeToolbar scope={scope} hasPause={false} />
      <ComparisonColumns
        scope={scope}
        columns={columns}
        comparison={comparison}
        cores={cores}
        isOver
      />
    </div>
  )
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

/** A column for each model; which of its trials it shows can be chosen. */
function useSavedColumns(saved: SavedRun, scope: Scope): readonly ComparedColumn[] {
  const { run } = saved
  const { connection } = useLabStore()
  const [chosen, setChosen] = useState<Readonly<Record<string, number>>>({})
  const [shown, setShown] = useState<Readonly<Record<number, ShownTrial>>>({})
  const [problem, setProblem] = useState<string | null>(null)
  const names = [...new Set(run.configurations.map(({ model }) => model))]
  const picks = names.flatMap((model) => {
    const own = run.configurations.filter((each) => each.model === model)
    const trials = run.trials.filter(({ configuration_id }) =>
      own.some(({ id }) => id === configuration_id),
    )
    const trial = trials.find(({ id }) => id === chosen[model]) ?? defaultTrial(trials)
    const configuration = own.find(({ id }) => id === trial?.configuration_id) ?? own[0]
    return configuration === undefined ? [] : [{ model, own, trials, trial, configuration }]
  })
  const wanted = picks.flatMap(({ trial }) => trial?.id ?? []).join(' ')

  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` names what is read.
  useEffect(() => {
    let isCurrent = true
    for (const { trial, configuration } of picks) {
      if (trial === undefined || shown[trial.id] !== undefined) continue
      connection.call('timeline', { trialId: trial.id }).then(
        ({ timeline }) => {
          if (!isCurrent) return
          const read = shownSaved(trial, configuration, Timeline.from(timeline, 2))
          setShown((before) => ({ ...before, [trial.id]: read }))
        },
        (error: unknown) => isCurrent && setProblem(asLabError(error).message),
      )
    }
    return () => {
      isCurrent = false
    }
  }, [connection, wanted])
  useDetail(scope)

  return picks.map(({ model, own, trials, trial, configuration }) => ({
    model,
    configuration,
    workers: configuration.workers,
    trial: trial === undefined ? null : (shown[trial.id] ?? null),
    isCurrent: null,
    state: '',
    problem:
      problem ??
      (trial === undefined
        ? 'no trial of it was run'
        : trial.status === 'done'
          ? null
          : `${trial.status}: ${trial.reason ?? 'no reason is known'}`),
    picker:
      trial === undefined ? undefined : (
        <select
          className="select"
          aria-label={`Trial of ${model}`}
          value={trial.id}
          onChange={({ target }) =>
            setChosen((before) => ({ ...before, [model]: Number(target.value) }))
          }
        >
          {trials.map((each) => (
            <option key={each.id} value={each.id}>
              {trialName(each, own)}
            </option>
          ))}
        </select>
      ),
  }))
}

/** The last that counts; else the last. */
function defaultTrial(trials: readonly Trial[]): Trial | undefined {
  return trials.findLast(({ status, warm_up }) => status === 'done' && !warm_up) ?? trials.at(-1)
}

function trialName(trial: Trial, configurations: readonly Configuration[]): string {
  const { index, warm_up, status, configuration_id } = trial
  const name = warm_up ? `warm-up ${index + 1}` : `trial ${index + 1}`
  const workers = configurations.find(({ id }) => id === configuration_id)?.workers
  const many = configurations.length > 1 ? ` × ${workers}` : ''
  return `${name}${many}${status === 'done' ? '' : ` (${status})`}`
}

/** Where it is zoomed to a part of a trial that was merged, that part is read as finely as it was sampled. */
function useDetail(scope: Scope): void {
  const { connection } = useLabStore()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let asked: Span | null = null
    const read = (span: Span) => {
      for (const trial of scope.trials) {
        const trialId = trial.ended?.id
        if (trialId === undefined || trial.timeline.slotReadings === 1) continue
        connection.call('timeline', { trialId, from_ms: span.from, to_ms: span.to }).then(
          ({ timeline }) => {
            if (span === asked) scope.refine(trial, Timeline.from(timeline, 2))
          },
          // The coarse picture stays.
          () => {},
        )
      }
    }
    const release = scope.changed.on((change) => {
      if (change !== 'view' || scope.zoomed === asked) return
      const span = scope.zoomed
      asked = span
      clearTimeout(timer)
      if (span !== null) timer = setTimeout(() => read(span), 200)
    })
    return () => {
      clearTimeout(timer)
      release()
    }
  }, [connection, scope])
}
