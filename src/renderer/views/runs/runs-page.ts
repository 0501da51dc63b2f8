import { useEffect, useState } from 'react'
import type { RunsPage } from '../../../shared/contract.ts'
import type { RunFacets } from '../../../shared/model/library.ts'
import { asLabError } from '../../state/lab-store.ts'
import { useLab, useLabStore } from '../../state/use-lab.ts'
import { queryOf, type RunsFilter } from './runs-filter.ts'

/** A page of the saved runs; asked for again where runs have changed. */
export function useRunsPage(filter: RunsFilter) {
  const { connection } = useLabStore()
  const { runsVersion, link } = useLab()
  const [page, setPage] = useState<RunsPage | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again where runs have changed.
  useEffect(() => {
    let isCurrent = true
    connection.call('runs', queryOf(filter)).then(
      (found) => {
        if (!isCurrent) return
        setPage(found)
        setProblem(null)
      },
      (error: unknown) => isCurrent && setProblem(asLabError(error).message),
    )
    return () => {
      isCurrent = false
    }
  }, [connection, runsVersion, link, filter, attempt])
  return { page, problem, retry: () => setAttempt(attempt + 1) }
}

/** What there is to filter by; null until it is known. */
export function useFacets(): {
  readonly facets: RunFacets | null
  readonly problem: string | null
} {
  const { connection } = useLabStore()
  const { runsVersion, link } = useLab()
  const [facets, setFacets] = useState<RunFacets | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again where runs have changed.
  useEffect(() => {
    let isCurrent = true
    connection.call('facets', {}).then(
      (found) => {
        if (!isCurrent) return
        setFacets(found)
        setProblem(null)
      },
      (error: unknown) => isCurrent && setProblem(asLabError(error).message),
    )
    return () => {
      isCurrent = false
    }
  }, [connection, runsVersion, link])
  return { facets, problem }
}
