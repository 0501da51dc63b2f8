import { useAnswer } from '../../state/use-answer.ts'
import { queryOf, type RunsFilter } from './runs-filter.ts'

/** A page of the saved runs; asked for again where runs have changed. */
export function useRunsPage(filter: RunsFilter) {
  const { found, problem, retry } = useAnswer('runs', queryOf(filter))
  return { page: found, problem, retry }
}

/** What there is to filter by; null until it is known. */
export function useFacets() {
  const { found, problem } = useAnswer('facets', {})
  return { facets: found, problem }
}
