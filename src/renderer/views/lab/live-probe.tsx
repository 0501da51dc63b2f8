import { useRef } from 'react'
import { nameBeside } from '../../../shared/executor-names.ts'
import type { LiveRun, LiveTrial } from '../../../shared/live-run.ts'
import type { Scope } from '../../scope/scope.ts'
import { type ShownTrial, shownLive } from '../../scope/shown-trial.ts'
import { ProbeCores } from '../columns/probe-cores.tsx'
import { stateOf } from './live-columns.ts'

/** The trial of a probe that goes on, or went on last. */
export function LiveProbe({ live, scope }: { readonly live: LiveRun; readonly scope: Scope }) {
  const held = useRef<{ readonly live: LiveTrial; readonly shown: ShownTrial } | null>(null)
  const current = live.current ?? held.current?.live ?? null
  if (current !== null && held.current?.live !== current) {
    held.current = { live: current, shown: shownLive(current) }
  }
  return (
    <ProbeCores
      scope={scope}
      trial={held.current?.shown ?? null}
      cores={live.cores}
      title={
        current === null
          ? 'Before the first trial'
          : nameBeside(current.configuration, live.configurations)
      }
      state={current === null ? (live.preparing ?? '') : stateOf(live, current)}
      isOver={false}
    />
  )
}
