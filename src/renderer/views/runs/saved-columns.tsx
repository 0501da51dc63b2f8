import { useEffect, useMemo, useState } from 'react'
import type { SavedRun } from '../../../shared/contract.ts'
import { nameBeside } from '../../../shared/executor-names.ts'
import { metricNames } from '../../../shared/metric-names.ts'
import { comparedMetrics } from '../../../shared/model/comparison.ts'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import type { Configuration, ConfigurationSummary, Trial } from '../../../shared/model/run.ts'
import { emptyTally, tallyOf } from '../../../shared/tally.ts'
import { Timeline } from '../../../shared/timeline.ts'
import { Select } from '../../design/select.tsx'
import type { Scope, Span } from '../../scope/scope.ts'
import { type ShownTrial, shownSaved } from '../../scope/shown-trial.ts'
import { asLabError } from '../../state/lab-store.ts'
import { useLabStore } from '../../state/use-lab.ts'
import { type ColumnGroup, columnGroups, ofWork } from '../columns/column-groups.ts'
import type { ComparedColumn } from '../columns/comparison-columns.tsx'
import { ConfigurationMenu } from '../compare/compare-with.tsx'

/**
 * A column for each way to execute; which of its trials it shows can be chosen.
 *
 * @param work the workload that is looked at
 * @param workers the number of workers that is looked at; inline has its own
 */
export function useSavedColumns(
  saved: SavedRun,
  scope: Scope,
  workers: number | null,
  work: string | null,
): readonly ComparedColumn[] {
  const { run, summaries } = saved
  const tallies = useMemo(() => {
    const byConfiguration = Map.groupBy(run.trials, (each) => each.configuration_id)
    return new Map([...byConfiguration].map(([id, trials]) => [id, tallyOf(trials)]))
  }, [run])
  const { connection } = useLabStore()
  const [chosen, setChosen] = useState<Readonly<Record<string, number>>>({})
  const [shown, setShown] = useState<Readonly<Record<string, ShownTrial>>>({})
  const [problem, setProblem] = useState<string | null>(null)
  const picks = columnGroups(ofWork(run.configurations, work)).flatMap((group) => {
    const { key, model, configurations: all } = group
    const own = modelTraits[model].startsWorkers
      ? all.filter((each) => all.length === 1 || each.workers === workers)
      : all
    const trials = run.trials.filter(({ configuration_id }) =>
      own.some(({ id }) => id === configuration_id),
    )
    const trial = trials.find(({ id }) => id === chosen[key]) ?? defaultTrial(trials, own)
    const configuration = own.find(({ id }) => id === trial?.configuration_id) ?? own[0]
    return configuration === undefined ? [] : [{ group, own, trials, trial, configuration }]
  })
  const wanted = picks.flatMap(({ trial }) => (trial === undefined ? [] : keyOf(trial))).join(' ')

  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` names what is read.
  useEffect(() => {
    let isCurrent = true
    for (const { trial, configuration } of picks) {
      if (trial === undefined || shown[keyOf(trial)] !== undefined) continue
      connection.call('timeline', { trialId: trial.id }).then(
        ({ timeline }) => {
          if (!isCurrent) return
          const read = shownSaved(trial, configuration, Timeline.from(timeline, 2))
          setShown((before) => ({ ...before, [keyOf(trial)]: read }))
        },
        (error: unknown) => isCurrent && setProblem(asLabError(error).message),
      )
    }
    return () => {
      isCurrent = false
    }
  }, [connection, wanted])
  useDetail(scope)

  return picks.map(({ group, own, trials, trial, configuration }) => ({
    ...group,
    configuration,
    trial: trial === undefined ? null : (shown[keyOf(trial)] ?? null),
    isCurrent: null,
    state: '',
    problem:
      problem ??
      (trial === undefined
        ? run.status === 'running'
          ? null
          : 'no trial of it was run'
        : trial.status === 'done' || trial.status === 'running'
          ? null
          : `${trial.status}: ${trial.reason ?? 'no reason is known'}`),
    outlier: trial === undefined ? null : outlierWords(trial, summaries),
    tally: tallies.get(configuration.id) ?? emptyTally,
    picker:
      trial === undefined ? undefined : (
        <>
          <Select
            label={`Trial of ${trialOwner(group)}`}
            value={String(trial.id)}
            choices={trials.map((each) => ({
              value: String(each.id),
              name: trialName(each, own, summaries),
            }))}
            onChoose={(id) => setChosen((before) => ({ ...before, [group.key]: Number(id) }))}
          />
          {run.status !== 'running' && (
            <ConfigurationMenu
              side={{ run: run.id, configuration: configuration.id }}
              name={nameBeside(configuration, run.configurations)}
            />
          )}
        </>
      ),
  }))
}

/** Whose trials they are, to who cannot see it. */
function trialOwner({ model, executor }: ColumnGroup): string {
  return executor === null ? model : `${executor}, ${model}`
}

/** A trial that was read while it ran is another one when it has ended. */
function keyOf({ id, status }: Trial): string {
  return `${id} ${status}`
}

/** The last that counts, of the first configuration, so that the columns show like beside like; else the last. */
function defaultTrial(
  trials: readonly Trial[],
  [first]: readonly Configuration[],
): Trial | undefined {
  const counted = trials.filter(({ status, warm_up }) => status === 'done' && !warm_up)
  return (
    counted.findLast(({ configuration_id }) => configuration_id === first?.id) ??
    counted.at(-1) ??
    trials.at(-1)
  )
}

/** The compared figures in which a trial lies far from the others of its configuration. */
function outlyingFigures(trial: Trial, summaries: readonly ConfigurationSummary[]): string[] {
  if (trial.warm_up || trial.status !== 'done') return []
  const summary = summaries.find(({ configuration }) => configuration.id === trial.configuration_id)
  return comparedMetrics.flatMap((key) =>
    summary?.metrics[key]?.outliers.includes(trial.index) ? [metricNames[key]] : [],
  )
}

function outlierWords(trial: Trial, summaries: readonly ConfigurationSummary[]): string | null {
  const figures = outlyingFigures(trial, summaries)
  if (figures.length === 0) return null
  return `This trial lies far from the others in: ${figures.join(', ')}. It counts all the same.`
}

function trialName(
  trial: Trial,
  configurations: readonly Configuration[],
  summaries: readonly ConfigurationSummary[],
): string {
  const { index, warm_up, status, configuration_id } = trial
  const name = warm_up ? `warm-up ${index + 1}` : `trial ${index + 1}`
  const { workers, variant } = configurations.find(({ id }) => id === configuration_id) ?? {}
  const many = configurations.length > 1 ? (variant == null ? ` × ${workers}` : `, ${variant}`) : ''
  const mark = outlyingFigures(trial, summaries).length > 0 ? 'outlier' : null
  const note = status === 'done' ? mark : status
  return `${name}${many}${note === null ? '' : ` (${note})`}`
}

/** Where it is zoomed to a part of a trial that was merged, that part is read as finely as it was sampled. */
function useDetail(scope: Scope): void {
  const { connection } = useLabStore()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let asked: Span | null = null
    let askedFor: readonly ShownTrial[] = []
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
      if (change !== 'view' || (scope.zoomed === asked && scope.trials === askedFor)) return
      const span = scope.zoomed
      asked = span
      askedFor = scope.trials
      clearTimeout(timer)
      if (span !== null) timer = setTimeout(() => read(span), 200)
    })
    return () => {
      clearTimeout(timer)
      release()
    }
  }, [connection, scope])
}
