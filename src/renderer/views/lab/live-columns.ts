import { useRef } from 'react'
import type { LiveRun, LiveTrial } from '../../../shared/live-run.ts'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import type { Configuration, PhaseName } from '../../../shared/model/run.ts'
import { emptyTally } from '../../../shared/tally.ts'
import type { Scope } from '../../scope/scope.ts'
import { type ShownTrial, shownLive } from '../../scope/shown-trial.ts'
import { columnGroups, ofWork } from '../columns/column-groups.ts'
import type { ComparedColumn } from '../columns/comparison-columns.tsx'

/** While it runs, the number of workers that runs; inline has its own. Then what is chosen. */
export function useWorkers(live: LiveRun, chosen: number | null, counts: readonly number[]) {
  const last = useRef(counts.at(-1) ?? null)
  const current = live.current?.configuration
  if (current !== undefined && modelTraits[current.model].startsWorkers) {
    last.current = current.workers
  }
  const wanted = chosen ?? last.current
  return wanted !== null && counts.includes(wanted) ? wanted : (counts.at(-1) ?? null)
}

/** While it runs, the workload that runs, where there are several. Then what is chosen. */
export function useWork(live: LiveRun, chosen: string | null, works: readonly string[]) {
  const last = useRef(works[0] ?? null)
  if (live.current !== null) last.current = live.current.configuration.workload
  return chosen ?? last.current
}

/** A column for each way to execute, with the latest trial of it; while the drawing is paused, the one of then. */
export function useColumns(
  live: LiveRun,
  scope: Scope,
  workers: number | null,
  work: string | null,
): readonly ComparedColumn[] {
  const shown = useRef(new WeakMap<LiveTrial, ShownTrial>())
  const held = useRef<readonly ComparedColumn[]>([])
  const groups = columnGroups(ofWork(live.configurations, work))
  const columns = groups.flatMap((group): ComparedColumn[] => {
    const own = group.configurations
    const configuration = latestOf(
      live,
      own.some((each) => each.workers === workers)
        ? own.filter((each) => each.workers === workers)
        : own,
    )
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
        ...group,
        configuration,
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
    trial: held.current[index]?.key === column.key ? held.current[index].trial : null,
  }))
}

/** Of variants of one model, that which was run last; the first before that. */
function latestOf(
  live: LiveRun,
  configurations: readonly Configuration[],
): Configuration | undefined {
  const ordinal = ({ id }: Configuration) => live.latest.get(id)?.ordinal ?? -1
  const [first, ...others] = configurations
  if (first === undefined) return undefined
  return others.reduce((last, each) => (ordinal(each) > ordinal(last) ? each : last), first)
}

/** What a trial is at, in words. */
export function stateOf(live: LiveRun, trial: LiveTrial | null): string {
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
