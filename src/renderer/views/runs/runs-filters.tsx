import type { ReactNode } from 'react'
import { runtimeNames } from '../../../shared/executor-names.ts'
import type { Model, Runtime } from '../../../shared/model/execution-model.ts'
import type { RunFacets } from '../../../shared/model/library.ts'
import type { RunStatus } from '../../../shared/model/run.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { DateFilter } from './date-filter.tsx'
import { FacetFilter } from './facet-filter.tsx'
import {
  everyRun,
  type FacetFilter as FacetName,
  hasFilters,
  type RunsFilter,
} from './runs-filter.ts'

const names: Readonly<Record<string, string>> = runtimeNames

const filters: readonly {
  readonly by: FacetName
  readonly name: string
  readonly of: keyof RunFacets
  readonly format?: (value: string) => string
}[] = [
  { by: 'workload', name: 'Workload', of: 'workloads', format: workloadName },
  { by: 'runtime', name: 'Runtime', of: 'runtimes', format: (value) => names[value] ?? value },
  { by: 'model', name: 'Model', of: 'models' },
  { by: 'machine', name: 'Machine', of: 'machines' },
  { by: 'status', name: 'Status', of: 'statuses' },
  { by: 'tag', name: 'Tag', of: 'tags' },
]

/** What the list is narrowed by, and what there is to narrow it by. */
export function RunsFilters({
  filter,
  facets,
  problem,
  onChange,
  children,
}: {
  readonly filter: RunsFilter
  readonly facets: RunFacets | null
  /** Why it is not known what there is. */
  readonly problem: string | null
  readonly onChange: (change: Partial<RunsFilter>) => void
  /** What stands at the end of the line. */
  readonly children: ReactNode
}) {
  const { workload, runtime, model, machine, status, tag, from, to } = everyRun
  return (
    <fieldset className="filters" aria-label="Filters">
      {filters.map(({ by, name, of, format }) => {
        const values = facets?.[of] ?? []
        // Nobody asks for Node where there is nothing else.
        if (by === 'runtime' && values.length < 2 && filter[by] === null) return null
        if (values.length === 0 && filter[by] === null) return null
        return (
          <FacetFilter
            key={by}
            name={name}
            facets={values}
            value={filter[by]}
            format={format}
            onChange={(value) => onChange({ [by]: value as (Runtime & Model & RunStatus) | null })}
          />
        )
      })}
      <DateFilter from={filter.from} to={filter.to} onChange={onChange} />
      {hasFilters(filter) && (
        <button
          type="button"
          className="link filters-clear"
          onClick={() => onChange({ workload, runtime, model, machine, status, tag, from, to })}
        >
          Clear all
        </button>
      )}
      {problem !== null && (
        <p className="hint">What there is to filter by is not known: {problem}</p>
      )}
      {children}
    </fieldset>
  )
}
