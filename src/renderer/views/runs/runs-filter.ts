import type { RunsQuery } from '../../../shared/contract.ts'
import { type RunOrder, runOrders } from '../../../shared/contract-words.ts'
import {
  type Model,
  models,
  type Runtime,
  runtimes,
} from '../../../shared/model/execution-model.ts'
import { type RunStatus, runStatuses } from '../../../shared/model/run.ts'

/** What the list of runs is asked for, as the user says it and as the address keeps it. */
export interface RunsFilter {
  readonly search: string
  readonly workload: string | null
  readonly runtime: Runtime | null
  readonly model: Model | null
  readonly machine: string | null
  readonly status: RunStatus | null
  readonly tag: string | null
  /** The first day and the last, as `2026-01-31`, in the reader's own time zone. */
  readonly from: string | null
  readonly to: string | null
  readonly order: RunOrder
  readonly descending: boolean
  /** From 0. */
  readonly page: number
}

export const everyRun: RunsFilter = {
  search: '',
  workload: null,
  runtime: null,
  model: null,
  machine: null,
  status: null,
  tag: null,
  from: null,
  to: null,
  order: 'started_at',
  descending: true,
  page: 0,
}

export const runsPerPage = 100

/** What filters by one of the values that runs have. */
export const facetFilters = ['workload', 'runtime', 'model', 'machine', 'status', 'tag'] as const
export type FacetFilter = (typeof facetFilters)[number]

/** Whether anything is left out, by a filter or by words. */
export function leavesOut(filter: RunsFilter): boolean {
  return filter.search.trim() !== '' || hasFilters(filter)
}

export function hasFilters(filter: RunsFilter): boolean {
  return [...facetFilters, 'from' as const, 'to' as const].some((name) => filter[name] !== null)
}

/** What is asked of the lab. */
export function queryOf({ page, from, to, search, order, descending, ...facets }: RunsFilter) {
  const chosen = Object.entries(facets).filter(([, value]) => value !== null)
  return {
    ...(Object.fromEntries(chosen) as Partial<RunsQuery>),
    search: search.slice(0, 200),
    ...(from === null ? {} : { from: startOfDay(from, 0) }),
    ...(to === null ? {} : { before: startOfDay(to, 1) }),
    order,
    descending,
    offset: page * runsPerPage,
    limit: runsPerPage,
  }
}

function startOfDay(day: string, daysLater: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const start = new Date(year, month - 1, date + daysLater)
  // The years before 100 are taken for those of the last century.
  start.setFullYear(year, month - 1, date + daysLater)
  return start.toISOString()
}

/** The address of the list as it is filtered, after the `#`. */
export function addressOf(filter: RunsFilter): string {
  const kept = new URLSearchParams()
  if (filter.search !== '') kept.set('search', filter.search)
  for (const name of [...facetFilters, 'from' as const, 'to' as const]) {
    const value = filter[name]
    if (value !== null) kept.set(name, value)
  }
  if (filter.order !== everyRun.order) kept.set('order', filter.order)
  if (!filter.descending) kept.set('ascending', '1')
  if (filter.page > 0) kept.set('page', String(filter.page + 1))
  return kept.size === 0 ? '#/runs' : `#/runs?${kept}`
}

/** What an address says; what it says wrongly is as if it were not there. */
export function filterAt(hash: string): RunsFilter {
  const at = hash.indexOf('?')
  const kept = new URLSearchParams(at < 0 ? '' : hash.slice(at + 1))
  const word = (name: string) => kept.get(name) || null
  const page = kept.get('page') ?? ''
  return {
    search: kept.get('search') ?? '',
    workload: word('workload'),
    runtime: oneOf(runtimes, kept.get('runtime')),
    model: oneOf(models, kept.get('model')),
    machine: word('machine'),
    status: oneOf(runStatuses, kept.get('status')),
    tag: word('tag'),
    from: dayIn(kept.get('from')),
    to: dayIn(kept.get('to')),
    order: oneOf(runOrders, kept.get('order')) ?? everyRun.order,
    descending: kept.get('ascending') === null,
    page: /^[1-9]\d{0,6}$/.test(page) ? Number(page) - 1 : 0,
  }
}

function oneOf<Value extends string>(values: readonly Value[], text: string | null): Value | null {
  return values.find((value) => value === text) ?? null
}

function dayIn(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d\d-\d\d$/.test(text)) return null
  return Number.isNaN(Date.parse(text)) ? null : text
}
