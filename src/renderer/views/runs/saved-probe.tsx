import { useEffect, useState } from 'react'
import { coresNames } from '../../../shared/chart-names.ts'
import type { SavedRun } from '../../../shared/contract.ts'
import { nameBeside } from '../../../shared/executor-names.ts'
import type { Observations } from '../../../shared/model/experiment.ts'
import type { Configuration, Trial } from '../../../shared/model/run.ts'
import { Timeline } from '../../../shared/timeline.ts'
import { Select } from '../../design/select.tsx'
import type { Scope } from '../../scope/scope.ts'
import { type ShownTrial, shownSaved } from '../../scope/shown-trial.ts'
import { asLabError } from '../../state/lab-store.ts'
import { useLabStore } from '../../state/use-lab.ts'
import { ChartMenu } from '../charts/chart-menu.tsx'
import { ProbeCores } from '../columns/probe-cores.tsx'

/** The trials of a probe, one at a time: its cores, and what was observed. */
export function SavedProbe({
  saved: { run, cores },
  scope,
}: {
  readonly saved: SavedRun
  readonly scope: Scope
}) {
  const [chosen, setChosen] = useState<number | null>(null)
  const trial = run.trials.find(({ id }) => id === chosen) ?? longestTrial(run.trials)
  const configuration = run.configurations.find(({ id }) => id === trial?.configuration_id)
  const { shown, problem } = useShown(trial, configuration)
  if (trial === undefined || configuration === undefined) return null
  const isDone = trial.status === 'done' || trial.status === 'running'
  return (
    <ProbeCores
      scope={scope}
      trial={shown}
      cores={cores}
      title={
        <Select
          label="Trial"
          value={String(trial.id)}
          choices={run.trials.map((each) => ({
            value: String(each.id),
            name: nameOf(each, run.configurations),
          }))}
          onChoose={(id) => setChosen(Number(id))}
        />
      }
      state={trial.status}
      isOver
      menu={
        <ChartMenu
          name={coresNames(run.configurations).get(configuration.id) ?? 'cores'}
          title={`Cores, ${nameBeside(configuration, run.configurations)}`}
        />
      }
    >
      {problem !== null && <p className="trial-problem">{problem}</p>}
      {!isDone && (
        <p className="trial-problem">
          {trial.status}: {trial.reason ?? 'no reason is known'}
        </p>
      )}
      {trial.observations !== null && <Observed observations={trial.observations} />}
    </ProbeCores>
  )
}

/** The one in which there is the most to see; while a run goes on, the last. */
function longestTrial(trials: readonly Trial[]): Trial | undefined {
  const last = trials.at(-1)
  if (last === undefined || last.status === 'running') return last
  const length = ({ metrics }: Trial) => metrics.wall_ms ?? 0
  return trials.reduce((one, other) => (length(other) > length(one) ? other : one))
}

function nameOf(trial: Trial, configurations: readonly Configuration[]): string {
  const configuration = configurations.find(({ id }) => id === trial.configuration_id)
  const name = configuration === undefined ? '' : nameBeside(configuration, configurations)
  const index = trial.warm_up ? `warm-up ${trial.index + 1}` : `trial ${trial.index + 1}`
  const note = trial.status === 'done' ? '' : ` (${trial.status})`
  return `${name} · ${index}${note}`
}

/** The trial with its samples, once they are read. */
function useShown(trial: Trial | undefined, configuration: Configuration | undefined) {
  const { connection } = useLabStore()
  const [read, setRead] = useState<{ readonly key: string; readonly shown: ShownTrial } | null>(
    null,
  )
  const [problem, setProblem] = useState<string | null>(null)
  // One that was read while it ran is another one when it has ended.
  const key = `${trial?.id} ${trial?.status}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` names what is read.
  useEffect(() => {
    if (trial === undefined || configuration === undefined) return
    let isCurrent = true
    connection.call('timeline', { trialId: trial.id }).then(
      ({ timeline }) => {
        if (!isCurrent) return
        setProblem(null)
        setRead({ key, shown: shownSaved(trial, configuration, Timeline.from(timeline, 2)) })
      },
      (error: unknown) => isCurrent && setProblem(asLabError(error).message),
    )
    return () => {
      isCurrent = false
    }
  }, [connection, key])
  return { shown: read?.key === key ? read.shown : null, problem }
}

/** As they were noted: by name, each in the unit its name ends in. */
function Observed({ observations }: { readonly observations: Observations }) {
  const all = Object.entries(observations)
  if (all.length === 0) return null
  return (
    <details className="figures">
      <summary>Show what was observed</summary>
      <dl className="observed">
        {all.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value === null ? '–' : String(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
