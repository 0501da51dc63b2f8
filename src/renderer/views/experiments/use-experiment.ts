import { useEffect, useState } from 'react'
import type { Estimate } from '../../../shared/contract.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import { useLab, useLabStore } from '../../state/use-lab.ts'

/** What an experiment takes as it is proposed; null before that is known. */
export function useExpected(experiment: string): Estimate | null {
  const { connection } = useLabStore()
  const { runsVersion, link } = useLab()
  const [expected, setExpected] = useState<Estimate | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs that have come make it better known.
  useEffect(() => {
    let isCurrent = true
    connection.call('estimate', { plan: { experiment } }).then(
      (found) => isCurrent && setExpected(found),
      // It can be run all the same; what is wrong is said then.
      () => {},
    )
    return () => {
      isCurrent = false
    }
  }, [connection, experiment, runsVersion, link])
  return expected
}

/** The newest run of an experiment that has ended, with what it says; null where there is none. */
export type LastFound =
  | { readonly run: RunSummary; readonly sentences: readonly string[] }
  | 'reading'
  | null

export function useLastFound(experiment: string): LastFound {
  const { connection } = useLabStore()
  const { runsVersion, link } = useLab()
  const [last, setLast] = useState<LastFound>('reading')
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again where runs have changed.
  useEffect(() => {
    let isCurrent = true
    const read = async (): Promise<LastFound> => {
      // The newest may be going on; there is one such at most in each app.
      const { runs } = await connection.call('runs', { experiment, limit: 4 })
      const run = runs.find(({ status }) => status !== 'running')
      if (run === undefined) return null
      const { findings } = await connection.call('run', { id: run.id })
      return { run, sentences: findings?.sentences ?? [] }
    }
    read().then(
      (found) => isCurrent && setLast(found),
      () => {},
    )
    return () => {
      isCurrent = false
    }
  }, [connection, experiment, runsVersion, link])
  return last
}
